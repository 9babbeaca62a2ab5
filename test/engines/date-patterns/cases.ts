/** Random date patterns, most of them well-formed, with instants and zones; from one seed. */
export type DateCase = { readonly timeMs: number; readonly zone: string; readonly pattern: string };

/** All letters but `z` and `v`, whose names differ between releases of Java. */
const LETTERS = [...'GuyYQqMLwWDdFgEecaBHkKhmsSAnNVOZXxp'];
const LITERALS = ['-', '/', ' ', '_', ':', '=', '.', ',', "''", "'T'", "'year='", "'it''s'", '[', ']', 'é'];
const WRONG = ['{', '}', '#', "'", 'b', 'C', 'I', 'J', 'P', 'R', 'T', 'U', 'f', 'i', 'j', 'l', 'o', 'r', 't'];
const ZONES = [
  'UTC',
  'Asia/Tokyo',
  'America/New_York',
  'Europe/London',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Pacific/Apia',
];
const FIRST_MS = Date.UTC(1973, 0, 1);
const LAST_MS = Date.UTC(2037, 11, 31);
const DAY_MS = 86_400_000;

export function randomCases(count: number, seed: number): DateCase[] {
  // mulberry32
  let state = seed;
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(random() * limit);
  const oneOf = <T>(items: readonly T[]): T => items[below(items.length)]!;

  const pattern = (): string => {
    let text = '';
    for (let parts = 1 + below(5); parts > 0; parts--) {
      const kind = below(100);
      if (kind < 70)
        text += oneOf(LETTERS).repeat(random() < 0.02 ? 6 + below(15) : 1 + below(random() < 0.3 ? 5 : 2));
      else if (kind < 98) text += oneOf(LITERALS);
      else text += oneOf(WRONG);
    }
    return text;
  };
  const time = (): number => {
    const at = FIRST_MS + below(LAST_MS - FIRST_MS);
    // Midnights, noons and the days around New Year are where mistakes hide.
    if (random() < 0.2) return at - (at % (DAY_MS / 2));
    if (random() < 0.2) return Date.UTC(1974 + below(60), 0, 1) + (below(11) - 5) * DAY_MS + below(DAY_MS);
    return at;
  };
  return Array.from({ length: count }, () => ({ timeMs: time(), zone: oneOf(ZONES), pattern: pattern() }));
}
