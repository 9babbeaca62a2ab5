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
  dice.bytes(pick([0, 1, 2, 3, 4, 5, 100, 101, 102, 191, 192, 193, 600, 1999, 2001]));
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
  const whole = Buffer.from(encode(value));
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

function randomColumns(length: number): Record<string, Column> {
  const texts = Array.from({ length }, () => Buffer.from(pick([...KEYS, '\u0001', '\u007f'])));
  const blobs = Array.from({ length }, () => bytes());
  const absent = (): boolean => dice.integer(10) === 0;
  const column = (kind: 'text' | 'blob', sources: readonly Uint8Array[]): Column => ({
    kind,
    sources,
    starts: Int32Array.from(sources, () => (absent() ? -1 : 0)),
    ends: Int32Array.from(sources, (source) => source.length),
  });
  const digits = Buffer.from('0123456789'.repeat(length));
  return {
    SequenceNumber: {
      ...{ kind: 'written', bytes: 10 },
      write: (target, at, index) => {
        for (let digit = 0; digit < 10; digit++) target.setUint8(at + digit, digits[index * 10 + digit]!);
      },
    },
    At: {
      kind: 'numbers',
      values: Float64Array.from({ length }, () => (absent() ? Number.NaN : 1.7e12 + dice.integer(3) * 10)),
    },
    Data: column('blob', blobs),
    PartitionKey: column('text', texts),
  };
}

const ENCODERS: Record<string, Encode> = {
  JSON: compileJsonEncoder(Output),
  CBOR: compileCborEncoder(Output),
};

for (const [name, write] of Object.entries(ENCODERS)) {
  test(`columns are written in ${name} as objects are`, () => {
    for (let round = 0; round < 300; round++) {
      const length = pick([0, 1, 3, 20]);
      const Records = new Packed<unknown>(length, randomColumns(length));
      assert.deepEqual(write({ Records }), write({ Records: unpack(Records) }));
    }
  });
}
