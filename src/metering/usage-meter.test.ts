import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Catalog } from '../catalog/catalog.ts';
import { openSqliteCatalog } from '../catalog/sqlite/open.ts';
import { realDisk } from '../host/real/disk.ts';
import { createSimulatedClock } from '../host/simulated/clock.ts';
import { UsageMeter } from './usage-meter.ts';

const HOUR_MS = 3_600_000;

async function open() {
  const catalog = await openSqliteCatalog({ host: { disk: realDisk }, path: ':memory:' });
  const clock = createSimulatedClock();
  const failures: unknown[] = [];
  const state = { broken: false };
  const breakable: Catalog = {
    ...catalog,
    transact: (change) => {
      if (state.broken) return Promise.reject(new Error('disk full'));
      return catalog.transact(change);
    },
  };
  const meter = new UsageMeter({ catalog: breakable, clock, onFailure: (error) => failures.push(error) });
  const rows = () =>
    catalog.read((transaction) =>
      transaction
        .selectFrom('usage')
        .select(['resource_id', 'hour_ms', 'counter', 'amount'])
        .orderBy('resource_id')
        .orderBy('hour_ms')
        .orderBy('counter')
        .execute(),
    );
  return { catalog, clock, meter, rows, failures, state };
}

test('counters are added up in the row of their hour', async () => {
  const { clock, meter, rows } = await open();
  const start = Math.floor(clock.now() / HOUR_MS) * HOUR_MS;
  meter.stream('a').recordsIn += 3;
  meter.stream('a').putPayloadUnits += 5;
  await meter.write();
  meter.stream('a').recordsIn += 4;
  meter.stream('b').shardMs += 0.5;
  await clock.advance(20_000);
  await meter.write();
  assert.deepEqual(await rows(), [
    { resource_id: 'a', hour_ms: start, counter: 'putPayloadUnits', amount: 5 },
    { resource_id: 'a', hour_ms: start, counter: 'recordsIn', amount: 7 },
    { resource_id: 'b', hour_ms: start, counter: 'shardMs', amount: 0.5 },
  ]);
});

test('what is counted just before an hour ends is written as that hour', async () => {
  const { clock, meter, rows } = await open();
  const start = Math.floor(clock.now() / HOUR_MS) * HOUR_MS;
  await clock.advance(start + HOUR_MS - 1 - clock.now());
  meter.stream('a').recordsIn += 1;
  await clock.advance(2);
  meter.stream('a').recordsIn += 10;
  await meter[Symbol.asyncDispose]();
  assert.deepEqual(
    (await rows()).map((row) => [row.hour_ms, row.amount]),
    [
      [start, 1],
      [start + HOUR_MS, 10],
    ],
  );
});

test('what could not be written is kept, told, and written later, once', async () => {
  const { clock, meter, rows, failures, state } = await open();
  state.broken = true;
  for (let second = 0; second < 60; second++) {
    meter.stream('a').bytesIn += 1;
    await clock.advance(1000);
  }
  await meter.write();
  assert.ok(failures.length > 2);
  assert.deepEqual(await rows(), []);
  state.broken = false;
  await meter.write();
  await meter.write();
  assert.deepEqual(
    (await rows()).map((row) => row.amount),
    [60],
  );
});

test('a forgotten stream is written before it goes', async () => {
  const { meter, rows } = await open();
  const counters = meter.stream('a');
  assert.equal(meter.stream('a'), counters);
  counters.recordsOut += 2;
  meter.forget('a');
  await meter.write();
  assert.deepEqual(
    (await rows()).map((row) => row.amount),
    [2],
  );
  assert.notEqual(meter.stream('a'), counters);
});

test('a thousand streams are written at once', async () => {
  const { meter, rows } = await open();
  for (let stream = 0; stream < 1000; stream++) meter.stream(`s${stream}`).recordsIn = 1;
  await meter.write();
  assert.equal((await rows()).length, 1000);
});
