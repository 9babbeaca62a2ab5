/**
 * Sequence numbers: AWS's 56 decimal digits, derived and never stored. The number in hexadecimal, 47 digits, version 2
 * (kinesis.md §5.1, recorded from AWS):
 *
 *     2 · created seconds of the shard (9) · shard index mod 16 (1) · position (16, below 8 × 16^15)
 *       · mark (2) · seconds of the record's arrival (9) · shard index (8) · 2
 *
 * The position is the record's place in the log, so numbers grow within a shard, and a child's are above its parents' because
 * its created second is. The mark is 00 for records. 01 is ours, for SubscribeToShard's ContinuationSequenceNumber: "just after
 * this position"; it sorts between a record and the next, so that starting AT or AFTER it mean the same, as AWS says.
 *
 * Numbers are written by arithmetic on limbs of seven digits, without BigInt: this runs for every record put and read.
 */
import { assert } from '../../base/assert.ts';
import type { Position } from '../../log/log.ts';
import type { Shard } from '../directory/stream.ts';

export const SEQUENCE_NUMBER_DIGITS = 56;

type ShardIdentity = Pick<Shard, 'index' | 'createdSeconds'>;

const LIMB = 1e7;
const LIMB_DIGITS = 7;
const LIMBS = 8;
/** 2^80 and 2^36, the weights of position and seconds, in limbs, lowest first. */
const POSITION_WEIGHT = [4706176, 1462917, 9258196, 1208] as const;
const SECONDS_WEIGHT = [9476736, 6871] as const;
/** Two digits a number below 100. */
const PAIRS = Uint8Array.from({ length: 200 }, (_, at) =>
  at % 2 === 0 ? 48 + Math.floor(at / 20) : 48 + ((at >> 1) % 10),
);
/** Below this a step of the position is added to the limbs without overflow. */
const STEP_MAX = 1e6;

/** What all numbers of a shard share, in limbs: made once a shard, with BigInt. */
export type SequenceNumberBase = Float64Array & { readonly base: unique symbol };

export function sequenceNumberBase(shard: ShardIdentity): SequenceNumberBase {
  return limbsOf(assembled(shard, 0n, RECORD_MARK, 0)) as SequenceNumberBase;
}

/** Writes the sequence numbers of a run of one shard's records; cheapest when positions follow one another. */
export class SequenceNumberWriter {
  readonly #base: SequenceNumberBase;
  readonly #limbs = new Float64Array(LIMBS);
  #position = -1;
  #seconds = -1;
  #target: Uint8Array | undefined;
  #at = 0;

  constructor(base: SequenceNumberBase) {
    this.#base = base;
  }

  /** Writes the 56 digits of a record at `target[at]`. What was written into the same target before must still be there. */
  write(target: Uint8Array, at: number, position: Position, timeMs: number): void {
    const seconds = Math.floor(timeMs / 1000);
    const step = position - this.#position;
    const limbs = this.#limbs;
    let changed = LIMBS;
    if (seconds === this.#seconds && step > 0 && step < STEP_MAX) {
      changed = POSITION_WEIGHT.length;
      for (let index = 0; index < changed; index++) limbs[index]! += step * POSITION_WEIGHT[index]!;
      if (target !== this.#target) changed = LIMBS;
    } else this.#multiply(position, seconds);

    let carry = 0;
    let end = at + SEQUENCE_NUMBER_DIGITS;
    for (let index = 0; index < changed || (carry > 0 && index < LIMBS); index++, end -= LIMB_DIGITS) {
      let value = limbs[index]! + carry;
      if (value >= LIMB) {
        carry = Math.floor(value / LIMB);
        value -= carry * LIMB;
      } else carry = 0;
      limbs[index] = value;
      writeSevenDigits(target, end - LIMB_DIGITS, value | 0);
    }
    // The higher limbs are those of the record before.
    for (let to = at, from = this.#at; to < end; to++, from++) target[to] = target[from]!;
    this.#position = position;
    this.#seconds = seconds;
    this.#target = target;
    this.#at = at;
  }

  /** The base, plus position × 2^80, plus seconds × 2^36; limbs hold less than 2^53, not yet carried. */
  #multiply(position: number, seconds: number): void {
    const [w0, w1, w2, w3] = POSITION_WEIGHT;
    const [v0, v1] = SECONDS_WEIGHT;
    const base = this.#base;
    const limbs = this.#limbs;
    const p2 = Math.floor(position / 1e14);
    const p1 = Math.floor((position - p2 * 1e14) / LIMB);
    const p0 = position - p2 * 1e14 - p1 * LIMB;
    const s1 = Math.floor(seconds / LIMB);
    const s0 = seconds - s1 * LIMB;
    limbs[0] = base[0]! + p0 * w0 + s0 * v0;
    limbs[1] = base[1]! + p0 * w1 + p1 * w0 + s0 * v1 + s1 * v0;
    limbs[2] = base[2]! + p0 * w2 + p1 * w1 + p2 * w0 + s1 * v1;
    limbs[3] = base[3]! + p0 * w3 + p1 * w2 + p2 * w1;
    limbs[4] = base[4]! + p1 * w3 + p2 * w2;
    limbs[5] = base[5]! + p2 * w3;
    limbs[6] = base[6]!;
    limbs[7] = base[7]!;
  }
}

function writeSevenDigits(target: Uint8Array, at: number, value: number): void {
  const high = (value / 10_000) | 0;
  const low = value - high * 10_000;
  const top = (high / 100) | 0;
  const highPair = (high - top * 100) * 2;
  const middle = (low / 100) | 0;
  const lowPair = (low - middle * 100) * 2;
  target[at] = 48 + top;
  target[at + 1] = PAIRS[highPair]!;
  target[at + 2] = PAIRS[highPair + 1]!;
  target[at + 3] = PAIRS[middle * 2]!;
  target[at + 4] = PAIRS[middle * 2 + 1]!;
  target[at + 5] = PAIRS[lowPair]!;
  target[at + 6] = PAIRS[lowPair + 1]!;
}

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

function limbsOf(number: bigint): Float64Array {
  const digits = String(number);
  assert(digits.length === SEQUENCE_NUMBER_DIGITS, 'a sequence number has 56 digits');
  return Float64Array.from({ length: LIMBS }, (_, index) =>
    Number(digits.slice(digits.length - 7 * (index + 1), digits.length - 7 * index)),
  );
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
/** AWS refuses creation times from here on. Recorded, kinesis.md §5.1. */
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
