/** Random values of any type of the dialect, at the edges as often as between them. */
import type { Dice } from '../../src/host/host.ts';
import type { Column, SqlType } from '../../src/sql/types.ts';
import type { Row, SqlValue } from '../../src/sql/value.ts';
import { once, pick } from '../mutate.ts';

const WHOLE: Readonly<Record<string, readonly (number | bigint)[]>> = {
  TINYINT: [127, -128],
  SMALLINT: [32_767, -32_768],
  INTEGER: [2_147_483_647, -2_147_483_648],
  BIGINT: [9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n, 1_700_000_000_000],
};
const TEXTS = [
  '',
  'a',
  'AMZN',
  'x%y_z',
  "it's",
  '\u{1F600}',
  '2020-01-01 00:00:00',
  '12.5',
  'GET / HTTP/1.1 200',
];

export const randomRow = (dice: Dice, rowtimeMs: number, columns: readonly Column[]): Row => [
  rowtimeMs,
  ...columns.map(({ type }) => randomValue(dice, type)),
];

function randomValue(dice: Dice, type: SqlType): SqlValue {
  if (once(dice, 8)) return null;
  const small = dice.integer(200) - 100;
  switch (type.name) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
      return once(dice, 6) ? pick(dice, WHOLE[type.name]!) : small;
    case 'DECIMAL': {
      const most = 10n ** BigInt(type.precision) - 1n;
      const value = once(dice, 6) ? most : BigInt(small) % (most + 1n);
      return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
    }
    case 'REAL':
      return Math.fround(small / 8);
    case 'DOUBLE':
      return once(dice, 6) ? pick(dice, [1e308, -1e308, 5e-324, 0.1]) : small / 3;
    case 'BOOLEAN':
      return once(dice, 2);
    case 'DATE':
      return dice.integer(20_000) * 86_400_000;
    case 'TIME':
      return dice.integer(86_400_000);
    case 'TIMESTAMP':
      return once(dice, 6) ? -62_135_596_800_000 : 1_600_000_000_000 + dice.integer(1_000_000_000);
    case 'BINARY':
    case 'VARBINARY':
      return new Uint8Array(Math.min(type.length, dice.integer(4)));
    case 'CHAR':
    case 'VARCHAR':
      return pick(dice, TEXTS).slice(0, type.length);
    default:
      return pick(dice, TEXTS);
  }
}
