/** What the tests of this room share: streams to ask, and short ways to a plan and to an error. */
import { parseProgram } from '../syntax/parse.ts';
import type { Plan } from '../plan/plan.ts';
import { describeSqlError, SqlError } from '../sql-error.ts';
import { type Given, planProgram } from './check.ts';

export const TICKERS: Given = {
  streams: [
    {
      name: 'TICKERS',
      columns: [
        { name: 'ticker', type: { name: 'VARCHAR', length: 8 } },
        { name: 'PRICE', type: { name: 'DOUBLE' } },
        { name: 'AMOUNT', type: { name: 'INTEGER' } },
      ],
    },
  ],
  tables: [],
  isOpen: false,
};

export const OPEN: Given = { streams: [], tables: [], isOpen: true };

export const planOf = (text: string, given: Given): Plan => planProgram(parseProgram(text), given);

/** The message with its place; fails where there is none. */
export const errorOf = (text: string, given: Given): string => {
  try {
    planOf(text, given);
  } catch (error) {
    if (error instanceof SqlError) return describeSqlError(text, error);
    throw error;
  }
  throw new Error(`accepted: ${text}`);
};
