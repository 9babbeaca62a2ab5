/** Lists in columns against the plain way, which knows every rule: the same values, the same refusals, the same bytes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from 'cborg';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { Arenas } from '../../base/arena.ts';
import { compileCborDecoder } from './cbor-decoder.ts';
import { compileCborEncoder } from './cbor-encoder.ts';
import { compileJsonDecoder, type Decode } from './json-decoder.ts';
import { compileJsonEncoder, type Encode } from './json-encoder.ts';
import { type Column, Packed, unpack } from './packed.ts';
import { ServiceError } from './service-error.ts';
import { blob, optional, packedList, required, string, structure, timestamp } from './shape.ts';
import { compileValidator } from './validator.ts';

const Entry = structure('Entry', {
  Data: required(blob({ max: 2000 })),
  ExplicitHashKey: optional(string({ pattern: '0|([1-9]\\d{0,38})' })),
  PartitionKey: optional(string({ min: 1, max: 256 })),
  Note: optional(string({ min: 2 })),
});
const Input = structure('Input', {
  StreamName: optional(string()),
  Records: required(packedList(Entry, { min: 1, max: 20 })),
});
const validate = compileValidator(Input, 'com.amazonaws.test');

const dice = createSimulatedDice(7);
const pick = <T>(values: readonly T[]): T => values[dice.integer(values.length)]!;
const bytes = (): Uint8Array =>
  dice.bytes(pick([0, 1, 2, 3, 4, 5, 100, 101, 102, 285, 286, 287, 288, 289, 290, 600, 1999, 2001]));
const KEYS = [
  'k',
  '',
  'a b',
  'é',
  '日本語',
  '😀',
  'x'.repeat(256),
  '€'.repeat(256),
  'y'.repeat(257),
  'q"uote\\',
];

function record(): Record<string, unknown> {
  const entry: [string, unknown][] = [
    ['PartitionKey', pick(KEYS.slice(0, dice.integer(3) === 0 ? undefined : 1))],
  ];
  if (dice.integer(20) > 0) entry.push(['Data', bytes()]);
  if (dice.integer(6) === 0) entry.push(['ExplicitHashKey', pick(['0', '17', 'x', ''])]);
  if (dice.integer(30) === 0) entry.push(['Note', pick(['n', 'nn', null, 3, {}, ['x']])]);
  if (dice.integer(30) === 0) entry.push(['Unknown', pick([1, 'x', { a: [] }])]);
  if (dice.integer(2) === 0) entry.reverse();
  return Object.fromEntries(entry);
}

const input = (): Record<string, unknown> => ({
  StreamName: 's',
  Records: Array.from({ length: pick([0, 1, 2, 5, 19, 20, 21]) }, record),
});

/** With white space, escapes and now and then a fault. */
function asJson(value: unknown): Buffer {
  const text = JSON.stringify(
    value,
    function blobAsText(this: Record<string, unknown>, name: string, held: unknown): unknown {
      const given = this[name];
      return given instanceof Uint8Array ? Buffer.from(given).toString('base64') : held;
    },
    pick([undefined, undefined, ' ', '\t']),
  );
  const damaged = Buffer.from(dice.integer(20) === 0 ? text.replaceAll('/', '\\/') : text);
  if (dice.integer(4) === 0) {
    const at = dice.integer(damaged.length);
    damaged[at] = pick([...Buffer.from('"\\=,:{}[]-_nA '), 0xff, dice.integer(256)]);
  }
  return dice.integer(20) === 0 ? damaged.subarray(0, dice.integer(damaged.length)) : damaged;
}

function asCbor(value: unknown): Buffer {
  const { StreamName, Records } = value as { StreamName: string; Records: readonly unknown[] };
  const names = [encode('StreamName'), encode(StreamName), encode('Records')];
  const open = pick([0, 0, 1, 10]);
  const records = Records.map((each) => {
    const entry = encode(each);
    // Some clients leave maps open, and end them with a break.
    return dice.integer(10) < open
      ? Buffer.concat([Buffer.of(0xbf), entry.subarray(1), Buffer.of(0xff)])
      : entry;
  });
  const whole = Buffer.concat([Buffer.of(0xa2), ...names, Buffer.of(0x80 | records.length), ...records]);
  if (dice.integer(4) === 0) whole[dice.integer(whole.length)] = dice.integer(256);
  return dice.integer(20) === 0 ? whole.subarray(0, dice.integer(whole.length)) : whole;
}

type Outcome = { readonly value?: unknown; readonly error?: string };

function outcomeOf(decode: () => unknown): Outcome {
  try {
    const value = decode() as Record<string, unknown>;
    let refused: string | undefined;
    try {
      validate(value);
    } catch (error) {
      refused = (error as Error).message;
    }
    const list = value['Records'];
    const plain = list instanceof Packed || Array.isArray(list) ? unpack(list as Packed<unknown>) : list;
    return { value: { ...value, Records: plain, refused } };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { error: `${error.code}: ${error.message}` };
  }
}

const CODECS: Record<string, { write: (value: unknown) => Buffer; plain: Decode; packed: Decode }> = {
  JSON: { write: asJson, plain: compileJsonDecoder(Input), packed: compileJsonDecoder(Input, true) },
  CBOR: { write: asCbor, plain: compileCborDecoder(Input), packed: compileCborDecoder(Input, true) },
};

for (const [name, { write, plain, packed }] of Object.entries(CODECS)) {
  test(`${name} is read into columns as it is read into objects`, () => {
    const arenas = new Arenas(2 ** 20);
    let columns = 0;
    for (let round = 0; round < 4000; round++) {
      const body = write(input());
      const arena = arenas.take();
      const actual = outcomeOf(() => {
        const value = packed(body, arena) as Record<string, unknown>;
        if (value['Records'] instanceof Packed) columns++;
        return value;
      });
      assert.deepEqual(
        actual,
        outcomeOf(() => plain(body)),
        body.toString('latin1'),
      );
      arenas.give(arena);
    }
    // Else nothing was compared.
    assert.ok(columns > 1000, `only ${columns} lists in columns`);
  });
}

const Output = structure('Output', {
  Records: required(
    packedList(
      structure('Record', {
        SequenceNumber: optional(string()),
        At: optional(timestamp()),
        Data: optional(blob()),
        PartitionKey: optional(string()),
      }),
    ),
  ),
});

function randomColumns(length: number, likes: Int32Array | undefined): Record<string, Column> {
  const absent = (): boolean => dice.integer(10) === 0;
  /** Values each in bytes of its own, or several in the same, to the last of them. */
  const column = (kind: 'text' | 'blob', values: readonly Uint8Array[]): Column => {
    const shared = Math.max(1, pick([1, 3, length]));
    const sources: Uint8Array[] = [];
    const starts = new Int32Array(length);
    const ends = new Int32Array(length);
    for (let first = 0; first < length; first += shared) {
      const together = values.slice(first, first + shared);
      const source = Buffer.concat(together);
      let at = 0;
      together.forEach((value, index) => {
        sources.push(dice.integer(2) === 0 ? source : new Uint8Array(source));
        starts[first + index] = absent() ? -1 : at;
        at += value.length;
        ends[first + index] = at;
      });
    }
    return { kind, sources: shared === length ? sources.slice(0, 1) : sources, starts, ends };
  };
  const texts = Array.from({ length }, () => Buffer.from(pick([...KEYS, ...LETTERS])));
  return {
    SequenceNumber: digitsColumn(length, likes),
    ...(likes === undefined ? { At: timesColumn(length) } : {}),
    Data: column(
      'blob',
      Array.from({ length }, () => bytes()),
    ),
    PartitionKey: column('text', texts),
  };
}

function timesColumn(length: number): Column {
  const times = [1.7e12, 1.7e12 + 10, 1_700_000_123_456, 1_700_000_123_457, 1_700_000_126_976, 0];
  let time = pick(times);
  return {
    kind: 'numbers',
    values: Float64Array.from({ length }, () => {
      if (dice.integer(4) === 0) time = pick(times);
      return dice.integer(10) === 0 ? Number.NaN : time;
    }),
  };
}

/** Of each element an earlier one, or none. */
function randomLikes(length: number): Int32Array {
  return Int32Array.from({ length }, (_, index) =>
    dice.integer(3) === 0 ? -1 : dice.integer(index + 1) - 1,
  );
}

/** Each letter that JSON may have to escape, among others at every place of a group of four. */
const LETTERS = Array.from(
  { length: 132 },
  (_, code) => `${'abcdef'.slice(code % 7)}${String.fromCharCode(code)}a`,
);

function digitsColumn(length: number, likes: Int32Array | undefined): Column {
  const digits = Buffer.from(Array.from({ length: length * 10 }, () => 0x30 + dice.integer(10)));
  const column: Column = {
    ...{ kind: 'written', bytes: 10 },
    write: (target, at, index) => {
      for (let digit = 0; digit < 10; digit++) target.setUint8(at + digit, digits[index * 10 + digit]!);
    },
  };
  if (dice.integer(2) === 0) return column;
  const writeNext: typeof column.write = (target, at, index) => {
    const like = likes === undefined || likes[index] === -1 ? index - 1 : likes[index]!;
    for (let digit = 0; digit < 10; digit++) {
      assert.equal(target.getUint8(at + digit), digits[like * 10 + digit]);
    }
    column.write(target, at, index);
  };
  return { ...column, writeNext };
}

const ENCODERS: Record<string, Encode> = {
  JSON: compileJsonEncoder(Output),
  CBOR: compileCborEncoder(Output),
};

for (const [name, write] of Object.entries(ENCODERS)) {
  test(`columns are written in ${name} as objects are`, () => {
    const arenas = new Arenas(2 ** 20);
    for (let round = 0; round < 1500; round++) {
      // Now and then more rows than are written in one band.
      const length = round % 150 === 0 ? 600 : pick([0, 1, 3, 20]);
      const likes = dice.integer(3) === 0 ? randomLikes(length) : undefined;
      const columns = Object.entries(randomColumns(length, likes)).filter(() => dice.integer(8) > 0);
      const Records = new Packed<unknown>(length, Object.fromEntries(columns), undefined, likes);
      const arena = arenas.take();
      assert.deepEqual(write({ Records }, arena), write({ Records: unpack(Records) }));
      arenas.give(arena);
    }
  });
}
