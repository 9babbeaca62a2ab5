export type ReadRecord = {
  readonly partition: number;
  readonly position: number;
  readonly timeMs: number;
  readonly bytes: Buffer;
};
export type NonceUse = { readonly use: string; readonly sealed: string };
export function readLog(
  directory: string,
  keyOf: (logId: string, keyId: number) => Buffer,
): {
  logs: Map<string, { partitions: Map<number, { trimmed: number; records: ReadRecord[] }> }>;
  nonces: NonceUse[];
};
export function repeatedNonces(nonces: readonly NonceUse[]): NonceUse[];
