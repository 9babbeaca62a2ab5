import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { test } from 'node:test';
import type { RecordLog } from '../../log/log.ts';
import { bytesOf, callOf, openDataPlane, readAll, textOf } from '../data-plane.testing.ts';
import { createWriteGate } from './write-gate.ts';

const WHOLE = { startingHashKey: '0', endingHashKey: String(2n ** 128n - 1n) };

test('a hold waits for the appends under way and only for them', async () => {
  const gate = createWriteGate();
  const writes = (...shards: number[]) => ({ shardIndexes: () => shards });
  const before = [gate.enter('s'), gate.enter('s')];
  let held = false;
  const holding = gate.hold('s', [1]).then((hold) => {
    held = true;
    return hold;
  });
  assert.ok(gate.held('s', writes(0, 1)));
  assert.equal(gate.held('s', writes(0, 2)), undefined);
  assert.equal(gate.held('other', writes(1)), undefined);
  gate.enter('s');
  gate.leave(before[0]!);
  await nextTurn();
  assert.equal(held, false);
  gate.leave(before[1]!);
  const hold = await holding;
  hold[Symbol.dispose]();
  hold[Symbol.dispose]();
  assert.equal(gate.held('s', writes(1)), undefined);
});

test('a hold waits for appends that fail, too', async () => {
  const plane = openDataPlane();
  const stream = await plane.createStream('s', 1);
  plane.log.append = () => Promise.reject(new Error('disk'));
  const put = plane.putRecord({ StreamName: 's', Data: bytesOf('d'), PartitionKey: 'k' }, callOf());
  const failed = assert.rejects(Promise.resolve(put), /disk/);
  using _hold = await plane.writeHold.hold(stream.id, [0]);
  await failed;
});

test('writes that meet a reshard wait and go to the children; none is lost or late', async () => {
  const plane = openDataPlane();
  const stream = await plane.createStream('s', 1);
  const slow: (() => void)[] = [];
  slowDown(plane.log, slow);
  const put = (text: string) =>
    plane.putRecord({ StreamName: 's', Data: bytesOf(text), PartitionKey: 'k' }, callOf());
  const before = put('before');
  await nextTurn();
  let during: ReturnType<typeof put> | undefined;
  const resharding = plane.reshard(stream.id, [0], [WHOLE], () => {
    during = put('during');
  });
  await nextTurn();
  assert.equal(during, undefined, 'the hold waits for the append under way');
  slow.shift()!();
  await resharding;
  await nextTurn();
  slow.shift()!();
  const answers = await Promise.all([before, during!]);
  assert.deepEqual(
    answers.map((answer) => answer.ShardId),
    ['shardId-000000000000', 'shardId-000000000001'],
  );
  const parent = plane.directory.byId(stream.id)!.shards[0]!;
  assert.equal(plane.log.bounds(stream.id, 0).last, parent.closedPosition);
  const texts = [];
  for (const shard of ['0', '1']) {
    texts.push((await readAll(plane, 's', shard)).map((record) => textOf(record.Data)));
  }
  assert.deepEqual(texts, [['before'], ['during']]);
});

test('after a reshard that failed the waiting writes go to the old shard', async () => {
  const plane = openDataPlane();
  const stream = await plane.createStream('s', 1);
  let during: Promise<{ readonly ShardId: string }> | undefined;
  const failing = plane.reshard(stream.id, [0], [WHOLE], () => {
    const input = { StreamName: 's', Data: bytesOf('d'), PartitionKey: 'k' };
    during = Promise.resolve(plane.putRecord(input, callOf()));
    throw new Error('the catalog is full');
  });
  await assert.rejects(failing, /catalog is full/);
  assert.equal((await during!).ShardId, 'shardId-000000000000');
});

test('a stream deleted while writes wait is not found', async () => {
  const plane = openDataPlane();
  const stream = await plane.createStream('s', 1);
  const hold = await plane.writeHold.hold(stream.id, [0]);
  const put = plane.putRecord({ StreamName: 's', Data: bytesOf('d'), PartitionKey: 'k' }, callOf());
  const outcome = assert.rejects(Promise.resolve(put), { code: 'ResourceNotFoundException' });
  plane.directory.set(stream.id, undefined);
  hold[Symbol.dispose]();
  await outcome;
});

/** Appends wait until they are let go, one by one. */
function slowDown(log: RecordLog, waiting: (() => void)[]): void {
  const append = log.append.bind(log);
  log.append = async (...what) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return append(...what);
  };
}
