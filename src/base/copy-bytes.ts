/**
 * Copies bytes between memory of this thread and memory shared with others. `TypedArray.set` moves shared memory byte by byte when
 * its two sides stand differently to a word, which takes ten times as long; `Buffer.copy` does so only when both sides are shared.
 */
export function copyBytes(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  targetAt: number,
): void {
  Buffer.prototype.copy.call(source as Buffer, target, targetAt, start, end);
}
