/** Random shapes, values that fit them and bodies that nearly do, for tests. The dice decide everything. */
import type { Dice } from '../../../host/host.ts';
import {
  type Member,
  type Shape,
  type StructureShape,
  blob,
  boolean,
  double,
  integer,
  list,
  long,
  map,
  optional,
  string,
  structure,
  timestamp,
} from '../shape.ts';

const NAMES = [
  'StreamName',
  'Records',
  'Data',
  'PartitionKey',
  'Tags',
  'Limit',
  'Ünicode',
  'A',
  'ALonger_Name.With-Signs',
];

export function randomStructure(dice: Dice, depth: number): StructureShape {
  const members: Record<string, Member> = {};
  const count = dice.integer(NAMES.length);
  for (let index = 0; index < count; index += 1) {
    members[NAMES[dice.integer(NAMES.length)]!] = optional(randomShape(dice, depth));
  }
  return structure('Random', members);
}

function randomShape(dice: Dice, depth: number): Shape {
  switch (dice.integer(depth > 0 ? 11 : 7)) {
    case 0:
      return string();
    case 1:
      return blob();
    case 2:
      return integer();
    case 3:
      return long();
    case 4:
      return double();
    case 5:
      return boolean();
    case 6:
      return timestamp();
    case 7:
      return map(string(), randomShape(dice, depth - 1));
    case 8:
      return list(randomShape(dice, depth - 1));
    default:
      return randomStructure(dice, depth - 1);
  }
}

export function randomValue(dice: Dice, shape: Shape): unknown {
  switch (shape.kind) {
    case 'string':
      return randomText(dice);
    case 'blob':
      return Buffer.from(dice.bytes(dice.integer(10) === 0 ? 200 + dice.integer(300) : dice.integer(12)));
    case 'integer':
      return dice.integer(2) === 0 ? dice.integer(300) - 150 : dice.integer(2 ** 32) - 2 ** 31;
    case 'long':
      return dice.integer(2 ** 40) * 4096 - 2 ** 51;
    case 'double':
      return (dice.integer(2 ** 32) + 1) / 2 ** dice.integer(40);
    case 'boolean':
      return dice.integer(2) === 0;
    case 'timestamp':
      return dice.integer(3) === 0 ? dice.integer(100_000) : 1_700_000_000_000 + dice.integer(2 ** 32);
    case 'list':
      return Array.from({ length: dice.integer(5) }, () => randomValue(dice, shape.member));
    case 'map':
      return new Map(
        Array.from({ length: dice.integer(4) }, () => [
          `k${randomText(dice)}`,
          randomValue(dice, shape.value),
        ]),
      );
    case 'structure': {
      const value: Record<string, unknown> = {};
      for (const [name, member] of Object.entries(shape.members)) {
        if (dice.integer(5) > 0) value[name] = randomValue(dice, member.shape);
      }
      return value;
    }
    default:
      throw new TypeError(`no random ${shape.kind}`);
  }
}

const LETTERS = [
  'a',
  'Z',
  '0',
  ' ',
  '"',
  '\\',
  '/',
  '\n',
  '\t',
  '\u0001',
  '\u007f',
  'é',
  '日',
  '\u2028',
  '😀',
];

function randomText(dice: Dice): string {
  const length = dice.integer(20) === 0 ? 300 : dice.integer(8);
  let text = '';
  const plain = dice.integer(2) === 0;
  for (let index = 0; index < length; index += 1) text += LETTERS[dice.integer(plain ? 3 : LETTERS.length)]!;
  return text;
}

/** How a protocol writes the two kinds that JSON lacks. */
export type PlainForm = {
  readonly blob: (value: Uint8Array) => unknown;
  readonly timestamp: (ms: number) => unknown;
};

/** A value as plain objects, lists and strings: what a common encoder takes. */
export function plainOf(shape: Shape, value: unknown, form: PlainForm): unknown {
  switch (shape.kind) {
    case 'blob':
      return form.blob(value as Uint8Array);
    case 'timestamp':
      return form.timestamp(value as number);
    case 'list':
      return (value as unknown[]).map((element) => plainOf(shape.member, element, form));
    case 'map':
      return Object.fromEntries(
        [...(value as Map<string, unknown>)].map(([key, entry]) => [key, plainOf(shape.value, entry, form)]),
      );
    case 'structure': {
      const plain: Record<string, unknown> = {};
      for (const [name, member] of Object.entries(shape.members)) {
        const held = (value as Record<string, unknown>)[name];
        if (held !== undefined) plain[name] = plainOf(member.shape, held, form);
      }
      return plain;
    }
    default:
      return value;
  }
}

const UNKNOWN = [
  null,
  true,
  12.5e-3,
  'text "quoted" \\ é',
  [],
  {},
  [1, [2, { x: null }]],
  { Data: 'no', y: [false] },
];

/** Puts nulls and members that no shape has among those of an object, here and there, and values of wrong kinds rarely. */
export function disturb(dice: Dice, plain: unknown): unknown {
  if (dice.integer(60) === 0) return UNKNOWN[dice.integer(UNKNOWN.length)];
  if (Array.isArray(plain)) return plain.map((element) => disturb(dice, element));
  if (typeof plain !== 'object' || plain === null || Object.getPrototypeOf(plain) !== Object.prototype)
    return plain;
  const disturbed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(plain)) {
    if (dice.integer(8) === 0) disturbed[`x${dice.integer(1000)}`] = UNKNOWN[dice.integer(UNKNOWN.length)];
    disturbed[name] = dice.integer(12) === 0 ? null : disturb(dice, value);
  }
  return disturbed;
}

const SIGNS = Buffer.from('"\\{}[]:,.-+0123456789eEtfnu =/\n\0\x80\xff\xe9A', 'latin1');

/** Changes, drops, adds or cuts off some bytes. */
export function mutate(dice: Dice, body: Uint8Array): Buffer {
  let bytes: Buffer = Buffer.from(body);
  for (let change = dice.integer(3); change >= 0; change -= 1) {
    const at = dice.integer(bytes.length + 1);
    const byte = dice.integer(2) === 0 ? SIGNS[dice.integer(SIGNS.length)]! : dice.integer(256);
    switch (dice.integer(8)) {
      case 0:
        bytes = bytes.subarray(0, at);
        break;
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at)]);
        break;
      default:
        if (at < bytes.length) bytes[at] = byte;
    }
  }
  return bytes;
}
