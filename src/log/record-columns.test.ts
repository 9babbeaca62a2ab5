import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecordColumns } from './record-columns.ts';

const RECORDS = 5000;
const SOURCE = new Uint8Array(8);

function fill(columns: RecordColumns, from: number): RecordColumns {
  for (let i = 0; i < RECORDS; i++) columns.add(SOURCE, from + i, from + i + 1, from + i + 2, from + i + 3);
  return columns;
}

function assertFilled(columns: RecordColumns, from: number): void {
  const { length, starts, ends, positions, timesMs } = columns;
  assert.equal(length, RECORDS);
  for (let i = 0; i < length; i++) {
    const row = [starts[i], ends[i], positions[i], timesMs[i]];
    assert.deepEqual(row, [from + i, from + i + 1, from + i + 2, from + i + 3]);
  }
}

test('columns of large reads are used again, but never by two reads at a time', () => {
  const first = fill(new RecordColumns(10_000), 0);
  const { starts, timesMs } = first;
  first.release();
  first.release();
  const second = fill(new RecordColumns(10_000), 10_000);
  const third = fill(new RecordColumns(10_000), 20_000);
  assert.equal(second.starts, starts);
  assert.equal(second.timesMs, timesMs);
  assertFilled(second, 10_000);
  assertFilled(third, 20_000);
  second.release();
  // What is free and too small is not taken.
  const unbounded = fill(fill(new RecordColumns(), 0), 5000);
  fill(unbounded, 10_000);
  assert.equal(unbounded.starts[14_999], 14_999);
  assertFilled(third, 20_000);
});
