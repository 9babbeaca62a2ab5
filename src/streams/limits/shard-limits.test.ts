import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AWS_LIMITS, NO_LIMITS, type Limits } from '../../config/limits.ts';
import { createSimulatedClock } from '../../host/simulated/clock.ts';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { createShardLimits } from './shard-limits.ts';

const MIB = 2 ** 20;

function limited(changes: Partial<Limits> = {}) {
  const clock = createSimulatedClock();
  const limits = createShardLimits({ clock, limits: { ...AWS_LIMITS, ...changes } });
  const write = (bytes: number, shard = 0) => limits.writes('s', shard)!.admit(bytes);
  return { clock, limits, write };
}

test('a shard takes 1,000 records a second', async () => {
  const { clock, write } = limited();
  for (let record = 0; record < 1000; record++) assert.ok(write(1), `${record}`);
  assert.equal(write(1), false);
  assert.equal(write(1), false);
  await clock.advance(10);
  for (let record = 0; record < 10; record++) assert.ok(write(1));
  assert.equal(write(1), false);
  await clock.advance(5000);
  for (let record = 0; record < 1000; record++) assert.ok(write(1), `${record}`);
  assert.equal(write(1), false);
});

test('a shard takes 1 MiB a second, and another shard its own', async () => {
  const { clock, write } = limited();
  assert.ok(write(MIB));
  assert.equal(write(1), false);
  assert.ok(write(MIB, 1));
  await clock.advance(500);
  assert.equal(write(MIB / 2 + 1), false);
  assert.ok(write(MIB / 2));
});

test('any legal record passes a full bucket, which is then in debt', async () => {
  const { clock, write } = limited();
  assert.ok(write(10 * MIB));
  await clock.advance(8999);
  assert.equal(write(0), false, 'still in debt');
  await clock.advance(501);
  assert.ok(write(MIB / 2));
  await clock.advance(999);
  assert.equal(write(10 * MIB), false, 'not full');
  await clock.advance(1);
  assert.ok(write(10 * MIB));
});

test('over any time no more passes than the rate, and a second of it at once', async () => {
  const dice = createSimulatedDice(5);
  const { clock, write } = limited();
  let passed = 0;
  let records = 0;
  let elapsedMs = 0;
  for (let step = 0; step < 20_000; step++) {
    const bytes = dice.integer(20_000);
    if (write(bytes)) {
      passed += bytes;
      records += 1;
    }
    assert.ok(passed <= (MIB * (elapsedMs + 1000)) / 1000 + 1);
    assert.ok(records <= elapsedMs + 1000 + 1e-6);
    if (step % 3 === 0) {
      const ms = dice.integer(10);
      elapsedMs += ms;
      await clock.advance(ms);
    }
  }
  assert.ok(passed > (MIB * elapsedMs * 0.95) / 1000, 'what the rate allows does pass');
});

test('five reads a second, and a rest until more than a second of bytes is paid for', async () => {
  const { clock, limits } = limited();
  for (let read = 0; read < 5; read++) assert.ok(limits.admitRead('s', 0));
  assert.equal(limits.admitRead('s', 0), false);
  await clock.advance(1000);
  assert.ok(limits.admitRead('s', 0));
  limits.countRead('s', 0, 2 * MIB);
  assert.ok(limits.admitRead('s', 0), 'a second of bytes at once');
  limits.countRead('s', 0, 2 * MIB);
  await clock.advance(1999);
  assert.equal(limits.admitRead('s', 0), false);
  await clock.advance(1);
  assert.ok(limits.admitRead('s', 0));
});

test('nothing is kept of shards that are idle', async () => {
  const { clock, limits, write } = limited();
  for (let shard = 0; shard < 100; shard++) write(MIB, shard);
  limits.admitRead('other', 1);
  limits.admitIterator('other', 2);
  write(100 * MIB, 5);
  assert.equal(limits.remembered(), 102);
  await clock.advance(10_000);
  assert.equal(limits.remembered(), 0);
  write(100 * MIB, 5);
  await clock.advance(50_000);
  assert.equal(limits.remembered(), 1, 'a shard in debt is not forgotten');
  await clock.advance(100_000);
  assert.equal(limits.remembered(), 0);
  assert.equal(clock.nextTimerMs(), undefined);
});

test('without limits nothing is refused and nothing is kept', () => {
  const { limits } = limited(NO_LIMITS);
  assert.equal(limits.writes('s', 0), undefined);
  for (let call = 0; call < 100; call++) {
    assert.ok(limits.admitRead('s', 0));
    limits.countRead('s', 0, 100 * MIB);
    assert.ok(limits.admitIterator('s', 0));
  }
  assert.equal(limits.remembered(), 0);
});

test('each limit can be lifted alone', () => {
  const bytes = limited({ shardWriteRecordsPerSecond: Infinity });
  for (let record = 0; record < 5000; record++) assert.ok(bytes.write(1));
  assert.equal(bytes.write(MIB), false);
  const records = limited({ shardWriteBytesPerSecond: Infinity });
  for (let record = 0; record < 1000; record++) assert.ok(records.write(MIB));
  assert.equal(records.write(1), false);
  const reads = limited({ shardReadsPerSecond: Infinity });
  for (let call = 0; call < 100; call++) assert.ok(reads.limits.admitRead('s', 0));
  reads.limits.countRead('s', 0, 10 * MIB);
  assert.equal(reads.limits.admitRead('s', 0), false);
});
