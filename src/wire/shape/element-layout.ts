/**
 * How the last element of a list was written: which members in which order, and the bytes around their values. Programs write one element
 * like the other, so that the next can be read by comparing with the last instead of by looking for what may be there.
 */
export class ElementLayout {
  /** How many values the element has; of each its member, and what stands before it: from the end of the value before, on. */
  values = 0;
  readonly members: Int32Array;
  readonly gapsAt: Int32Array;
  readonly gapBytes: Int32Array;
  /** Where the last value ends (in JSON its quote stands there); -1 when there is none. */
  end = -1;

  constructor(members: number) {
    this.members = new Int32Array(members);
    this.gapsAt = new Int32Array(members);
    this.gapBytes = new Int32Array(members);
  }

  /** The next element begins. */
  begin(): void {
    // Nothing stands for an element that has no values.
    if (this.values === 0) this.end = -1;
    this.values = 0;
  }

  /** The same in a format without quotes: what stands before the first value is counted from here. */
  beginAt(start: number): void {
    this.values = 0;
    this.end = start;
  }

  /** A value of the element, after its opening quote and before its closing one; or from the length that is written before it. */
  add(member: number, start: number, end: number): void {
    const value = this.values++;
    this.members[value] = member;
    this.gapsAt[value] = this.end;
    this.gapBytes[value] = start - this.end;
    this.end = end;
  }

  /** Whether the next element can be compared with this one. */
  get repeats(): boolean {
    return this.values > 0 && this.gapsAt[0] !== -1;
  }

  /** The member to expect after the last one. */
  get following(): number {
    return this.values === 0 ? 0 : this.members[this.values - 1]! + 1;
  }
}

const WORD_BYTES = 8;

/** Whether `length` bytes at both places are the same. Only compared, BigInts are machine words: none is made. */
export function sameBytes(view: DataView, one: number, other: number, length: number): boolean {
  if (other + length > view.byteLength) return false;
  const last = length - WORD_BYTES;
  if (last < 0) {
    for (let done = 0; done < length; done++) {
      if (view.getUint8(one + done) !== view.getUint8(other + done)) return false;
    }
    return true;
  }
  for (let done = 0; done < last; done += WORD_BYTES) {
    if (view.getBigInt64(one + done) !== view.getBigInt64(other + done)) return false;
  }
  // It may lie over the word before it.
  return view.getBigInt64(one + last) === view.getBigInt64(other + last);
}
