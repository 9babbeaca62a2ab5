import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bitsFor, encodeHybrid } from './hybrid.ts';

/** Straight from Parquet's description of the encoding. */
function decode(bytes: Buffer, length: number, bits: number): readonly number[] {
  const values: number[] = [];
  let at = 0;
  const unsigned = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (values.length < length) {
    const header = unsigned();
    if ((header & 1) === 0) {
      let value = 0;
      for (let shift = 0; shift < bits; shift += 8) value |= bytes[at++]! << shift;
      for (let count = header >> 1; count > 0; count -= 1) values.push(value);
      continue;
    }
    const packed = bytes.subarray(at, at + (header >> 1) * bits);
    assert.equal(packed.length, (header >> 1) * bits);
    at += packed.length;
    for (let index = 0; index < (header >> 1) * 8; index += 1) {
      let value = 0;
      for (let bit = 0; bit < bits; bit += 1)
        value |= ((packed[(index * bits + bit) >> 3]! >> ((index * bits + bit) & 7)) & 1) << bit;
      values.push(value);
    }
  }
  assert.equal(at, bytes.length);
  assert.ok(values.slice(length).every((value) => value === 0) && values.length < length + 8);
  return values.slice(0, length);
}

test('what is encoded is decoded: runs and packed stretches of every length, at every width', () => {
  let state = 7;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * limit);
  };
  for (let round = 0; round < 3000; round += 1) {
    const bits = 1 + below(20);
    const values: number[] = [];
    for (let stretch = below(8); stretch > 0; stretch -= 1) {
      const value = below(2 ** bits);
      const isRun = below(2) === 0;
      for (let count = below(30); count > 0; count -= 1) values.push(isRun ? value : below(2 ** bits));
    }
    assert.deepEqual(
      decode(encodeHybrid(Int32Array.from(values), values.length, bits), values.length, bits),
      values,
    );
  }
});

test('a run is small', () => {
  assert.equal(encodeHybrid(new Uint8Array(20_000).fill(1), 20_000, 1).length, 4);
  assert.deepEqual([0, 1, 2, 3, 4, 255, 256].map(bitsFor), [0, 1, 2, 2, 3, 8, 9]);
});
