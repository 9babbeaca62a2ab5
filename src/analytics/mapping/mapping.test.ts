import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SqlType } from '../../sql/types.ts';
import type { SqlValue } from '../../sql/value.ts';
import { JsonPathError, readJsonPath, showJsonPath } from './json-path.ts';
import { SchemaError } from './json-targets.ts';
import type { Mapping } from './mapping.ts';
import { openMapping } from './open-mapping.ts';
import { plainJsonRows } from './plain-json-rows.testing.ts';
import type { RecordSchema } from './record-schema.ts';

const TYPES: Readonly<Record<string, SqlType>> = {
  tiny: { name: 'TINYINT' },
  int: { name: 'INTEGER' },
  big: { name: 'BIGINT' },
  real: { name: 'REAL' },
  double: { name: 'DOUBLE' },
  decimal: { name: 'DECIMAL', precision: 5, scale: 2 },
  wide: { name: 'DECIMAL', precision: 18, scale: 4 },
  text: { name: 'VARCHAR', length: 8 },
  long: { name: 'VARCHAR', length: 500 },
  flag: { name: 'BOOLEAN' },
  time: { name: 'TIMESTAMP' },
  date: { name: 'DATE' },
  clock: { name: 'TIME' },
  bytes: { name: 'VARBINARY', length: 4 },
  fixed: { name: 'BINARY', length: 2 },
};
const typeOf = (name: string): SqlType => {
  const type = TYPES[name];
  assert(type !== undefined);
  return type;
};

/** Of `{ NAME: [TYPE, PATH] }`. */
const jsonSchema = (
  columns: Readonly<Record<string, readonly [string, string]>>,
  rowPath = '$',
): RecordSchema => ({
  format: { kind: 'json', rowPath: readJsonPath(rowPath) },
  columns: Object.entries(columns).map(([name, [type, path]]) => ({
    name,
    type: typeOf(type),
    mapping: readJsonPath(path),
  })),
});

const csvSchema = (types: readonly string[], columnDelimiter = ',', rowDelimiter = '\n'): RecordSchema => ({
  format: { kind: 'csv', columnDelimiter, rowDelimiter },
  columns: types.map((type, index) => ({ name: `C${index}`, type: typeOf(type), mapping: undefined })),
});

const read = (schema: RecordSchema, text: string, isUsed = schema.columns.map(() => true)) =>
  readBy(openMapping(schema, { isUsed, extraColumns: 0 }), text);
const readBy = (mapping: Mapping, text: string) => {
  const rows: SqlValue[][] = [];
  const rejected: string[] = [];
  // Bytes on both sides that do not belong to the record must not be read.
  const bytes = Buffer.from(`}"${text}"]1`);
  mapping.read(bytes, 2, bytes.length - 3, {
    row: (row) => rows.push(row.slice(1)),
    reject: (reason) => rejected.push(reason),
  });
  return { rows, rejected };
};
const rowsOf = (schema: RecordSchema, text: string) => {
  const { rows, rejected } = read(schema, text);
  assert.deepEqual(rejected, []);
  return rows;
};

describe('paths', () => {
  it('are read and shown', () => {
    for (const path of ['$', '$.a.b', '$.list[0:]', '$.list[0:].x', '$["a b"].c', '$.é'])
      assert.equal(showJsonPath(readJsonPath(path)), path);
  });

  it('are refused where they cannot be followed', () => {
    for (const path of ['a', '$.', '$.a[1]', '$..a', '$[x]'])
      assert.throws(() => readJsonPath(path), JsonPathError);
    const both = jsonSchema({ a: ['text', '$.a[0:].x'], b: ['text', '$.b[0:].x'] });
    assert.throws(() => read(both, '{}'), SchemaError);
    assert.throws(() => read(jsonSchema({ a: ['text', '$.a[0:].b[0:].c'] }), '{}'), SchemaError);
  });
});

describe('JSON', () => {
  const order = jsonSchema({
    name: ['long', '$.customer.name'],
    id: ['int', '$.orders[0:].id'],
    price: ['decimal', '$.orders[0:].price'],
  });

  it('gives a row for each element, with the rest repeated', () => {
    const text = '{"orders":[{"id":1,"price":"33.99"},{"price":22.5,"id":2},{}],"customer":{"name":"Jo"}}';
    assert.deepEqual(rowsOf(order, text), [
      ['Jo', 1, 3399],
      ['Jo', 2, 2250],
      ['Jo', null, null],
    ]);
    assert.deepEqual(rowsOf(order, '{"orders":[],"customer":{"name":"Jo"}}'), [['Jo', null, null]]);
  });

  it('gives a list whole where the path ends with it', () => {
    const schema = jsonSchema({ orders: ['long', '$.orders[0:]'], first: ['text', '$.a'] });
    assert.deepEqual(rowsOf(schema, '{"a":"x","orders":[ {"id":1}, 2 ]}'), [['[ {"id":1}, 2 ]', 'x']]);
  });

  it('reads several documents of a record, and lists of rows', () => {
    const schema = jsonSchema({ a: ['int', '$.a'] });
    assert.deepEqual(rowsOf(schema, '{"a":1}{"a":2}\n{"b":3}\n'), [[1], [2], [null]]);
    assert.deepEqual(rowsOf(schema, '[{"a":1},{"a":2}]'), [[1], [2]]);
    assert.deepEqual(
      rowsOf(jsonSchema({ a: ['int', '$.a'] }, '$.rows[0:]'), '{"n":[{}],"rows":[{"a":1},{"a":2}]}'),
      [[1], [2]],
    );
    assert.deepEqual(rowsOf(jsonSchema({ a: ['int', '$.rows[0:].a'] }, '$.rows'), '{"rows":[{"a":1}]}'), [
      [1],
    ]);
  });

  it('coerces as the table of AWS says', () => {
    const cases: readonly (readonly [string, string, SqlValue | undefined])[] = [
      ['int', 'true', 1],
      ['flag', '0', false],
      ['flag', '2.5', true],
      ['flag', '"TRUE"', true],
      ['flag', '"yes"', false],
      ['text', 'false', 'false'],
      ['text', '"123456789"', '12345678'],
      ['text', '12.50', '12.50'],
      ['text', '{"a": 1}', '{"a": 1}'],
      ['int', '123.4', undefined],
      ['int', '123.0', 123],
      ['int', '1e2', 100],
      ['int', '2147483648', undefined],
      ['int', '-2147483648', -2147483648],
      ['tiny', '128', undefined],
      ['tiny', '-128', -128],
      ['int', '" 12 "', 12],
      ['int', '"12x"', undefined],
      ['big', '9223372036854775807', 9223372036854775807n],
      ['big', '9007199254740991', 9007199254740991],
      ['big', '9223372036854775808', undefined],
      ['decimal', '999.99', 99999],
      ['decimal', '1000', undefined],
      ['decimal', '1.234', undefined],
      ['decimal', '1.230', 123],
      ['wide', '12345678901234.5678', 123456789012345678n],
      ['real', '0.1', Math.fround(0.1)],
      ['real', '1e39', undefined],
      ['double', '1e400', undefined],
      ['double', '1.7976931348623157e308', 1.7976931348623157e308],
      ['time', '"1992-02-14"', Date.UTC(1992, 1, 14)],
      ['time', '"1992-02-14 18:35:44.0"', Date.UTC(1992, 1, 14, 18, 35, 44)],
      ['time', '"1992-02-14T18:35:44.25+01:00"', Date.UTC(1992, 1, 14, 17, 35, 44, 250)],
      ['time', '"1992-02-30"', undefined],
      ['time', '12', undefined],
      ['date', '"1992-02-14 18:35:44.0"', Date.UTC(1992, 1, 14)],
      ['clock', '"18:35:44.5"', 66_944_500],
      ['time', 'true', undefined],
      ['int', 'null', null],
      ['int', '[1]', undefined],
      ['bytes', 'true', Uint8Array.of(1)],
      ['fixed', 'true', Uint8Array.of(0, 1)],
      ['bytes', String.raw`"X'3F67'"`, Uint8Array.of(0x3f, 0x67)],
      ['bytes', '"3F67"', undefined],
      ['bytes', '12', undefined],
    ];
    for (const [type, value, expected] of cases) {
      const { rows, rejected } = read(jsonSchema({ a: [type, '$.a'] }), `{"a":${value}}`);
      if (expected === undefined) {
        assert.deepEqual([rows, rejected.length], [[], 1], `${value} as ${type}`);
        assert.match(rejected[0] ?? '', /of column a cannot become/);
      } else
        assert.deepEqual({ rows, rejected }, { rows: [[expected]], rejected: [] }, `${value} as ${type}`);
    }
  });

  it('does not look at what nobody reads', () => {
    const schema = jsonSchema({ a: ['int', '$.a'], b: ['int', '$.b'] });
    assert.deepEqual(read(schema, '{"a":"no number","b":7}', [false, true]), {
      rows: [[null, 7]],
      rejected: [],
    });
  });

  it('tells where a record is broken, and keeps what was whole', () => {
    const schema = jsonSchema({ a: ['int', '$.a'] });
    const broken: readonly (readonly [string, RegExp])[] = [
      ['', /empty/],
      ['{"a":1', /byte 6: a comma or }/],
      ['{"a" 1}', /byte 5: a colon/],
      ['{"a":}', /byte 5: a value/],
      ['{a:1}', /byte 1: a key/],
      ['{"a":01}', /no number/],
      ['{"b":1.}', /digit/],
      ['{"b":"\n"}', /control/],
      [String.raw`{"b":"\x"}`, /escape/],
      ['{"b":tru}', /value/],
      [`{"b":${'['.repeat(300)}`, /deeper than 256/],
    ];
    for (const [text, reason] of broken) {
      const { rows, rejected } = read(schema, text);
      assert.deepEqual(rows, [], text);
      assert.match(rejected.join(), reason, text);
    }
    assert.deepEqual(read(schema, '{"a":1}{"a":').rows, [[1]]);
  });

  it('refuses a row beyond 512 KB', () => {
    const schema = jsonSchema({ a: ['long', '$.a'], b: ['int', '$.b'] });
    const wide: RecordSchema = {
      ...schema,
      columns: schema.columns.map((column) => ({ ...column, type: { name: 'VARCHAR', length: 1e6 } })),
    };
    const text = JSON.stringify({ a: 'x'.repeat(600_000), b: 1 });
    assert.match(read(wide, text).rejected.join(), /more than/);
    assert.equal(rowsOf(schema, text).length, 1);
  });

  it('says the same as the plain road, on random documents', () => {
    let state = 7;
    const random = (count: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (state >>> 8) % count;
    };
    const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
    const scalars = [
      '1',
      '-1',
      '0',
      '-0',
      '12.5',
      '1e3',
      '-2.50e-2',
      '123456789012345678',
      '9007199254740993',
      '0.1',
      '1e400',
      'true',
      'false',
      'null',
      '"a"',
      '"12"',
      '"12.345"',
      '""',
      '"é€😀"',
      String.raw`"a\n\u00e9\ud83d\ude00"`,
      '"2024-02-29 01:02:03.456"',
      '"2024-02-29T01:02:03Z"',
      '"true"',
      '"a longer text than eight"',
    ];
    const value = (depth: number): string => {
      const kind = random(depth > 3 ? 4 : 7);
      if (kind === 5) return `[${Array.from({ length: random(4) }, () => value(depth + 1)).join(',')}]`;
      return kind === 6 ? object(depth + 1) : pick(scalars);
    };
    const object = (depth: number): string => {
      const keys = ['a', 'b', 'c', 'list', 'long key', 'ab', 'é'].filter(() => random(3) > 0);
      if (random(2) === 0) keys.reverse();
      return `{${keys.map((key) => `${JSON.stringify(key)}:${value(depth)}`).join(',')}}`;
    };
    const paths = [
      '$.a',
      '$.b',
      '$.c',
      '$.ab',
      '$.a.b',
      '$.a.b.c',
      "$['long key']",
      '$.list',
      '$.list[0:]',
      '$.list[0:].a',
      '$.list[0:].b.c',
      '$.é',
      '$.b.é',
    ];
    for (let round = 0; round < 3000; round++) {
      const columns = Array.from(
        { length: 1 + random(5) },
        (_, index) => [`c${index}`, [pick(Object.keys(TYPES)), pick(paths)]] as const,
      );
      const schema = jsonSchema(Object.fromEntries(columns));
      const text = object(0);
      const { rows, rejected } = read(schema, text);
      const plain = plainJsonRows(schema, text);
      if (typeof plain[0] === 'string') assert.deepEqual([rows, rejected.length], [[], 1], text);
      else
        assert.deepEqual(
          { rows, rejected },
          { rows: plain.map((row) => row.slice(1)), rejected: [] },
          `${text} ${JSON.stringify(columns)}`,
        );
    }
  });

  it('takes what JSON.parse takes, and nothing else, on broken documents', () => {
    const schema = jsonSchema({ a: ['long', '$.a'], c: ['long', '$.b.c'] });
    const seeds = [
      '{"a":1,"b":{"c":[1,2.5e3,"x"]},"d":null}',
      String.raw`[{"a":"\u00e9\"","b":{"c":true}},{}]`,
      ' {"a" : -0.5 , "e":[[],{}] } ',
    ];
    let state = 11;
    const random = (count: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (state >>> 8) % count;
    };
    const alphabet = '{}[]",:0123.eE-+tfn\\u \n';
    const mapping = openMapping(schema, { isUsed: [true, true], extraColumns: 0 });
    let valid = 0;
    for (let round = 0; round < 20_000; round++) {
      let text = seeds[random(seeds.length)] as string;
      for (let change = random(3); change >= 0; change--) {
        const at = random(text.length);
        text =
          text.slice(0, at) +
          (random(3) > 0 ? alphabet.charAt(random(alphabet.length)) : '') +
          text.slice(at + random(2));
      }
      let isValid = true;
      try {
        JSON.parse(text);
        valid++;
      } catch {
        isValid = false;
      }
      const { rejected } = readBy(mapping, text);
      // Several documents may follow one another, which JSON.parse does not know.
      if (isValid) assert.deepEqual(rejected, [], text);
      else if (rejected.length === 0) assert.match(text, /[\]}\dels"]\s*[[{"\d\-tfn]/, text);
    }
    assert(valid > 1000);
  });
});

describe('delimited text', () => {
  it('goes by position', () => {
    const schema = csvSchema(['int', 'long', 'flag']);
    assert.deepEqual(rowsOf(schema, '1,one,true\n2,"two, ""2""",false\r\n\n3\n4,,,more'), [
      [1, 'one', true],
      [2, 'two, "2"', false],
      [3, null, null],
      [4, '', null],
    ]);
  });

  it('takes any delimiters, and spaces in front of quotes', () => {
    assert.deepEqual(rowsOf(csvSchema(['long', 'long'], '||', ';'), 'a||b;"c;d" || e;'), [
      ['a', 'b'],
      ['c;d', ' e'],
    ]);
    assert.deepEqual(rowsOf(csvSchema(['long', 'long']), '"name1", "address1"'), [['name1', 'address1']]);
  });

  it('rejects rows one by one, and a quote without an end', () => {
    const { rows, rejected } = read(csvSchema(['int']), '1\nx\n3');
    assert.deepEqual(rows, [[1], [3]]);
    assert.match(rejected.join(), /"x" of column C0 cannot become INTEGER/);
    assert.deepEqual(read(csvSchema(['long']), 'a\n"b').rejected, ['A quoted value has no end']);
    assert.deepEqual(read(csvSchema(['long']), '').rejected, ['The record is empty']);
  });
});
