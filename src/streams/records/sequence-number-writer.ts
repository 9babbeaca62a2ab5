/**
 * Writes sequence numbers by arithmetic on limbs of eight decimal digits, without BigInt: this runs for every record put and read.
 * The numbers of records that follow one another in a shard differ by 2^80, so the next one is an addition, and only digits that
 * changed are made anew.
 */
import type { Position } from '../../log/log.ts';
import { SEQUENCE_NUMBER_DIGITS, sequenceNumber, type ShardIdentity } from './sequence-number.ts';

const LIMB = 1e8;
const LIMB_DIGITS = 8;
const LIMBS = 7;
const HALF = 1e4;
const WORDS = LIMBS * 2;

/** 2^80 and 2^36, the weights of position and seconds, and 10^4 times these; lowest limb first. */
const POSITION_WEIGHT = limbsOf(1n << 80n, 4);
const POSITION_WEIGHT_HALF = limbsOf((1n << 80n) * 10_000n, 4);
const SECONDS_WEIGHT = limbsOf(1n << 36n, 2);
const SECONDS_WEIGHT_HALF = limbsOf((1n << 36n) * 10_000n, 2);

/** The four digits of each number below 10,000, as a word that is written little-endian. */
const FOUR_DIGITS = Uint32Array.from({ length: HALF }, (_, number) =>
  Buffer.from(String(number).padStart(4, '0')).readUInt32LE(),
);
/** Below this a step of the position is added to the limbs without overflow. */
const STEP_MAX = 1e6;

/** Writes numbers of one shard; cheapest when positions follow one another. */
export class SequenceNumberWriter {
  readonly #base: Float64Array;
  readonly #limbs = new Float64Array(LIMBS);
  /** The digits of the limbs, lowest first. */
  readonly #words = new Uint32Array(WORDS);
  #position = -1;
  #seconds = -1;

  constructor(shard: ShardIdentity) {
    this.#base = limbsOf(BigInt(sequenceNumber(shard, 0 as Position, 0)), LIMBS);
  }

  /** Writes the 56 digits of a record at `target[at]`. */
  write(target: DataView, at: number, position: Position, timeMs: number): void {
    const seconds = Math.floor(timeMs / 1000);
    const step = position - this.#position;
    if (seconds === this.#seconds && step > 0 && step < STEP_MAX) this.#add(step);
    else this.#multiply(position, seconds);
    this.#position = position;
    this.#seconds = seconds;
    const words = this.#words;
    let to = at + SEQUENCE_NUMBER_DIGITS - 4;
    for (let word = 0; word < WORDS; word++, to -= 4) target.setUint32(to, words[word]!, true);
  }

  #add(step: number): void {
    const limbs = this.#limbs;
    for (let limb = 0; limb < 4; limb++) limbs[limb]! += step * POSITION_WEIGHT[limb]!;
    this.#carry(4);
  }

  /** The base, plus position × 2^80, plus seconds × 2^36, in factors below 10^4 so that no product reaches 2^53. */
  #multiply(position: number, seconds: number): void {
    const limbs = this.#limbs;
    limbs.set(this.#base);
    const high = Math.floor(position / LIMB);
    this.#addProduct(position - high * LIMB, POSITION_WEIGHT, POSITION_WEIGHT_HALF, 0);
    this.#addProduct(high, POSITION_WEIGHT, POSITION_WEIGHT_HALF, 1);
    const highSeconds = Math.floor(seconds / LIMB);
    this.#addProduct(seconds - highSeconds * LIMB, SECONDS_WEIGHT, SECONDS_WEIGHT_HALF, 0);
    this.#addProduct(highSeconds, SECONDS_WEIGHT, SECONDS_WEIGHT_HALF, 1);
    this.#carry(LIMBS);
  }

  /** Adds `factor`, which is below 10^8, times the weight, to the limbs from `from` on. */
  #addProduct(factor: number, weight: Float64Array, weightHalf: Float64Array, from: number): void {
    const limbs = this.#limbs;
    const upper = Math.floor(factor / HALF);
    const lower = factor - upper * HALF;
    for (let limb = 0; limb < weight.length; limb++) {
      limbs[from + limb]! += lower * weight[limb]! + upper * weightHalf[limb]!;
    }
  }

  /** Carries over what limbs hold too much, and writes the digits of those that changed: the lowest `changed`, and as far as a carry goes. */
  #carry(changed: number): void {
    const limbs = this.#limbs;
    const words = this.#words;
    let carry = 0;
    for (let limb = 0; limb < LIMBS && (limb < changed || carry > 0); limb++) {
      let value = limbs[limb]! + carry;
      carry = 0;
      if (value >= LIMB) {
        carry = Math.floor(value / LIMB);
        value -= carry * LIMB;
      }
      limbs[limb] = value;
      const digits = value | 0;
      const upper = (digits / HALF) | 0;
      words[limb * 2] = FOUR_DIGITS[digits - upper * HALF]!;
      words[limb * 2 + 1] = FOUR_DIGITS[upper]!;
    }
  }
}

function limbsOf(number: bigint, limbs: number): Float64Array {
  const digits = String(number).padStart(limbs * LIMB_DIGITS, '0');
  return Float64Array.from({ length: limbs }, (_, limb) => {
    const end = digits.length - limb * LIMB_DIGITS;
    return Number(digits.slice(end - LIMB_DIGITS, end));
  });
}
