/** A destination of rows: a stream, a delivery stream or a function. Each implements one attempt; `send.ts` repeats it. */

/** Rows end to end, each as it leaves. */
export type Rows = { readonly bytes: Uint8Array; readonly ends: Uint32Array };

/** Undefined when the row is there, else why not. */
export type PutResult = string | undefined;

export interface OutputPort {
  /** Of one attempt. */
  readonly rowsMax: number;
  readonly bytesMax: number;
  /** One result for each row. `attempts` were made before, of the first of them at least. Throws `PutError` when none is there. */
  put(rows: readonly Uint8Array[], attempts: number, signal: AbortSignal): Promise<readonly PutResult[]>;
}

/** Nothing was taken, and the next attempt may do better. */
export class PutError extends Error {
  override readonly name = 'PutError';
}
