import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Column } from '../types.ts';
import type { Row } from '../value.ts';
import { delimitedRows, jsonRows } from './row-text.ts';

const COLUMNS: readonly Column[] = [
  { name: 'id', type: { name: 'BIGINT' } },
  { name: 'a "b"', type: { name: 'VARCHAR', length: 20 } },
  { name: 'AT', type: { name: 'TIMESTAMP' } },
  { name: 'PRICE', type: { name: 'DECIMAL', precision: 5, scale: 2 } },
  { name: 'R', type: { name: 'REAL' } },
  { name: 'D', type: { name: 'DOUBLE' } },
  { name: 'OK', type: { name: 'BOOLEAN' } },
  { name: 'DAY', type: { name: 'DATE' } },
];
const AT = Date.UTC(2024, 1, 29, 1, 2, 3);
const ROW: Row = [
  AT,
  9223372036854775807n,
  'x,"y"\n😀',
  AT,
  1250,
  Math.fround(0.1),
  1e21,
  true,
  Date.UTC(2024, 1, 29),
];
const NULLS: Row = [AT, ...COLUMNS.map(() => null)];

describe('the text of rows', () => {
  it('is JSON that says every value exactly', () => {
    const text = jsonRows(COLUMNS)(ROW);
    assert.equal(
      text,
      String.raw`{"id":9223372036854775807,"a \"b\"":"x,\"y\"\n😀","AT":"2024-02-29 01:02:03.000","PRICE":12.50,"R":0.1,"D":1e+21,"OK":true,"DAY":"2024-02-29"}`,
    );
    assert.equal((JSON.parse(text) as { D: number }).D, 1e21);
    assert.equal(jsonRows(COLUMNS.slice(0, 2))(NULLS), String.raw`{"id":null,"a \"b\"":null}`);
    assert.equal(jsonRows([])([AT]), '{}');
  });

  it('is delimited text, quoted where it must be', () => {
    assert.equal(
      delimitedRows(COLUMNS)(ROW),
      '9223372036854775807,"x,""y""\n😀",2024-02-29 01:02:03.000,12.50,0.1,1E21,true,2024-02-29',
    );
    assert.equal(delimitedRows(COLUMNS)(NULLS), ',,,,,,,');
    assert.equal(delimitedRows(COLUMNS.slice(0, 2), '|')([AT, 1, 'a|b']), '1|"a|b"');
  });
});
