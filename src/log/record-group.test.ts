import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedDice } from '../host/simulated/dice.ts';
import type { LaidRecords } from './log.ts';
import { openMemoryLog } from './memory/memory-log.ts';
import { asColumns } from './record-columns.ts';
import { encodedGroupBytes, encodeGroup, recordViews } from './record-group.ts';

const dice = createSimulatedDice(5);

/** The same records both ways, with others before and after them. */
function bothWays(): { readonly views: readonly Uint8Array[]; readonly laid: LaidRecords } {
  const views = Array.from({ length: dice.integer(9) }, () => dice.bytes(dice.integer(200)));
  const before = dice.integer(20);
  const skipped = dice.integer(4);
  const data = Buffer.concat(views);
  return {
    views,
    laid: {
      length: views.length,
      bytes: Buffer.concat([dice.bytes(before), data, dice.bytes(5)]),
      start: before,
      end: before + data.length,
      lengths: Int32Array.from([...Array(skipped).fill(7), ...views.map(({ length }) => length), 9]),
      lengthsFrom: skipped,
    },
  };
}

test('records laid end to end are the same group as a list of views', () => {
  for (let round = 0; round < 200; round++) {
    const { views, laid } = bothWays();
    assert.deepEqual(
      recordViews(laid).map((view) => Buffer.from(view)),
      views.map((view) => Buffer.from(view)),
    );
    const encoded = [views, laid].map((records) => {
      const target = new Uint8Array(encodedGroupBytes(records) + 8);
      const { bytes: _bytes, ...group } = encodeGroup(target, 8, {
        partition: 3,
        timeMs: 1e12,
        first: 77,
        records,
      });
      return { target, group };
    });
    assert.deepEqual(encoded[1], encoded[0]);
  }
});

test('a read as columns is the read', async () => {
  await using log = openMemoryLog();
  await log.createLog('log', [0]);
  for (let round = 0; round < 60; round++) {
    const { laid } = bothWays();
    await log.append('log', [{ partition: 0, timeMs: 1000 + round, records: laid }]);
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
