import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tape from './tape.ts';

const json = new tape.JsonTape();

/** The value back from the tape, by other means than the product's. */
function valueOf(entry: number): unknown {
  const text = json.bytes.toString('utf8', json.starts[entry], json.ends[entry]);
  switch (json.kinds[entry]) {
    case tape.OBJECT: {
      const object: Record<string, unknown> = {};
      for (let at = entry + 1; at < json.nexts[entry]!; at = json.nexts[at + 1]!) {
        Object.defineProperty(object, valueOf(at) as string, {
          value: valueOf(at + 1),
          enumerable: true,
          configurable: true,
          writable: true,
        });
      }
      return object;
    }
    case tape.ARRAY: {
      const array: unknown[] = [];
      for (let at = entry + 1; at < json.nexts[entry]!; at = json.nexts[at]!) array.push(valueOf(at));
      return array;
    }
    case tape.STRING:
      return text;
    case tape.ESCAPED_STRING:
      return JSON.parse(`"${text}"`);
    default:
      return JSON.parse(text);
  }
}

function read(text: string | Buffer): unknown {
  const bytes = Buffer.from(text);
  json.load(bytes);
  const end = json.skipSpace(json.read(0));
  if (end !== bytes.length) throw new Error('more follows');
  return valueOf(0);
}

test('reads what JSON.parse reads and refuses what it refuses, over damaged documents', () => {
  const seeds = [
    '{"a":[1,-2.5e3,{"b":"x\\u00e9\\n"},[],{}],"ü":null,"t":true,"f":false}',
    '[[["deep"]],0,"",{"k":{"k":{}}}]',
    ' {"n" : 10, "n":0.1} ',
  ];
  const alphabet = '{}[]",:0123456789-+.eE\\ntrufalsx \n\u0001é';
  let state = 1;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * limit);
  };
  let accepted = 0;
  for (let round = 0; round < 20_000; round += 1) {
    const characters = [...seeds[round % seeds.length]!];
    for (let change = below(3); change > 0; change -= 1)
      characters.splice(below(characters.length + 1), below(2), alphabet[below(alphabet.length)]!);
    const text = characters.join('');
    let expected: unknown;
    try {
      expected = JSON.parse(text);
    } catch {
      assert.throws(() => read(text), Error, text);
      continue;
    }
    accepted += 1;
    assert.deepEqual(read(text), expected, text);
  }
  assert.ok(accepted > 5000);
});

test('depth is bounded, and a long record needs no stack', () => {
  assert.deepEqual(JSON.stringify(read('['.repeat(1000) + ']'.repeat(1000))).length, 2000);
  assert.throws(() => read('['.repeat(1001)), /Document nesting depth \(1001\) exceeds the maximum allowed/);
  assert.throws(() => read('{"a":'.repeat(200_000)), /nesting depth/);
});

for (const [text, message] of [
  [
    '{a:1}',
    `Unexpected character ('a' (code 97)): was expecting double-quote to start field name\n at [Source: (byte[])"{a:1}"; line: 1, column: 2]`,
  ],
  ['{"a" 1}', "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value"],
  ['{"a":1 "b":2}', `Unexpected character ('"' (code 34)): was expecting comma to separate Object entries`],
  [
    '{"a":tru}',
    "Unrecognized token 'tru': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
  ],
  ['{"a":01}', 'Invalid numeric value: Leading zeroes not allowed'],
  [
    '{"a":1',
    'Unexpected end-of-input: expected close marker for Object (start marker at [Source: (byte[])"{"a":1"; line: 1, column: 1])',
  ],
  ['{"a":"x', 'Unexpected end-of-input: was expecting closing quote for a string value'],
  [
    '{"a":"\n"}',
    'Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash to be included in string value',
  ],
  ['{"a":"\\x"}', "Unrecognized character escape 'x' (code 120)"],
  ['{"a":\n[1}', "Unexpected close marker '}': expected ']'"],
] as const) {
  test(`tells the fault of ${JSON.stringify(text)} as Jackson does`, () => {
    assert.throws(
      () => read(text),
      (error) => error instanceof Error && error.message.startsWith(message),
      text,
    );
  });
}

test('what is not UTF-8 is told by its first byte', () => {
  assert.throws(
    () => read(Buffer.from('7b2261223a22c3a9fe227d', 'hex')),
    /^RecordFault: Invalid UTF-8 start byte 0xfe\n.*column: 9\]/,
  );
  assert.throws(() => read(Buffer.from('7b2261223a22efbfbdff', 'hex')), /Invalid UTF-8 start byte 0xff\n/);
});
