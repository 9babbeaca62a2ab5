/** Clicks as JSON, of an exact length with their newline; what varies is about as much as in a real log. */
const TENANTS = 500;

export function clickOf(bytes: number): (index: number) => string {
  return (index) => {
    const mixed = Math.imul(index + 1, 2_654_435_761) >>> 0;
    const click = {
      tenant: `t${index % TENANTS}`,
      at: 1_795_521_600_000 + index * 37,
      user: `u${mixed.toString(36)}`,
      path: `/shop/${mixed % 900}/item`,
      ms: (mixed % 100_000) / 100,
      note: '',
    };
    const room = bytes - 1 - JSON.stringify(click).length;
    return JSON.stringify({ ...click, note: words(mixed, room) });
  };
}

const WORDS = [
  'cart',
  'view',
  'search',
  'checkout',
  'mobile',
  'desktop',
  'referral',
  'campaign',
  'autumn',
  'sale',
];

/** Words and numbers by a generator of its own, so that every run has the same records. */
function words(seed: number, length: number): string {
  let text = '';
  let state = seed;
  while (text.length < length) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += `${WORDS[state % WORDS.length]!}-${(state >>> 12).toString(36)} `;
  }
  return text.slice(0, length);
}
