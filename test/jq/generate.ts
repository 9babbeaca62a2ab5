/** Random programs and inputs, the same for the same seed. Most programs fit most inputs, so that more than errors is compared. */
export type Random = (below: number) => number;

/** A small generator of numbers (mulberry32); what it gives for a seed never changes. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const NAMES = ['a', 'b', 'c', 'key', 'value', 'name'];
const STRINGS = [
  '',
  'a',
  'b',
  'abc',
  'a,b',
  'x y',
  'été',
  '😀',
  '12',
  '-3.5',
  '2015-03-05T23:51:47Z',
  '<&>',
  'aXbX',
  '{"a":1}',
];
const NUMBERS = [
  '0',
  '1',
  '2',
  '-1',
  '3.5',
  '10',
  '100',
  '1e3',
  '0.1',
  '1565382027',
  '12345678901234567890',
  '1e-7',
];

export function randomInput(random: Random, depth = 3): string {
  switch (random(depth > 0 ? 9 : 5)) {
    case 0:
      return pick(random, ['null', 'true', 'false']);
    case 1:
    case 2:
      return pick(random, NUMBERS);
    case 3:
    case 4:
      return JSON.stringify(pick(random, STRINGS));
    case 5:
    case 6:
      return `[${times(random, 4, () => randomInput(random, depth - 1)).join(',')}]`;
    default:
      return `{${times(random, 4, () => `${JSON.stringify(pick(random, [...NAMES, '1', '0']))}:${randomInput(random, depth - 1)}`).join(',')}}`;
  }
}

const FILTERS =
  '. .[] .[]? .[0] .[-1] .[1:] .[:2] .a .b .a? .c.a? .. length keys type not add any all sort unique reverse min max tojson tostring tonumber? ascii_downcase explode to_entries paths leaf_paths floor -. first last flatten group_by(.) unique_by(length?) tostream keys_unsorted todate? @text @json @html @uri @csv? @sh? @base64 values nulls scalars numbers strings empty recurse utf8bytelength? fromjson? transpose? isnan? round? sqrt? min_by(.a?) $__loc__ error from_entries? implode? gmtime? ascii_upcase trunc? significand? @tsv? combinations? iterables arrays objects booleans tojson|fromjson'.split(
    ' ',
  );
const UNARY = [
  'map(F)',
  '[F]',
  'select(F)',
  'try F catch .',
  'path(F)',
  'first(F)',
  '[limit(2; F)]',
  'del(F)',
  'map_values(F)',
  'sort_by(F)',
  'group_by(F)',
  'any(F)',
  'all(F)',
  '(F)?',
  'F | tojson',
  'with_entries(.value |= F)',
  '[paths(F)]',
  'isempty(F)',
  'max_by(F)',
  'unique_by(F)',
  'last(F)',
  'walk(F)',
  '[.[]? | F]',
  '[recurse(.[]?; F)]',
  '{a: F}',
  '{(F | tostring): 1}',
  '"x\\(F)y"',
  '@html "\\(F)"',
  'reduce F as $x (null; . + ($x | length?))',
  '[foreach F as $x (0; . + 1; [$x, .])]',
  'F as $x | [$x, .]',
  'F as [$p, $q] | {$p, $q}',
  'F as {a: $p} ?// [$p] | $p',
  'def f: F; [f, f]',
  'def f(g): [g, (. | g)]; f(F)',
  'label $l | F, break $l',
  '.. |= (F // .)?',
  '(F) |= tojson',
  '(F) = 1',
  '(F) += 1',
  'try error(F) catch [.]',
  'getpath([F])?',
  'has(F)?',
  'contains(F)?',
  'inside(F)?',
  'index(F)?',
  'indices(F)?',
  'split(F)?',
  'join(F)?',
  'ltrimstr(F)',
  'startswith(F)?',
  'test("a|b.")? | F',
  '[scan("[a-z]")?] | F',
  'sub("[aeiou]"; F)?',
  'gsub("(?<v>[ax])"; F | tostring)?',
  'flatten(F)?',
  'setpath(["a"]; F)?',
  'tojson | F',
  '[range(3) | F]',
  'nth(1; F)',
  'until(true; F)',
  '[while(false; F)]',
  'strftime("%Y-%m-%d")? // F',
  'splits("[, ]")? | F',
  '[match("."; "g")?] | F',

  'delpaths([paths | select(F)])',
  'to_entries? | F',
];
const BINARY = [
  'F | G',
  'F, G',
  'F + G',
  'F - G',
  'F * G',
  'F / G',
  'F % G',
  'F == G',
  'F < G',
  'F >= G',
  'F != G',
  'F and G',
  'F or G',
  'F // G',
  'if F then G else . end',
  '[F, G]',
  '{a: F, b: G}',
  '.[F:G]?',
  'F = G',
  'F |= G',
  'F += G',
  'F //= G',
  'F -= G',
  'reduce F as $x (.; G)',
  '[foreach F as $x (.; G)]',
  'try F catch G',
  'def f: F; def g: G; f | g',
  '[range(F; G)]?',
  'setpath([F]; G)?',
  'any(F; G)',
  'INDEX(F; G)?',
  'IN(F; G)',
  '[F | G]',
  'first(F, G)',
  '[limit(3; F, G)]',
  '[F] - [G]',
  '[splits(F; G)?]',
  'pow(F; G)?',
  'path(F | G)',
  'path(F, G)',
  '[F] | contains([G])',
  'F as $x | G as $y | [$x, $y]',
  'ltrimstr(F) | rtrimstr(G)',
  '[paths(F) | G]',
  'recurse(F; G)?',
];

/** A program of `depth` levels at most. */
export function randomProgram(random: Random, depth = 3): string {
  const inner = (): string => `(${randomProgram(random, depth - 1)})`;
  switch (depth === 0 ? random(2) : random(8)) {
    case 0:
      return pick(random, FILTERS);
    case 1:
      return random(3) > 0
        ? pick(random, FILTERS)
        : pick(random, [
            ...NUMBERS.slice(0, 6),
            '"a"',
            '"key"',
            'null',
            'true',
            '[]',
            '{}',
            '[1, 2]',
            '{a: 1}',
          ]);
    case 2:
    case 3:
    case 4:
      return pick(random, UNARY).replaceAll('F', inner);
    default:
      return pick(random, BINARY).replaceAll('F', inner).replaceAll('G', inner);
  }
}

function pick<T>(random: Random, all: readonly T[]): T {
  return all[random(all.length)]!;
}

function times<T>(random: Random, below: number, make: () => T): T[] {
  return Array.from({ length: random(below) }, make);
}
