import type { Endpoints } from './endpoints.ts';
import type { Limits } from './limits.ts';

/** The one frozen configuration that `assemble.ts` builds the server from. Flags, environment and file are read in `config/` only. */
export type Config = {
  /** Loopback by default. */
  readonly host: string;
  /** 4567 by default; 0 takes a free one. */
  readonly port: number;
  /** The data directory; unused with durability `memory`. */
  readonly dataDirectory: string;
  /** `fsync`: on disk before the answer. `os`: written, not synced. `memory`: nothing on disk at all. */
  readonly durability: 'fsync' | 'os' | 'memory';
  readonly limits: Limits;
  /** Path of a credentials file, or undefined: unknown keys are root on loopback. */
  readonly credentialsFile: string | undefined;
  /** Where deliveries really go, from `--endpoints`. */
  readonly endpoints: Endpoints;
  /** The account of keys that are not themselves 12 digits. */
  readonly account: string;
  /** The region of INITIALIZE_STREAMS. */
  readonly region: string;
  /** How long CREATING, UPDATING and DELETING last. */
  readonly stateDurationMs: number;
  readonly tlsCertFile: string | undefined;
  readonly tlsKeyFile: string | undefined;
  readonly masterKeyFile: string | undefined;
  /** The master key itself, from the environment; never logged. */
  readonly masterKey: string | undefined;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** From INITIALIZE_STREAMS. */
  readonly initializeStreams: readonly {
    readonly name: string;
    readonly shards: number;
    readonly region: string;
  }[];
  /** Bodies, decoded input and answers in flight share this. */
  readonly bytesInFlightMax: number;
  /** What the log of a delivery stream keeps at most, and those of all together. */
  readonly deliveryStreamBytesMax: number;
  readonly deliveryBytesMax: number;
  /** What all delivery streams together hold in memory of records on their way. */
  readonly deliveryMemoryBytesMax: number;
  /** How often on-demand streams look at their traffic. */
  readonly onDemandReactionMs: number;
};
