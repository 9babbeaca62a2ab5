/** The rows of all inputs as one: in the order of their times, or as they come. What is given is runs of rows of one input. */
import type { RowBatch } from './input.ts';
import { ROWTIME_INDEX, type Row } from '../../sql/value.ts';

export type Source = { readonly name: string; readonly batches: AsyncGenerator<RowBatch> };

export type Run = { readonly name: string; readonly rows: readonly Row[] };

type Head = { readonly source: Source; rows: readonly Row[]; at: number };

/** Every source is in order; of equal times that of the earlier source comes first. `onBytes` is told how much was read. */
export async function* runsByTime(
  sources: readonly Source[],
  onBytes: (name: string, bytes: number) => void,
): AsyncGenerator<Run> {
  const heads: Head[] = [];
  for (const source of sources) {
    const head: Head = { source, rows: [], at: 0 };
    if (await refill(head, onBytes)) heads.push(head);
  }
  while (heads.length > 0) {
    const first = heads.reduce((best, head) => (timeAt(head) < timeAt(best) ? head : best));
    const place = heads.indexOf(first);
    // Its rows come until another source has an earlier one.
    const before = (timeMs: number): boolean =>
      heads.every(
        (head, index) => index === place || (index < place ? timeMs < timeAt(head) : timeMs <= timeAt(head)),
      );
    let end = first.at + 1;
    if (heads.length === 1) end = first.rows.length;
    else while (end < first.rows.length && before(first.rows[end]![ROWTIME_INDEX] as number)) end++;
    yield { name: first.source.name, rows: first.rows.slice(first.at, end) };
    first.at = end;
    if (first.at === first.rows.length && !(await refill(first, onBytes))) heads.splice(place, 1);
  }
}

const timeAt = ({ rows, at }: Head): number => rows[at]![ROWTIME_INDEX] as number;

/** False where the source has ended. */
async function refill(head: Head, onBytes: (name: string, bytes: number) => void): Promise<boolean> {
  for (;;) {
    const { value, done } = await head.source.batches.next();
    if (done === true) return false;
    onBytes(head.source.name, value.bytes);
    if (value.rows.length === 0) continue;
    head.rows = value.rows;
    head.at = 0;
    return true;
  }
}

/** As they come. While nothing comes, `undefined` is given every `idleMs`. */
export async function* runsByArrival(
  sources: readonly Source[],
  onBytes: (name: string, bytes: number) => void,
  idleMs: number,
): AsyncGenerator<Run | undefined> {
  const next = (source: Source) => source.batches.next().then((result) => ({ source, result }));
  const waiting = new Map(sources.map((source) => [source, next(source)]));
  while (waiting.size > 0) {
    const idle = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => idle.resolve(undefined), idleMs);
    const come = await Promise.race([...waiting.values(), idle.promise]).finally(() => clearTimeout(timer));
    if (come === undefined) {
      yield undefined;
      continue;
    }
    const { source, result } = come;
    if (result.done === true) {
      waiting.delete(source);
      continue;
    }
    // Behind the others, so that all of them have their turn.
    waiting.delete(source);
    waiting.set(source, next(source));
    onBytes(source.name, result.value.bytes);
    if (result.value.rows.length > 0) yield { name: source.name, rows: result.value.rows };
  }
}
