/** What the tests of this room share: streams to ask, and short ways to a plan and to an error. */
import { parseProgram } from '../syntax/parse.ts';
import type { Plan } from '../plan/plan.ts';
import { describeSqlError, SqlError } from '../sql-error.ts';
import type { Column, SqlType } from '../types.ts';
import { type Given, planProgram } from './check.ts';
import { describePlan } from './describe-plan.testing.ts';

const text = (length: number): SqlType => ({ name: 'VARCHAR', length });
const column = (name: string, type: SqlType | 'DOUBLE' | 'INTEGER' | 'TIMESTAMP' | 'BIGINT'): Column => ({
  name,
  type: typeof type === 'string' ? { name: type } : type,
});

/** Orders, payments, and the names of customers; TICKERS has a column in small letters, and one that `*` leaves out. */
export const SHOP: Given = {
  streams: [
    {
      name: 'ORDERS',
      columns: [
        column('ID', 'INTEGER'),
        column('CUSTOMER', text(16)),
        column('AMOUNT', 'DOUBLE'),
        column('PLACED', 'TIMESTAMP'),
      ],
    },
    { name: 'PAYMENTS', columns: [column('ID', 'INTEGER'), column('PAID', 'DOUBLE')] },
    {
      name: 'TICKERS',
      columns: [
        column('ticker', text(8)),
        column('PRICE', { name: 'DECIMAL', precision: 8, scale: 2 }),
        { name: 'SHARD_ID', type: text(64), isHidden: true },
      ],
    },
  ],
  tables: [
    { name: 'CUSTOMERS', columns: [column('NAME', text(16)), column('CITY', text(20))] },
    { name: 'CITIES', columns: [column('CITY', text(20)), column('PEOPLE', 'BIGINT')] },
  ],
  isOpen: false,
};

export const OPEN: Given = { streams: [], tables: [], isOpen: true };

export const planOf = (program: string, given: Given = SHOP): Plan =>
  planProgram(parseProgram(program), given);

export const described = (program: string, given: Given = SHOP): string =>
  describePlan(planOf(program, given));

/** The message with its place; fails where there is none. */
export const errorOf = (program: string, given: Given = SHOP): string => {
  try {
    planOf(program, given);
  } catch (error) {
    if (error instanceof SqlError) return describeSqlError(program, error);
    throw error;
  }
  throw new Error(`accepted: ${program}`);
};
