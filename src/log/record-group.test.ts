import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedDice } from '../host/simulated/dice.ts';
import { appendGroups, appendOf, type GivenGroup } from './append.testing.ts';
import type { Position } from './log.ts';
import { openMemoryLog } from './memory/memory-log.ts';
import { asColumns, asRecords, RecordColumns } from './record-columns.ts';
import { decodeGroups, takeRecords } from './record-group.ts';

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
    const numbered = given.flatMap((group, at) =>
      group.records.length === 0 ? [] : [append.groupAt(at, firsts[at]!, target, 8)],
    );
    assert.deepEqual([...decodeGroups(target, 8, target.length)], numbered);
    for (const group of numbered) {
      const columns = new RecordColumns();
      takeRecords(group, 0, { records: 1000, bytes: 1e6 }, columns);
      const from = given[firsts.indexOf(group.first)]!;
      const read = asRecords({ records: columns, after: 0 as Position, atEnd: true }).records;
      assert.deepEqual(
        read.map(({ bytes, position, timeMs }) => [Buffer.from(bytes), position, timeMs]),
        from.records.map((bytes, at) => [Buffer.from(bytes), group.first + at, from.timeMs]),
      );
      assert.equal(group.partition, from.partition);
    }
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
