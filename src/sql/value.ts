/**
 * Values and rows while a program runs.
 *
 * | type | value |
 * | --- | --- |
 * | TINYINT, SMALLINT, INTEGER | a whole number |
 * | BIGINT | a number where it is a safe integer, a bigint beyond; never a bigint that would be safe as a number, so that `===` compares |
 * | DECIMAL(p, s) | the value times 10^s, whole, kept like a BIGINT |
 * | REAL | a number that `Math.fround` leaves alone |
 * | DOUBLE | a number, never NaN or an infinity |
 * | BOOLEAN | true or false |
 * | CHAR, VARCHAR | a string |
 * | BINARY, VARBINARY | a Uint8Array that nobody writes to |
 * | DATE, TIMESTAMP | milliseconds since 1970, UTC (a DATE at midnight) |
 * | TIME | milliseconds since midnight |
 * | INTERVAL | milliseconds; months where it is of years and months |
 * | RECORD | an array of values, in the order of its fields |
 *
 * Every type's null is `null`. All values survive structured clone.
 */
export type SqlValue = null | boolean | number | bigint | string | Uint8Array | readonly SqlValue[];

/** What is at index 0 of every row of every relation: its ROWTIME, a TIMESTAMP that is never null. The relation's own columns begin at 1. */
export const ROWTIME_INDEX = 0;

/** Nobody writes to a row once it has been handed on. */
export type Row = readonly SqlValue[];

/** This row cannot be processed: it goes to the error stream, and the program goes on. `code` is at most 32 characters (ERROR_NAME). */
export class RowError extends Error {
  override readonly name = 'RowError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
