/** Many small pieces of bytes as one, to send them to another thread: a copy costs less than a message for each. */
export type PackedRecords = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where each ends; it begins where the one before it ends. */
  readonly ends: Int32Array;
};

export function packRecords(records: readonly Uint8Array[]): PackedRecords {
  const ends = new Int32Array(records.length);
  let total = 0;
  for (let index = 0; index < records.length; index++) ends[index] = total += records[index]!.length;
  const bytes = new Uint8Array(total);
  for (let index = 0; index < records.length; index++)
    bytes.set(records[index]!, index === 0 ? 0 : ends[index - 1]!);
  return { bytes, ends };
}

/** A view. */
export function recordAt({ bytes, ends }: PackedRecords, index: number): Uint8Array {
  return bytes.subarray(index === 0 ? 0 : ends[index - 1]!, ends[index]);
}

/** Cuts what a worker gets at once. A piece is never empty. */
export function slicesOf<T>(
  items: readonly T[],
  bytesOf: (item: T) => number,
  recordsMax: number,
  bytesMax: number,
): readonly (readonly T[])[] {
  const slices: T[][] = [];
  let slice: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const more = bytesOf(item);
    if (slice.length > 0 && (slice.length === recordsMax || bytes + more > bytesMax)) {
      slices.push(slice);
      slice = [];
      bytes = 0;
    }
    slice.push(item);
    bytes += more;
  }
  if (slice.length > 0) slices.push(slice);
  return slices;
}
