/** A destination of rows: a stream, a delivery stream or a function. Each implements one attempt; `send.ts` repeats it. */

/** A row as it leaves. Its name is its own for ever: the step that it came of, and its place there. */
export type OutputRow = { readonly name: string; readonly data: Uint8Array };

/** Undefined when the row is there, else why not. */
export type PutResult = string | undefined;

export interface OutputPort {
  /** Of one attempt. */
  readonly rowsMax: number;
  readonly bytesMax: number;
  /** One result for each row. `attempts` were made before, of the first of them at least. Throws `PutError` when none is there. */
  put(rows: readonly OutputRow[], attempts: number, signal: AbortSignal): Promise<readonly PutResult[]>;
}

/** Nothing was taken, and the next attempt may do better. */
export class PutError extends Error {
  override readonly name = 'PutError';
}
