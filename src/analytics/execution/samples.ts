/** A few rows of every stream of a step, for those who watch an application; nothing while nobody does. */
import type { Column } from '../../sql/types.ts';
import type { Row } from '../../sql/value.ts';
import { jsonRows } from '../../sql/values/row-text.ts';
import type { StreamSample } from './execution-calls.ts';

type Sample = { readonly rows: string[]; more: number };

export class Samples {
  readonly #texts: ReadonlyMap<string, (row: Row) => string>;
  #most = 0;
  #streams = new Map<string, Sample>();

  constructor(columnsOf: ReadonlyMap<string, readonly Column[]>) {
    const rowtime: Column = { name: 'ROWTIME', type: { name: 'TIMESTAMP' } };
    this.#texts = new Map(
      [...columnsOf].map(([stream, columns]) => {
        const text = jsonRows([rowtime, ...columns]);
        // The text of a row leaves its first value out.
        return [stream, (row: Row) => text([null, ...row])];
      }),
    );
  }

  /** @param most Rows of a stream. */
  begin(most: number): void {
    this.#most = most;
  }

  row(stream: string, row: Row): void {
    if (this.#most === 0) return;
    const sample = this.#streams.get(stream) ?? { rows: [], more: 0 };
    if (sample.rows.length < this.#most) sample.rows.push(this.#texts.get(stream)?.(row) ?? '{}');
    else sample.more++;
    this.#streams.set(stream, sample);
  }

  take(): readonly StreamSample[] {
    const taken = [...this.#streams].map(([stream, sample]) => ({ stream, ...sample }));
    this.#streams = new Map();
    return taken;
  }
}
