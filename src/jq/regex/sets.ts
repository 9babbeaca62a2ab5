/** Sets of characters: what `\d`, `[a-z]`, `[[:alpha:]]` and `\p{…}` stand for. */
export type CharacterSet = (point: number) => boolean;

function property(source: string): CharacterSet {
  const pattern = new RegExp(source, 'u');
  return (point) => pattern.test(String.fromCodePoint(point));
}

function ascii(fast: (point: number) => boolean, others: string): CharacterSet {
  const rest = property(others);
  return (point) => (point < 128 ? fast(point) : rest(point));
}

const isDigit = (point: number): boolean => point >= 48 && point <= 57;
const isLetter = (point: number): boolean => (point | 32) >= 97 && (point | 32) <= 122;

export const DIGIT = ascii(isDigit, '\\p{Nd}');
export const WORD = ascii(
  (point) => isDigit(point) || isLetter(point) || point === 95,
  '[\\p{L}\\p{M}\\p{N}\\p{Pc}]',
);
export const SPACE = ascii((point) => point === 32 || (point >= 9 && point <= 13), '[\\p{Z}\\x85]');

const NAMED: Readonly<Record<string, CharacterSet>> = {
  alnum: property('[\\p{Alphabetic}\\p{Nd}\\p{M}]'),
  alpha: property('[\\p{Alphabetic}\\p{M}]'),
  ascii: (point) => point < 128,
  blank: property('[\\p{Zs}\\t]'),
  cntrl: property('[\\p{Cc}\\p{Cf}\\p{Cn}\\p{Co}\\p{Cs}]'),
  digit: DIGIT,
  graph: property('[^\\p{Z}\\p{Cc}\\p{Cn}\\p{Cs}]'),
  lower: property('\\p{Lowercase}'),
  print: property('[^\\p{Cc}\\p{Cn}\\p{Cs}]'),
  punct: property('[\\p{P}$+<=>^`|~]'),
  space: SPACE,
  upper: property('\\p{Uppercase}'),
  word: WORD,
  xdigit: (point) => isDigit(point) || ((point | 32) >= 97 && (point | 32) <= 102),
};

/** A class by its POSIX name, or undefined. */
export function posixSet(name: string): CharacterSet | undefined {
  return Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
}

/** A class by the name in `\p{…}`: those of POSIX, a general category or a script. */
export function propertySet(name: string): CharacterSet | undefined {
  const posix = posixSet(name.toLowerCase());
  if (posix !== undefined) return posix;
  for (const source of [`\\p{${name}}`, `\\p{Script=${name}}`]) {
    try {
      return property(source);
    } catch {
      // Not the name of this kind of property.
    }
  }
  return undefined;
}

/** Two characters that differ only in case have the same fold. */
export function fold(point: number): number {
  if (point < 128) return point >= 65 && point <= 90 ? point + 32 : point;
  const lower = String.fromCodePoint(point).toLowerCase();
  const folded = lower.codePointAt(0)!;
  return String.fromCodePoint(folded).length === lower.length ? folded : point;
}
