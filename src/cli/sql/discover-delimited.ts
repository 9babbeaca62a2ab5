/** The columns of delimited text, from all of its lines: inferred from pieces of the file, and put together from what each piece says. */
import { discoverSchema } from '../../analytics/discovery/discover-schema.ts';
import type { DiscoveredSchema } from '../../analytics/discovery/discovered-schema.ts';
import type { SqlType } from '../../sql/types.ts';
import { isTimeText, type SeenColumn } from './discovered.ts';

type Seen = { readonly name: string; type: SqlType | undefined; areTimes: boolean };

export class DelimitedColumns {
  readonly #isReserved: (word: string) => boolean;
  readonly #columns: Seen[] = [];
  #format: (DiscoveredSchema['format'] & { readonly kind: 'csv' }) | undefined;
  #header: Uint8Array | undefined;

  constructor(isReserved: (word: string) => boolean) {
    this.#isReserved = isReserved;
  }

  /** False where the lines are no text. */
  add(lines: readonly Uint8Array[]): boolean {
    const found = discoverSchema(
      this.#header === undefined ? lines : [this.#header, ...lines],
      this.#isReserved,
    );
    if (found?.format.kind !== 'csv') return false;
    if (this.#format === undefined) {
      this.#format = found.format;
      // Names that are made up are COL_ and the place.
      if (!found.columns.every(({ name }, index) => name === `COL_${index}`))
        this.#header = lines[0]!.slice();
    }
    const body = this.#header === undefined ? found.rows : found.rows.slice(1);
    for (const [index, { name, type }] of found.columns.entries()) {
      const seen = (this.#columns[index] ??= { name, type: undefined, areTimes: true });
      const texts = body.map((row) => row[index] ?? '').filter((text) => text !== '');
      if (texts.length === 0) continue;
      seen.areTimes &&= texts.every(isTimeText);
      seen.type = seen.type === undefined ? type : together(seen.type, type);
    }
    return true;
  }

  get found():
    | {
        readonly format: DiscoveredSchema['format'] & { readonly kind: 'csv' };
        readonly hasHeader: boolean;
        readonly columns: SeenColumn[];
      }
    | undefined {
    if (this.#format === undefined) return undefined;
    return {
      format: this.#format,
      hasHeader: this.#header !== undefined,
      columns: this.#columns.map((seen) => ({ ...seen, mapping: undefined, areNumbers: false })),
    };
  }
}

const NUMBERS = ['INTEGER', 'BIGINT', 'REAL', 'DOUBLE'];
/** As long as any number or truth value is written. */
const PLAIN_LENGTH = 32;

/** The type of a column that has the one type in one part and the other in another. */
function together(left: SqlType, right: SqlType): SqlType {
  if (left.name === right.name && left.name !== 'VARCHAR') return left;
  if (NUMBERS.includes(left.name) && NUMBERS.includes(right.name)) {
    const isWhole = [left, right].every(({ name }) => name === 'INTEGER' || name === 'BIGINT');
    return { name: isWhole ? 'BIGINT' : 'DOUBLE' };
  }
  const length = (type: SqlType): number => (type.name === 'VARCHAR' ? type.length : PLAIN_LENGTH);
  return { name: 'VARCHAR', length: Math.max(length(left), length(right)) };
}
