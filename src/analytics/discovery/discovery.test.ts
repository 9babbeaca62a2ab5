import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { showType } from '../mapping/coerce.ts';
import { discoverSchema } from './discover-schema.ts';

const RESERVED = new Set(['USER', 'TIMESTAMP', 'VALUES', 'YEAR', 'MONTH']);
const discover = (...records: readonly string[]) =>
  discoverSchema(
    records.map((record) => Buffer.from(record)),
    (word) => RESERVED.has(word),
  );
const columnsOf = (...records: readonly string[]) =>
  discover(...records)?.columns.map(({ name, type, mapping }) =>
    [name, showType(type), ...(mapping === undefined ? [] : [mapping])].join(' '),
  );

describe('discovery', () => {
  it('types the members of objects, two levels deep', () => {
    assert.deepEqual(
      columnsOf(
        '{"id":7,"big":3000000000,"price":43.65,"exact":0.123456789,"ok":true,"name":"abcde","at":"2018-06-13T14:11:05.766191","none":null}',
        '{"id":-8,"big":1,"price":2,"exact":1,"ok":false,"name":"","where":{"city":"Ulm","spot":{"x":1}},"tags":[1,2]}',
      ),
      [
        'id INTEGER $.id',
        'big BIGINT $.big',
        'price REAL $.price',
        'exact DOUBLE $.exact',
        'ok BOOLEAN $.ok',
        'name VARCHAR(8) $.name',
        'at VARCHAR(32) $.at',
        'none VARCHAR(4) $.none',
        'city VARCHAR(4) $.where.city',
        'spot VARCHAR(8) $.where.spot',
        'tags VARCHAR(8) $.tags[0:]',
      ],
    );
  });

  it('names columns as AWS does', () => {
    assert.deepEqual(columnsOf('{"USER":1,"USER@DOMAIN":1,"@@":1,"1st":1,"user":1,"a-b":1}'), [
      'COL_USER INTEGER $.USER',
      'COL_USERDOMAIN INTEGER $.USER@DOMAIN',
      'COL_2 INTEGER $.@@',
      'COL_1st INTEGER $.1st',
      'COL_user INTEGER $.user',
      'COL_ab INTEGER $.a-b',
    ]);
    assert.deepEqual(columnsOf('{"a":{"id":1},"b":{"id":2}}'), ['id INTEGER $.a.id', 'id_2 INTEGER $.b.id']);
  });

  it('reads several documents of a record, and gives their texts', () => {
    const schema = discover('{"a":1}\n{"a":"x"}', '[{"a":null},{"b":12345678901234567890}]');
    assert.deepEqual(schema?.rows, [
      ['1', null],
      ['x', null],
      [null, null],
      [null, '12345678901234567890'],
    ]);
  });

  it('takes names from the first row of a file, and shows it among the rows', () => {
    const schema = discover(
      'year,plant,units,amount\r\n2001,North Station,Tons,47615\r\n2001,South,Tons,16535\r\n',
    );
    assert.deepEqual(
      schema?.columns.map(({ name, type }) => `${name} ${showType(type)}`),
      ['COL_year INTEGER', 'plant VARCHAR(16)', 'units VARCHAR(4)', 'amount INTEGER'],
    );
    assert.deepEqual(schema?.format, { kind: 'csv', columnDelimiter: ',', rowDelimiter: '\r\n' });
    assert.deepEqual(schema?.rows[0], [null, 'plant', 'units', null]);
    assert.deepEqual(schema?.rows[1], ['2001', 'North Station', 'Tons', '47615']);
  });

  it('numbers columns that have no names, and takes other delimiters', () => {
    assert.deepEqual(columnsOf('1|a,b|true', '2|c|false'), [
      'COL_0 INTEGER',
      'COL_1 VARCHAR(4)',
      'COL_2 BOOLEAN',
    ]);
    assert.deepEqual(columnsOf('203.0.113.9 - - "GET /"'), ['COL_0 VARCHAR(32)']);
  });

  it('detects nothing in nothing, and in what is no text', () => {
    assert.equal(discover(), undefined);
    assert.equal(discover('  \n'), undefined);
    assert.equal(
      discoverSchema([Uint8Array.of(0xff, 0xfe)], () => false),
      undefined,
    );
    assert.equal(discover('\u0000\u0001'), undefined);
  });
});
