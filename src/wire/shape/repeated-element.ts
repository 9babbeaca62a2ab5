/**
 * Lists whose elements all take the same bytes, but for texts that are written into them: the answer to PutRecords. The first element
 * is copied as often as needed, in a few large pieces, and then each column writes its texts into the copies.
 */
import { type ByteSink, makeRoom } from './byte-sink.ts';
import type { WrittenColumn } from './packed.ts';

/** Where in an element the text of a column stands. */
export type Hole = { readonly offset: number; readonly column: WrittenColumn };

/** The first element, whole, is what the sink has from `start` on; the others are added to it. */
export function repeatElement(sink: ByteSink, start: number, count: number, holes: readonly Hole[]): void {
  const size = sink.length - start;
  const total = size * count;
  makeRoom(sink, total - size);
  const { bytes, view } = sink;
  for (let filled = size; filled < total; filled *= 2) {
    bytes.copyWithin(start + filled, start, start + Math.min(filled, total - filled));
  }
  for (const { offset, column } of holes) {
    for (let index = 1, at = start + size + offset; index < count; index++, at += size) {
      column.write(view, at, index);
    }
  }
  sink.length = start + total;
}
