import type { Sealers } from './sealing.ts';

/** The key hierarchy: master key -> data keys by log, kept wrapped in the catalog. `openKeyRing` (in this room) builds it. */
export interface KeyRing extends Sealers {
  /** Makes a new data key for the log, durable in the catalog, and the current one: the first key, or a renewal. */
  begin(log: string): Promise<void>;
  /** Forgets the keys of a dropped log: what is left of its bytes can never be read again. */
  forget(log: string): Promise<void>;
  /** 32 bytes, the same for the life of the installation: seals iterators and NextTokens. */
  readonly tokenKey: Uint8Array;
}
