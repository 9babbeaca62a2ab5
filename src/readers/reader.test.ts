import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedClock } from '../host/simulated/clock.ts';
import type { Checkpoints } from './checkpoints.ts';
import { createMemoryCheckpoints } from './memory-checkpoints.ts';
import { Reader, type ReaderParts } from './reader.ts';
import type { StartingPoint } from './record-source.ts';
import { TestSource } from './source.testing.ts';

/** Everything that is ready has run. */
const settled = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

async function open(
  options: {
    source?: TestSource;
    checkpoints?: Checkpoints;
    start?: StartingPoint;
    finishes?: boolean;
    changes?: Partial<ReaderParts>;
  } = {},
) {
  const { source = new TestSource(), checkpoints = createMemoryCheckpoints() } = options;
  const clock = createSimulatedClock();
  const ownership = await checkpoints.claim('r', 'test');
  const seen: string[] = [];
  const gone: string[] = [];
  const failures: unknown[] = [];
  const reader: Reader = new Reader({
    source,
    clock,
    checkpoints,
    ownership,
    start: options.start ?? { kind: 'oldest' },
    parallel: 2,
    recordsMax: 2,
    bytesMax: 1000,
    room: async () => {},
    async take(unit, read) {
      for (const { data } of read.records) seen.push(`${unit}:${Buffer.from(data).toString()}`);
      const { after, finished } = read;
      await checkpoints.write(ownership, [{ unit, position: after, finished }]);
      if (finished && options.finishes !== false) reader.finish(unit);
    },
    onBegin: () => {},
    onGone: (unit) => gone.push(unit),
    onFailure: (error) => failures.push(error),
    ...options.changes,
  });
  return { source, checkpoints, clock, reader, seen, gone, failures };
}

test('reads what is there and what comes, and goes on at its checkpoint', async () => {
  const { source, checkpoints, reader, seen } = await open();
  source.add('a');
  source.put('a', '1', '2', '3');
  reader.start();
  await settled();
  source.put('a', '4');
  await settled();
  assert.deepEqual(seen, ['a:1', 'a:2', 'a:3', 'a:4']);
  await reader[Symbol.asyncDispose]();
  source.put('a', '5');
  await settled();
  assert.equal(seen.length, 4);
  const again = await open({ source, checkpoints, start: { kind: 'latest' } });
  again.reader.start();
  await settled();
  assert.deepEqual(again.seen, ['a:5']);
});

test('children wait until all of their parents is safe', async () => {
  const { source, reader, seen, checkpoints } = await open({ finishes: false });
  source.add('a');
  source.add('b');
  source.put('a', '1');
  source.put('b', '2');
  source.close('a');
  source.close('b');
  source.add('c', ['a', 'b']);
  source.put('c', '3');
  reader.start();
  await settled();
  assert.deepEqual(seen.toSorted(), ['a:1', 'b:2']);
  assert.deepEqual(reader.counts(), { reading: 2, waiting: 1 });
  reader.finish('a');
  await settled();
  assert.equal(seen.length, 2);
  reader.finish('b');
  await settled();
  assert.deepEqual(seen.at(-1), 'c:3');
  await reader[Symbol.asyncDispose]();
  const again = await open({ source, checkpoints });
  again.reader.start();
  await settled();
  assert.deepEqual(again.seen, [], 'finished units are not read again');
  source.put('c', '4');
  await settled();
  assert.deepEqual(again.seen, ['c:4']);
});

test('a start at a time or at the newest is for units that are there; later ones are read whole', async () => {
  for (const start of [{ kind: 'latest' }, { kind: 'time', timeMs: 3 }] as const) {
    const { source, reader, seen } = await open({ start });
    source.add('a');
    source.put('a', '1', '2');
    reader.start();
    await settled();
    source.put('a', '3');
    source.close('a');
    source.add('b', ['a']);
    source.put('b', '4');
    await settled();
    assert.deepEqual(seen, ['a:3', 'b:4']);
    await reader[Symbol.asyncDispose]();
  }
});

test('a unit that goes away is told of, and holds no child back', async () => {
  const { source, reader, seen, gone, checkpoints } = await open({ finishes: false });
  source.add('a');
  source.put('a', '1');
  source.close('a');
  source.add('b', ['a']);
  source.put('b', '2');
  reader.start();
  await settled();
  source.drop('a');
  await settled();
  assert.deepEqual([seen, gone], [['a:1', 'b:2'], ['a']]);
  assert.deepEqual([...(await checkpoints.claim('r', 'other')).checkpoints.keys()], ['b']);
});

test('waits for whoever takes, and for room; others go on', async () => {
  let open2 = (): void => {};
  const taken: string[] = [];
  const { source, reader } = await open({
    changes: {
      async take(unit, read) {
        taken.push(...read.records.map(() => unit));
        if (unit === 'slow') await new Promise<void>((resolve) => (open2 = resolve));
      },
    },
  });
  source.add('slow');
  source.add('quick');
  source.put('slow', '1', '2', '3');
  source.put('quick', '1', '2', '3');
  reader.start();
  await settled();
  assert.deepEqual(taken.toSorted(), ['quick', 'quick', 'quick', 'slow', 'slow']);
  open2();
  await settled();
  assert.equal(taken.length, 6);
  open2();
  await reader[Symbol.asyncDispose]();
});

test('a read that fails is tried again, and lost calls are made up for', async () => {
  const { source, reader, seen, failures, clock } = await open();
  source.add('a');
  source.put('a', '1');
  let fails = true;
  source.onRead = () => {
    if (fails) throw new Error('the disk');
  };
  reader.start();
  await settled();
  assert.equal(failures.length, 1);
  fails = false;
  await clock.advance(1000);
  await settled();
  assert.deepEqual(seen, ['a:1']);
  await clock.advance(30_000);
  assert.equal(source.reads.length, 2, 'polled once');
  await reader[Symbol.asyncDispose]();
  assert.equal(clock.nextTimerMs(), undefined);
});
