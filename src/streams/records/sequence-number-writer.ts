/**
 * Writes sequence numbers by arithmetic on limbs of four decimal digits, without BigInt: this runs for every record put and read.
 * The numbers of records that follow one another in a shard differ by 2^80, so the next one is an addition, which
 * changes the lower half of the digits and hardly ever the upper.
 */
import type { Position } from '../../log/log.ts';
import { SEQUENCE_NUMBER_DIGITS, sequenceNumber, type ShardIdentity } from './sequence-number.ts';

const LIMB = 1e4;
const LIMB_DIGITS = 4;
const LIMBS = SEQUENCE_NUMBER_DIGITS / LIMB_DIGITS;

/** 2^80 and 2^36, the weights of position and seconds; lowest limb first. */
const POSITION_WEIGHT = limbsOf(1n << 80n, 7);
const STEP_WEIGHT = limbsOf(1n << 80n, LIMBS);
const SECONDS_WEIGHT = limbsOf(1n << 36n, 3);

/** The four digits of each number below 10,000, as a word that is written little-endian. */
const FOUR_DIGITS = Uint32Array.from({ length: LIMB }, (_, number) =>
  Buffer.from(String(number).padStart(LIMB_DIGITS, '0')).readUInt32LE(),
);
/** Up to this a step of the position times a limb of its weight is below 2^31, with what is carried. */
const STEP_MAX = 2e5;

/** Writes numbers of one shard; cheapest when positions follow one another. */
export class SequenceNumberWriter {
  readonly #base: Int32Array;
  readonly #limbs = new Int32Array(LIMBS);
  #position = -1;
  #seconds = -1;
  #timeMs = -1;

  constructor(shard: ShardIdentity) {
    this.#base = limbsOf(BigInt(sequenceNumber(shard, 0 as Position, 0)), LIMBS);
  }

  /** Writes the 56 digits of a record at `target[at]`. */
  write(target: DataView, at: number, position: Position, timeMs: number): void {
    const seconds = Math.floor(timeMs / 1000);
    const step = position - this.#position;
    if (seconds !== this.#seconds || step <= 0 || step > STEP_MAX) this.#multiply(position, seconds);
    else if (step === 1) this.#addOne();
    else this.#addProduct(step, POSITION_WEIGHT, 0);
    this.#position = position;
    this.#seconds = seconds;
    this.#timeMs = timeMs;
    const limbs = this.#limbs;
    let to = at + SEQUENCE_NUMBER_DIGITS - LIMB_DIGITS;
    for (let limb = 0; limb < LIMBS; limb++, to -= LIMB_DIGITS) {
      target.setUint32(to, FOUR_DIGITS[limbs[limb]!]!, true);
    }
  }

  /** The same where the number stands that was written last: only digits that change are written when it is the next one's. */
  writeNext(target: DataView, at: number, position: Position, timeMs: number): void {
    if (position !== this.#position + 1 || timeMs !== this.#timeMs) {
      this.write(target, at, position, timeMs);
      return;
    }
    this.#position = position;
    const limbs = this.#limbs;
    let to = at + SEQUENCE_NUMBER_DIGITS - LIMB_DIGITS;
    let carry = 0;
    for (let limb = 0; limb < POSITION_WEIGHT.length || carry > 0; limb++, to -= LIMB_DIGITS) {
      const sum = limbs[limb]! + STEP_WEIGHT[limb]! + carry;
      carry = carryOf(sum);
      const value = sum - carry * LIMB;
      limbs[limb] = value;
      target.setUint32(to, FOUR_DIGITS[value]!, true);
    }
  }

  /** Adds the weight of a position. A sum of two limbs carries one at the most, so that nothing is divided. */
  #addOne(): void {
    const limbs = this.#limbs;
    let carry = 0;
    for (let limb = 0; limb < POSITION_WEIGHT.length; limb++) {
      const sum = limbs[limb]! + POSITION_WEIGHT[limb]! + carry;
      carry = carryOf(sum);
      limbs[limb] = sum - carry * LIMB;
    }
    this.#carry(POSITION_WEIGHT.length, carry);
  }

  /** The base, plus position × 2^80, plus seconds × 2^36. */
  #multiply(position: number, seconds: number): void {
    this.#limbs.set(this.#base);
    this.#addProducts(position, POSITION_WEIGHT);
    this.#addProducts(seconds, SECONDS_WEIGHT);
  }

  /** A whole number of any size times the weight. */
  #addProducts(factor: number, weight: Int32Array): void {
    let rest = factor;
    for (let from = 0; rest > 0; from++) {
      const upper = Math.floor(rest / LIMB);
      this.#addProduct(rest - upper * LIMB, weight, from);
      rest = upper;
    }
  }

  /** Adds `factor`, which is at most `STEP_MAX`, times the weight, to the limbs from `from` on. */
  #addProduct(factor: number, weight: Int32Array, from: number): void {
    const limbs = this.#limbs;
    let carry = 0;
    for (let limb = 0; limb < weight.length; limb++) {
      const value = limbs[from + limb]! + factor * weight[limb]! + carry;
      carry = (value / LIMB) | 0;
      limbs[from + limb] = value - carry * LIMB;
    }
    this.#carry(from + weight.length, carry);
  }

  #carry(from: number, given: number): void {
    const limbs = this.#limbs;
    for (let limb = from, carry = given; carry > 0; limb++) {
      const value = limbs[limb]! + carry;
      carry = (value / LIMB) | 0;
      limbs[limb] = value - carry * LIMB;
    }
  }
}

/** Of the sum of two limbs. Whether it carries is as good as random, so that a branch would often be foretold wrongly. */
function carryOf(sum: number): number {
  return (LIMB - 1 - sum) >>> 31;
}

function limbsOf(number: bigint, limbs: number): Int32Array {
  const digits = String(number).padStart(limbs * LIMB_DIGITS, '0');
  return Int32Array.from({ length: limbs }, (_, limb) => {
    const end = digits.length - limb * LIMB_DIGITS;
    return Number(digits.slice(end - LIMB_DIGITS, end));
  });
}
