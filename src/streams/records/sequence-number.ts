/**
 * Sequence numbers: AWS's 56 decimal digits, derived and never stored. The number in hexadecimal, 47 digits, version 2
 * (recorded from AWS):
 *
 *     2 · created seconds of the shard (9) · shard index mod 16 (1) · position (16, below 8 × 16^15)
 *       · mark (2) · seconds of the record's arrival (9) · shard index (8) · 2
 *
 * The position is the record's place in the log, so numbers grow within a shard, and a child's are above its parents' because
 * its created second is. The mark is 00 for records. 01 is ours, for SubscribeToShard's ContinuationSequenceNumber: "just after
 * this position"; it sorts between a record and the next, so that starting AT or AFTER it mean the same, as AWS says.
 *
 * Many of them are written by sequence-number-writer.ts.
 */
import type { Position } from '../../log/log.ts';
import type { Shard } from '../directory/stream.ts';

export const SEQUENCE_NUMBER_DIGITS = 56;

/** What of a shard goes into its numbers. */
export type ShardIdentity = Pick<Shard, 'index' | 'createdSeconds'>;

const RECORD_MARK = 0;
const AFTER_MARK = 1;
const POSITION_END = 0x7fff_ffff_ffff_ffffn;

/** The number of one record; many are cheaper through a `SequenceNumberWriter`. */
export function sequenceNumber(shard: ShardIdentity, position: Position, timeMs: number): string {
  return String(assembled(shard, BigInt(position), RECORD_MARK, Math.floor(timeMs / 1000)));
}

/** Below every record of the shard. */
export function startingSequenceNumber(shard: ShardIdentity): string {
  return String(assembled(shard, 0n, RECORD_MARK, shard.createdSeconds));
}

/** Above every record of a closed shard; undefined while it is open. */
export function endingSequenceNumber(shard: ShardIdentity & Pick<Shard, 'closedMs'>): string | undefined {
  if (shard.closedMs === undefined) return undefined;
  return String(assembled(shard, POSITION_END, RECORD_MARK, Math.floor(shard.closedMs / 1000)));
}

/** Where a reader stands that has had everything up to `position`: above that record's number, below the next one's. */
export function continuationSequenceNumber(shard: ShardIdentity, position: Position, timeMs: number): string {
  return String(assembled(shard, BigInt(position), AFTER_MARK, Math.floor(timeMs / 1000)));
}

function assembled(shard: ShardIdentity, position: bigint, mark: number, seconds: number): bigint {
  let number = 2n;
  number = (number << 36n) | BigInt(shard.createdSeconds);
  number = (number << 4n) | BigInt(shard.index & 15);
  number = (number << 64n) | position;
  number = (number << 8n) | BigInt(mark);
  number = (number << 36n) | BigInt(seconds);
  number = (number << 32n) | BigInt(shard.index);
  return (number << 4n) | 2n;
}

export type ParsedSequenceNumber = {
  /** 2 today; 0 and 1 were AWS's until 2015 and never name a record of ours. */
  readonly version: 0 | 1 | 2;
  readonly createdSeconds: number;
  /** Negative when the number encodes it so. */
  readonly shardIndex: number;
  /** Version 2 only, else 0. What is above 2^53 is given as 2^53 - 1: no record is there. */
  readonly position: Position;
  /** True for a continuation: it stands after the position, not at it. */
  readonly after: boolean;
  /** When the record arrived; 0 in version 0. */
  readonly seconds: number;
};

const VERSION_0_BELOW = 1n << 129n;
const ABSENT_TOP = 1n << 124n;
const NEWER_ABOVE = 1n << 185n;
const NEWER_BELOW = 3n << 184n;
/** AWS refuses creation times from here on. Recorded. */
const CREATED_SECONDS_END = 16_025_175_000;

/** undefined when AWS would call it invalid. `text` is decimal digits, as the model's pattern demands. */
export function parseSequenceNumber(text: string): ParsedSequenceNumber | undefined {
  let number = BigInt(text);
  if (number < ABSENT_TOP) number += ABSENT_TOP;
  const hex = number.toString(16);
  if (number < VERSION_0_BELOW) {
    const createdSeconds = hexField(hex, 1, 10);
    if (createdSeconds >= CREATED_SECONDS_END) return undefined;
    const shardIndex = hexField(hex, 28, 32);
    return { version: 0, createdSeconds, shardIndex, position: 0 as Position, after: false, seconds: 0 };
  }
  if (number <= NEWER_ABOVE || number >= NEWER_BELOW) return undefined;
  if (hex.endsWith('1')) {
    return {
      version: 1,
      createdSeconds: hexField(hex, 1, 10),
      shardIndex: signed(hexField(hex, 38, 46)),
      position: 0 as Position,
      after: false,
      seconds: hexField(hex, 13, 22),
    };
  }
  if (!hex.endsWith('2')) return undefined;
  const position = hexField(hex, 11, 27);
  const createdSeconds = hexField(hex, 1, 10);
  if (hex.charCodeAt(11) > SEVEN || createdSeconds >= CREATED_SECONDS_END) return undefined;
  return {
    version: 2,
    createdSeconds,
    shardIndex: signed(hexField(hex, 38, 46)),
    position: Math.min(position, Number.MAX_SAFE_INTEGER) as Position,
    after: hexField(hex, 27, 29) === AFTER_MARK,
    seconds: hexField(hex, 29, 38),
  };
}

const SEVEN = 0x37;

function hexField(hex: string, from: number, to: number): number {
  return Number.parseInt(hex.slice(from, to), 16);
}

function signed(index: number): number {
  return index > 0x7fff_ffff ? -(index & 0x7fff_ffff) : index;
}
