/** Told of what comes out of the server, also of what is refused, because a delivery must be the same at every attempt. */
export type Observer = {
  objectSent(key: string, body: Buffer): void;
  objectStored(key: string, body: Buffer): void;
  /** `path` begins with the root of a delivery stream; `id` stays the same at every attempt. */
  requestSent(path: string, id: string, records: readonly Buffer[]): void;
  /** The endpoint took it, and `isTold` if the server may know. */
  requestAccepted(path: string, id: string, isTold: boolean): void;
  /** With 413, after which AWS drops the records. */
  requestTooLarge(path: string, id: string): void;
  documentSent(path: string, id: string, line: string): void;
  documentIndexed(path: string, id: string): void;
};
