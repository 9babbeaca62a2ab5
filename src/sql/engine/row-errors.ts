/** Where an operator's row errors go. A row that cannot be processed is told here, with its reason, and the program goes on. */
import { RowError, type Row } from '../value.ts';

export type RowErrors = (error: RowError, row: Row) => void;

/** For a catch: anything but a row error is a fault of ours, and goes on as such. */
export const rowErrorOf = (error: unknown): RowError => {
  if (error instanceof RowError) return error;
  throw error;
};
