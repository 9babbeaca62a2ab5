/** Sets of characters, as sorted ranges that do not touch. A character is a UTF-16 unit (decision 0544), so a set is of numbers up to 65,535. */

export type CharSet = readonly (readonly [from: number, to: number])[];

const LAST = 0xffff;

export const NONE: CharSet = [];
export const ALL: CharSet = [[0, LAST]];

export const one = (code: number): CharSet => [[code, code]];

export const charsOf = (text: string): CharSet => union(...[...text].map((char) => one(char.charCodeAt(0))));

export const union = (...sets: readonly CharSet[]): CharSet => {
  const result: [number, number][] = [];
  for (const [from, to] of sets.flat().toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
};

export const complement = (set: CharSet): CharSet => {
  const result: [number, number][] = [];
  let next = 0;
  for (const [from, to] of set) {
    if (from > next) result.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= LAST) result.push([next, LAST]);
  return result;
};

export const intersection = (a: CharSet, b: CharSet): CharSet =>
  complement(union(complement(a), complement(b)));

export const isDisjoint = (a: CharSet, b: CharSet): boolean => {
  let j = 0;
  for (const [from, to] of a) {
    while (j < b.length && b[j]![1] < from) j++;
    if (j < b.length && b[j]![0] <= to) return false;
  }
  return true;
};

/** ASCII letters in both cases, which is what Java's `(?i)` does. */
export const withBothCases = (set: CharSet): CharSet => {
  const shifted = (low: number, by: number): CharSet =>
    intersection(set, [[low, low + 25]]).map(([from, to]) => [from + by, to + by] as const);
  return union(set, shifted(65, 32), shifted(97, -32));
};

/** A test that is fast for the characters of most texts. */
export const testOf = (set: CharSet): ((code: number) => boolean) => {
  const table = new Uint8Array(256);
  for (const [from, to] of set) table.fill(1, Math.min(from, 256), Math.min(to + 1, 256));
  const rest = set.filter(([, to]) => to > 255);
  return (code) => (code < 256 ? table[code] === 1 : rest.some(([from, to]) => code >= from && code <= to));
};

export const DIGITS: CharSet = [[48, 57]];
export const WORD: CharSet = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
/** [ \t\n\x0B\f\r] */
export const SPACES: CharSet = [
  [9, 13],
  [32, 32],
];
export const LINE_ENDS: CharSet = [
  [10, 10],
  [13, 13],
  [0x85, 0x85],
  [0x2028, 0x2029],
];
/** What `.` is without (?s). */
export const ANY_OF_LINE: CharSet = complement(LINE_ENDS);

const upper: CharSet = [[65, 90]];
const lower: CharSet = [[97, 122]];
const punctuation: CharSet = [
  [33, 47],
  [58, 64],
  [91, 96],
  [123, 126],
];

/** POSIX classes, of ASCII alone, as in Java. */
const POSIX: Readonly<Record<string, CharSet>> = {
  Lower: lower,
  Upper: upper,
  ASCII: [[0, 127]],
  Alpha: union(upper, lower),
  Digit: DIGITS,
  Alnum: union(upper, lower, DIGITS),
  Punct: punctuation,
  Graph: [[33, 126]],
  Print: [[32, 126]],
  Blank: charsOf(' \t'),
  Cntrl: [
    [0, 31],
    [127, 127],
  ],
  XDigit: [
    [48, 57],
    [65, 70],
    [97, 102],
  ],
  Space: SPACES,
};

/** `\p{name}`: POSIX, or a category or property of Unicode; undefined where there is none of that name. */
export const propertySet = (name: string): CharSet | undefined => {
  if (Object.hasOwn(POSIX, name)) return POSIX[name];
  const plain = name.replace(/^(?:Is|general_category=|gc=|java)/, '');
  if (!/^[A-Za-z_=]{1,40}$/.test(plain)) return undefined;
  for (const candidate of [plain, `Script=${plain}`]) {
    try {
      return setWhere(new RegExp(`^\\p{${candidate}}$`, 'u'));
    } catch {
      // No such property: the next way to read the name.
    }
  }
  return undefined;
};

const setWhere = (pattern: RegExp): CharSet => {
  const result: [number, number][] = [];
  for (let code = 0; code <= LAST; code++) {
    if (!pattern.test(String.fromCharCode(code))) continue;
    const last = result.at(-1);
    if (last !== undefined && last[1] === code - 1) last[1] = code;
    else result.push([code, code]);
  }
  return result;
};
