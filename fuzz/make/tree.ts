/**
 * Bodies made from the shapes of the operations: mostly what a client would send, with members left out, repeated, unknown, of a
 * wrong type, or at and beyond the bounds of their constraints. A tree knows no protocol; `as-json.ts` and `as-cbor.ts` write it.
 */
import type { Dice } from '../../src/host/host.ts';
import type { NumberShape, Shape, StringShape, StructureShape } from '../../src/wire/shape/shape.ts';
import { once, pick } from '../mutate.ts';

export type Tree = null | boolean | number | string | Uint8Array | readonly Tree[] | Entries;
/** Entries of an object or map, in order; keys may repeat. */
export class Entries {
  readonly list: readonly (readonly [string, Tree])[];
  constructor(list: readonly (readonly [string, Tree])[]) {
    this.list = list;
  }
}

/** Values worth trying, by the name of the member they are for. */
export type Dictionary = Readonly<Record<string, readonly (string | number)[]>>;

const ODD_NAMES = [
  'x',
  '',
  '__proto__',
  'constructor',
  'toString',
  'streamName',
  'é',
  '\u0000',
  'a'.repeat(300),
];
const ODD_TEXTS = [
  '',
  ' ',
  'a',
  '\u0000',
  '0',
  '-1',
  'null',
  'é',
  '日本',
  '😀',
  '\ud800',
  '"\\/',
  '\u2028',
  '../..',
  '%00',
];
const NUMBERS = [
  0,
  1,
  -1,
  2,
  7,
  24,
  100,
  256,
  1000,
  10000,
  10001,
  65536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  1e18,
  2 ** 63,
  1e308,
  0.5,
  -0.1,
  1e-7,
  5e-324,
  -0,
];

type Making = {
  readonly dice: Dice;
  readonly dictionary: Dictionary;
  /** Nothing odd: what a client means to send, so that much of it reaches the operation. */
  readonly careful: boolean;
};

export function inputTree(dice: Dice, shape: StructureShape, dictionary: Dictionary): Tree {
  if (once(dice, 200)) return oddTree(dice, 3);
  return treeOf({ dice, dictionary, careful: once(dice, 2) }, shape, '');
}

function treeOf(making: Making, shape: Shape, name: string): Tree {
  const { dice, careful } = making;
  const odd = (times: number): boolean => !careful && once(dice, times);
  if (odd(60)) return oddTree(dice, 2);
  switch (shape.kind) {
    case 'string':
      return textOf(making, shape, name);
    case 'blob':
      if (odd(20)) return pick(dice, ODD_TEXTS);
      return dice.bytes(once(dice, 30) ? dice.integer(3000) : dice.integer(20));
    case 'integer':
    case 'long':
    case 'double':
      return numberOf(making, shape, name);
    case 'boolean':
      return odd(8) ? pick(dice, ['true', 'no', 'YES', '2', '']) : once(dice, 2);
    case 'timestamp':
      return careful
        ? 1_795_521_600 + dice.integer(100)
        : pick(dice, [...NUMBERS, 1_795_521_600_000, -1e15, 1e300]);
    case 'list': {
      const length = odd(100) ? 500 + dice.integer(3) : dice.integer(4) + (careful ? 1 : 0);
      return Array.from({ length }, () => treeOf(making, shape.member, name));
    }
    case 'map': {
      const length = odd(50) ? 49 + dice.integer(4) : dice.integer(4);
      return new Entries(
        Array.from({ length }, () => [
          odd(10) ? pick(dice, ODD_NAMES) : `key${dice.integer(60)}`,
          treeOf(making, shape.value, name),
        ]),
      );
    }
    case 'structure': {
      const entries: [string, Tree][] = [];
      for (const [member, { shape: memberShape, required }] of Object.entries(shape.members)) {
        if (careful ? !required && !once(dice, 3) && !MEANT.has(member) : once(dice, required ? 25 : 2))
          continue;
        entries.push([member, treeOf(making, memberShape, member)]);
        if (odd(60)) entries.push([member, treeOf(making, memberShape, member)]);
      }
      if (odd(12))
        entries.splice(dice.integer(entries.length + 1), 0, [pick(dice, ODD_NAMES), oddTree(dice, 3)]);
      if (odd(12)) entries.reverse();
      return new Entries(entries);
    }
    default:
      return null;
  }
}

/** Optional by the model, but without them most operations refuse. */
const MEANT = new Set([
  'StreamName',
  'ShardCount',
  'ConsumerName',
  'BufferingHints',
  'SizeInMBs',
  'IntervalInSeconds',
]);

function numberOf({ dice, dictionary, careful }: Making, shape: NumberShape, name: string): number {
  const known = dictionary[name];
  if (known !== undefined && (careful || !once(dice, 3))) return pick(dice, known) as number;
  if (careful)
    return (shape.min ?? 0) + dice.integer(Math.min(100, (shape.max ?? 100) - (shape.min ?? 0)) + 1);
  if (once(dice, 3)) return (shape.min ?? 0) + dice.integer(3) - 1;
  if (shape.max !== undefined && once(dice, 4)) return shape.max + dice.integer(3) - 1;
  return pick(dice, NUMBERS);
}

function textOf({ dice, dictionary, careful }: Making, shape: StringShape, name: string): string {
  const known = dictionary[name];
  if (known !== undefined && (careful || !once(dice, 8)))
    return String(pick(dice, careful ? known.slice(0, 2) : known));
  if (shape.values !== undefined && (careful || !once(dice, 12))) return pick(dice, shape.values);
  if (careful) return `text${dice.integer(50)}`;
  if (shape.max !== undefined && once(dice, 12))
    return 'a'.repeat(Math.min(shape.max + dice.integer(3) - 1, 3000));
  if (once(dice, 40)) return 'a'.repeat(dice.integer(5000));
  return once(dice, 3) ? pick(dice, ODD_TEXTS) : `text${dice.integer(50)}`;
}

/** Anything at all. */
export function oddTree(dice: Dice, depth: number): Tree {
  switch (dice.integer(depth > 0 ? 9 : 6)) {
    case 0:
      return null;
    case 1:
      return once(dice, 2);
    case 2:
      return pick(dice, NUMBERS);
    case 3:
    case 4:
      return pick(dice, ODD_TEXTS);
    case 5:
      return dice.bytes(dice.integer(6));
    case 6:
      return deep(dice, once(dice, 6) ? 60 + dice.integer(10) : dice.integer(4));
    case 7:
      return Array.from({ length: dice.integer(5) }, () => oddTree(dice, depth - 1));
    default:
      return new Entries(
        Array.from({ length: dice.integer(5) }, () => [pick(dice, ODD_NAMES), oddTree(dice, depth - 1)]),
      );
  }
}

function deep(dice: Dice, levels: number): Tree {
  let tree: Tree = null;
  for (let level = 0; level < levels; level++) tree = once(dice, 2) ? [tree] : new Entries([['d', tree]]);
  return tree;
}
