import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedDice } from '../host/simulated/dice.ts';
import { appendGroups, appendOf, type GivenGroup } from './append.testing.ts';
import type { Position } from './log.ts';
import { openMemoryLog } from './memory/memory-log.ts';
import { asColumns, asRecords, RecordColumns } from './record-columns.ts';
import {
  groupCount,
  groupDataBytes,
  groupFirst,
  groupLast,
  groupPartition,
  groupStarts,
  groupTimeMs,
  takeRecords,
} from './record-group.ts';

const dice = createSimulatedDice(5);

const records = (): Uint8Array[] =>
  Array.from({ length: dice.integer(9) }, () => dice.bytes(dice.integer(200)));

test('groups of an append are read as they were laid out', () => {
  for (let round = 0; round < 200; round++) {
    const given = Array.from({ length: dice.integer(100) }, (_, at): GivenGroup => {
      return { partition: dice.integer(2 ** 31), timeMs: 1e12 + at, records: records() };
    });
    const append = appendOf(given);
    const target = Buffer.concat([Buffer.alloc(8), append.bytes.subarray(0, append.end)]);
    const firsts = given.map(() => 1 + dice.integer(2 ** 40));
    const kept = given.map((_, at) => at).filter((at) => given[at]!.records.length > 0);
    for (const at of kept) append.giveFirst(at, firsts[at]!, target, 8 + append.startOf(at));
    const starts = groupStarts(target, 8, target.length);
    assert.deepEqual(
      starts,
      kept.map((at) => 8 + append.startOf(at)),
    );
    kept.forEach((at, i) => {
      const start = starts[i]!;
      const { partition, timeMs, records: expected } = given[at]!;
      assert.equal(groupPartition(target, start), partition);
      assert.equal(groupTimeMs(target, start), timeMs);
      assert.equal(groupFirst(target, start), firsts[at]);
      assert.equal(groupLast(target, start), firsts[at]! + expected.length - 1);
      assert.equal(groupCount(target, start), expected.length);
      assert.equal(groupDataBytes(target, start), Buffer.concat(expected).length);
      const columns = new RecordColumns();
      takeRecords(target, start, 0, { records: 1000, bytes: 1e6 }, columns);
      const read = asRecords({ records: columns, after: 0 as Position, atEnd: true }).records;
      assert.deepEqual(
        read.map((record) => [Buffer.from(record.bytes), record.position, record.timeMs]),
        expected.map((bytes, record) => [Buffer.from(bytes), firsts[at]! + record, timeMs]),
      );
    });
    if (kept.length > 0) assert.throws(() => groupStarts(target, 8, target.length - 1), RangeError);
  }
});

test('a read as columns is the read', async () => {
  await using log = openMemoryLog();
  await log.createLog('log', [0]);
  for (let round = 0; round < 60; round++) {
    await appendGroups(log, 'log', [{ partition: 0, timeMs: 1000 + round, records: records() }]);
  }
  for (const [after, recordsMax, bytesMax] of [
    [0, 1000, 1e6],
    [10, 100, 1e6],
    [50, 1000, 3000],
    [0, 1, 1],
  ] as const) {
    const from = ['log', 0, after as never, recordsMax, bytesMax] as const;
    const read = await log.read(...from);
    const columns = await log.readColumns(...from);
    const { records, ...rest } = asColumns(read);
    assert.ok(records.length > 0);
    assert.deepEqual(rest, { after: columns.after, atEnd: columns.atEnd });
    assert.equal(columns.records.length, records.length);
    assert.deepEqual(
      [...records.positions.subarray(0, records.length)],
      [...columns.records.positions.subarray(0, records.length)],
    );
    assert.deepEqual(
      read.records.map(({ bytes }) => Buffer.from(bytes)),
      columns.records.sources.map((source, index) =>
        Buffer.from(source.subarray(columns.records.starts[index], columns.records.ends[index])),
      ),
    );
  }
});
