import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { aggregateOf } from '../../readers/kpl.testing.ts';
import { TestSource } from '../../readers/source.testing.ts';
import type { IncomingRecord, Processing } from '../processing/processing.ts';
import {
  openEngine,
  settled,
  type TestDestination,
  testProcessing,
  type TestEngine,
} from './engine.testing.ts';
import type { Outcome } from './destination.ts';

const DOWN: Outcome = {
  kind: 'retry',
  error: { code: 'Test.Down', message: 'It is down.' },
  remaining: [],
  refused: [],
};

function texts(from: number, to: number, prefix = 'r'): string[] {
  return Array.from({ length: to - from }, (_, index) => `${prefix}${String(from + index).padStart(4, '0')}`);
}

const again = (before: TestEngine) => ({
  source: before.source,
  catalog: before.catalog,
  clock: before.clock,
  seed: 2,
});

test('a buffer goes when it has its size, and when its first record has waited', async () => {
  const { source, main, clock, engine, rows, checkpoint, failures } = await openEngine();
  source.put('u', ...texts(0, 25));
  await settled();
  assert.deepEqual(
    main.delivered.map((one) => one.texts),
    [texts(0, 20)],
  );
  await clock.advance(9_000);
  await settled();
  assert.equal(main.delivered.length, 1);
  assert.equal(await checkpoint(), 20);
  await clock.advance(1_000);
  await settled();
  assert.deepEqual(main.delivered[1]?.texts, texts(20, 25));
  assert.match(main.delivered[1]!.key!, /^main\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-/);
  assert.deepEqual([await checkpoint(), await rows(), failures], [25, [], []]);
  await engine[Symbol.asyncDispose]();
  assert.equal(engine.heldBytes, 0);
});

test('a delivery that fails is tried again, and given up to the error output', async () => {
  const { source, main, errors, clock, engine, rows, seen } = await openEngine();
  main.errorOutputType = 'http-endpoint-failed';
  main.answer = ({ remaining }) => ({ ...DOWN, remaining });
  source.put('u', ...texts(0, 20));
  await settled();
  assert.equal((await rows()).length, 1);
  await clock.advance(30_000);
  await settled();
  assert.equal(main.attempts, 7);
  assert.equal(errors.delivered.length, 0);
  await clock.advance(31_000);
  await settled();
  assert.equal(main.attempts, 13);
  const lines = errors.delivered[0]!.texts.map((line) => JSON.parse(line));
  assert.deepEqual(lines[3], {
    attemptsMade: 13,
    errorCode: 'Test.Down',
    rawData: 'r0003',
    sequenceNumber: 4,
  });
  assert.equal(lines.length, 20);
  assert.deepEqual(await rows(), []);
  assert.equal(seen.length, 13);
  assert.equal(engine.activity('stream')!.recordsFailed, 20);
  await engine[Symbol.asyncDispose]();
});

test('what a destination refuses goes to the error output, the rest is tried again', async () => {
  const { source, main, errors, clock, engine } = await openEngine();
  main.errorOutputType = 'splunk-failed';
  main.answer = ({ attempt }) => {
    const error = { code: `Code.${attempt}`, message: '' };
    if (attempt === 1) return { ...DOWN, remaining: [1, 2], refused: [{ index: 0, error }] };
    return { kind: 'done', refused: [{ index: 2, error }] };
  };
  source.put('u', 'x'.repeat(40), 'y'.repeat(40), 'z'.repeat(40));
  await settled();
  await clock.advance(5_000);
  await settled();
  assert.deepEqual(main.texts(), ['y'.repeat(40)]);
  const lines = errors.delivered.flatMap((one) => one.texts.map((line) => JSON.parse(line)));
  assert.deepEqual(
    lines.map(({ errorCode, rawData, attemptsMade }) => [errorCode, rawData[0], attemptsMade]),
    [
      ['Code.1', 'x', 1],
      ['Code.2', 'z', 2],
    ],
  );
  await engine[Symbol.asyncDispose]();
});

test('where AWS loses what it gives up, it is lost and counted', async () => {
  const { source, main, errors, clock, engine, rows, checkpoint } = await openEngine();
  main.answer = ({ remaining }) => ({ ...DOWN, remaining });
  source.put('u', ...texts(0, 20));
  await settled();
  await clock.advance(61_000);
  await settled();
  assert.deepEqual([errors.attempts, engine.activity('stream')!.recordsLost], [0, 20]);
  assert.deepEqual([await rows(), await checkpoint()], [[], 20]);
  await engine[Symbol.asyncDispose]();
});

test('what was under way at a stop is delivered under the same id and key, what was done is not, and nothing is missing', async () => {
  const first = await openEngine({ partitioned: true, hasBackup: true });
  first.main.answer = ({ objectKey, remaining }) =>
    objectKey!.startsWith('mainb') ? { ...DOWN, remaining } : undefined;
  const keys: string[] = [];
  first.backup.answer = ({ objectKey, remaining }) => {
    keys.push(objectKey!);
    return { ...DOWN, remaining };
  };
  const all = Array.from(
    { length: 40 },
    (_, index) => `p:${'abc'[index % 3]}:${String(index).padStart(4, '0')}`,
  );
  first.source.put('u', ...all, 'bad1', 'drop1');
  await settled();
  const pending = (await first.rows()).filter(({ state }) => state === 'PENDING');
  assert.ok(pending.some(({ lane }) => lane === 'main') && pending.some(({ lane }) => lane === 'backup'));
  assert.equal(await first.checkpoint(), 0);
  await first.engine[Symbol.asyncDispose]();

  const second = await openEngine({ ...again(first), partitioned: true, hasBackup: true });
  await settled();
  await second.clock.advance(10_000);
  await settled();
  assert.deepEqual([...first.main.texts(), ...second.main.texts()].toSorted(), all.toSorted());
  assert.deepEqual(second.backup.texts(), [...all, 'bad1', 'drop1'].toSorted());
  assert.deepEqual(second.errors.texts(), ['{"rawData":"bad1"}\n']);
  const delivered = [...second.main.delivered, ...second.backup.delivered].map(
    ({ id, key }) => `${id} ${key}`,
  );
  for (const row of pending) assert.ok(delivered.includes(`${row.delivery_id} ${row.object_key}`), row.lane);
  assert.deepEqual([await second.rows(), await second.checkpoint(), second.failures], [[], 42, []]);
  await second.engine[Symbol.asyncDispose]();
  assert.equal(second.engine.heldBytes, 0);
});

test('a restart does not begin the duration of retries anew', async () => {
  const answer: TestDestination['answer'] = ({ remaining, kept }) => {
    kept.set('tries', (kept.get('tries') ?? 0) + 1);
    return { ...DOWN, remaining };
  };
  let engine = await openEngine();
  engine.source.put('u', ...texts(0, 20));
  for (let life = 0; life < 3; life++) {
    if (life > 0) engine = await openEngine(again(engine));
    engine.main.errorOutputType = 'http-endpoint-failed';
    engine.main.answer = answer;
    await settled();
    // Of the 60 s: 20 in the first two lives each, with the pause that they end in, and the server's absence is not among them.
    await engine.clock.advance(life < 2 ? 17_000 : 21_000);
    await settled();
    if (life === 2) break;
    assert.deepEqual([engine.main.attempts, engine.errors.attempts], [4, 0]);
    await engine.engine[Symbol.asyncDispose]();
    await engine.clock.advance(3_600_000);
  }
  const lines = engine.errors.delivered[0]!.texts.map((line) => JSON.parse(line));
  assert.deepEqual([lines.length, lines[0].attemptsMade], [20, 13]);
  assert.deepEqual(await engine.rows(), []);
  await engine.engine[Symbol.asyncDispose]();
});

test('what is read of a stream is counted once, however often it is read', async () => {
  let engine = await openEngine({ readsStream: true });
  const amounts = async () => {
    const rows = await engine.catalog.read((transaction) =>
      transaction.selectFrom('usage').select(['counter', 'amount']).orderBy('counter').execute(),
    );
    return rows.map(({ counter, amount }) => [counter, amount]);
  };
  engine.source.put('u', 'x'.repeat(3), 'y'.repeat(7), '');
  await settled();
  await engine.meter.write();
  assert.equal(await engine.checkpoint(), 0);
  // Counted, and lost by a crash before it is written: it is counted again.
  engine.source.put('u', 'z'.repeat(5));
  await settled();
  await engine.engine[Symbol.asyncDispose]();
  engine.meter.write = async () => {};
  const first = [
    ['deliveryBilledBytesIn', 2 * 5120],
    ['deliveryBytesIn', 10],
    ['deliveryRecordsIn', 3],
  ];
  assert.deepEqual(await amounts(), first);

  engine = await openEngine({ ...again(engine), readsStream: true });
  await settled();
  await engine.meter.write();
  const second = [
    ['deliveryBilledBytesIn', 3 * 5120],
    ['deliveryBytesIn', 15],
    ['deliveryRecordsIn', 4],
  ];
  assert.deepEqual(await amounts(), second);
  await engine.engine[Symbol.asyncDispose]();
  engine = await openEngine({ ...again(engine), readsStream: true });
  await settled();
  await engine.clock.advance(20_000);
  await settled();
  await engine.meter.write();
  assert.deepEqual([await amounts(), engine.main.texts().length], [second, 4]);
  await engine.engine[Symbol.asyncDispose]();

  engine = await openEngine();
  engine.source.put('u', 'put directly, and counted then');
  await settled();
  await engine.meter.write();
  assert.deepEqual(await amounts(), []);
  await engine.engine[Symbol.asyncDispose]();
});

test('error lines of a destination that gave up are made again after a restart', async () => {
  const first = await openEngine();
  first.main.errorOutputType = 'http-endpoint-failed';
  first.main.answer = () => ({ kind: 'failed', error: { code: 'Test.No', message: 'No.' } });
  first.errors.answer = ({ remaining }) => ({ ...DOWN, remaining });
  first.source.put('u', ...texts(0, 20));
  await settled();
  assert.deepEqual((await first.rows()).map(({ lane, state }) => [lane, state]).toSorted(), [
    ['error:http-endpoint-failed', 'PENDING'],
    ['main', 'FINISHED'],
  ]);
  await first.engine[Symbol.asyncDispose]();
  const second = await openEngine(again(first));
  await settled();
  assert.equal(second.main.attempts, 0);
  assert.deepEqual(
    second.errors.delivered[0]!.texts.map((line) => JSON.parse(line).rawData),
    texts(0, 20),
  );
  assert.equal(JSON.parse(second.errors.delivered[0]!.texts[0]!).errorCode, 'Test.No');
  assert.deepEqual(await second.rows(), []);
  await second.engine[Symbol.asyncDispose]();
});

test('a partition that is down holds back no other, and little memory', async () => {
  const { source, main, clock, engine, rows, failures } = await openEngine({
    partitioned: true,
    memoryBytesMax: 2_000_000,
    bufferBytes: 50_000,
  });
  main.retry = { durationMs: 3_600_000, pauseMs: () => 60_000 };
  let down = true;
  main.answer = ({ objectKey, remaining }) =>
    down && objectKey!.startsWith('maina') ? { ...DOWN, remaining } : undefined;
  const all = Array.from(
    { length: 900 },
    (_, index) => `p:${'ab'[index % 2]}:${String(index).padStart(4, '0')}:${'x'.repeat(9_000)}`,
  );
  source.put('u', ...all);
  for (let round = 0; round < 10; round++) await settled();
  await clock.advance(10_000);
  for (let round = 0; round < 10; round++) await settled();
  assert.equal(main.texts().length, 450);
  assert.ok(engine.heldBytes <= 2_000_000 + 600_000, String(engine.heldBytes));
  assert.ok((await rows()).filter(({ state }) => state === 'FINISHED').length <= 66);
  down = false;
  for (let round = 0; round < 8; round++) {
    await clock.advance(30_000);
    for (let turn = 0; turn < 4; turn++) await settled();
  }
  assert.deepEqual(main.texts(), all.toSorted());
  assert.deepEqual([await rows(), failures], [[], []]);
  await engine[Symbol.asyncDispose]();
  assert.equal(engine.heldBytes, 0);
});

test('more than 500 active partitions go to the error output', async () => {
  const { source, main, errors, clock, engine } = await openEngine({ partitioned: true });
  source.put('u', ...Array.from({ length: 510 }, (_, index) => `p:k${index}`));
  await settled();
  assert.equal(engine.state('stream')!.activePartitions, 500);
  await clock.advance(10_000);
  await settled();
  assert.equal(main.texts().length, 500);
  assert.equal(errors.texts().length, 10);
  assert.match(errors.texts()[0]!, /ActivePartitionsLimitExceeded/);
  assert.equal(engine.state('stream')!.activePartitions, 0);
  await engine[Symbol.asyncDispose]();
});

test('a hung destination is given up on, and its attempts told to end', async () => {
  const { source, main, clock, engine, seen } = await openEngine();
  let aborted = 0;
  main.answer = (_delivery, signal) => {
    if (main.attempts > 1) return undefined;
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        aborted++;
        reject(signal.reason);
      });
    });
  };
  source.put('u', ...texts(0, 20));
  await settled();
  await clock.advance(16 * 60_000);
  await settled();
  assert.deepEqual([aborted, main.texts().length, seen[0]?.code], [1, 20, 'Timeout']);
  await engine[Symbol.asyncDispose]();
});

test('what another process took over is left to it', async () => {
  const first = await openEngine();
  first.source.put('u', ...texts(0, 5));
  await settled();
  const second = await openEngine(again(first));
  await settled();
  await first.clock.advance(10_000);
  await settled();
  assert.equal(first.engine.state('stream'), undefined, 'the first one stopped');
  assert.deepEqual([first.main.texts(), second.main.texts()], [[], texts(0, 5)]);
  await first.engine[Symbol.asyncDispose]();
  await second.engine[Symbol.asyncDispose]();
});

test('what is too old before it was read is lost, counted and told', async () => {
  const { source, main, clock, engine, expired, seen, safe } = await openEngine({
    bufferBytes: 10,
    memoryBytesMax: 1,
  });
  main.answer = () => new Promise(() => {});
  source.add('stream');
  source.put('stream', ...texts(0, 3, 'x'.repeat(600_000)));
  await settled();
  expired.position = 3;
  await clock.advance(60_000);
  await settled();
  assert.deepEqual([seen.at(-1)?.code, seen.at(-1)?.records, safe.at(-1)], ['RecordsExpired', 2, 3]);
  assert.equal(engine.activity('stream')!.recordsLost, 2);
  await engine[Symbol.asyncDispose]();
});

test('a source that went and came again is read anew', async () => {
  const { source, main, clock, engine, at, seen, failures } = await openEngine();
  source.put('u', ...texts(0, 5));
  await settled();
  source.drop('u');
  at.source = undefined;
  await clock.advance(70_000);
  await settled();
  assert.equal(main.texts().length, 5, 'what was read before is delivered');
  assert.equal(seen.at(-1)?.code, 'SourceNotFound');
  at.source = new TestSource();
  at.source.add('v');
  at.source.put('v', ...texts(5, 8));
  await clock.advance(20_000);
  await settled();
  assert.deepEqual([main.texts(), failures], [texts(0, 8), []]);
  await engine[Symbol.asyncDispose]();
});

test('whatever fails and however often it is stopped, each record is in one object of each lane, and each object the same at each attempt', async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const dice = createSimulatedDice(seed);
    const options = {
      partitioned: seed % 2 === 0,
      hasBackup: seed % 3 === 0,
      memoryBytesMax: seed % 4 === 0 ? 30_000 : 10_000_000,
      bufferBytes: 400,
      intervalMs: 3_000,
    };
    let opened = await openEngine({ ...options, seed });
    const { source, clock } = opened;
    source.add('v');
    const put: string[] = [];
    /** By lane and object the texts of each attempt. */
    const objects = new Map<string, string>();
    const check = (engine: TestEngine): void => {
      for (const [lane, destination] of Object.entries({
        main: engine.main,
        backup: engine.backup,
        errors: engine.errors,
      })) {
        destination.retry = { durationMs: 1e9, pauseMs: () => 2_000 };
        destination.answer = ({ remaining, batch, objectKey }) => {
          const all = Array.from({ length: batch.length }, (_, index) =>
            Buffer.from(batch.at(index).data).toString(),
          );
          const before = objects.get(`${lane} ${objectKey}`);
          const now = all.toSorted().join('\n');
          if (before !== undefined) assert.equal(now, before, `${seed}: ${lane} ${objectKey}`);
          objects.set(`${lane} ${objectKey}`, now);
          return dice.integer(3) === 0 ? undefined : { ...DOWN, remaining };
        };
      }
    };
    check(opened);
    for (let step = 0; step < 14; step++) {
      for (let count = dice.integer(30); count > 0; count--) {
        const kind = dice.integer(8);
        const id = `${put.length}`.padStart(4, '0');
        const text =
          kind === 0
            ? `bad:${id}`
            : kind === 1
              ? `drop:${id}`
              : `p:${'abc'[dice.integer(3)]}:${id}:${'x'.repeat(dice.integer(60))}`;
        put.push(text);
        source.put(dice.integer(3) === 0 ? 'v' : 'u', text);
      }
      for (let turns = dice.integer(40); turns > 0; turns--)
        await new Promise((resolve) => setImmediate(resolve));
      if (dice.integer(2) === 0) await clock.advance(dice.integer(4_000));
      if (dice.integer(3) > 0) continue;
      await opened.engine[Symbol.asyncDispose]();
      assert.deepEqual(opened.failures, [], `${seed}`);
      opened = await openEngine({
        ...options,
        source,
        catalog: opened.catalog,
        clock,
        seed: seed * 100 + step,
      });
      check(opened);
    }
    for (let round = 0; round < 40; round++) {
      await settled();
      await clock.advance(2_000);
    }
    await settled();
    const inLane = (lane: string) =>
      [...objects]
        .filter(([key]) => key.startsWith(`${lane} `))
        .flatMap(([, text]) => text.split('\n'))
        .toSorted();
    assert.deepEqual(inLane('main'), put.filter((text) => text.startsWith('p:')).toSorted(), `${seed}`);
    const lines = inLane('errors')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).rawData);
    assert.deepEqual(lines, put.filter((text) => text.startsWith('bad')).toSorted(), `${seed}`);
    if (options.hasBackup) assert.deepEqual(inLane('backup'), put.toSorted(), `${seed}`);
    assert.deepEqual([await opened.rows(), opened.failures], [[], []], `${seed}`);
    await opened.engine[Symbol.asyncDispose]();
    assert.equal(opened.engine.heldBytes, 0, `${seed}`);
  }
});

test('a function sees as much at once as it wants, or what came in its time', async () => {
  const seen: number[] = [];
  const processing = testProcessing();
  const batched = {
    batching: { bytes: 50, intervalMs: 2_000 },
    process(records: readonly IncomingRecord[], ...rest: [() => boolean, AbortSignal]) {
      seen.push(records.length);
      if (seen.length === 2) throw new Error('once');
      return processing.process(records, ...rest);
    },
  };
  const { source, main, clock, engine, failures } = await openEngine({
    plan: { processing: batched as Processing },
  });
  source.put('u', ...texts(0, 10));
  await settled();
  assert.deepEqual(seen, [10]);
  source.put('u', ...texts(10, 13));
  await settled();
  await clock.advance(1_900);
  await settled();
  assert.deepEqual(seen, [10]);
  await clock.advance(1_200);
  await settled();
  assert.deepEqual([seen, failures.length], [[10, 3, 3], 1]);
  await clock.advance(12_000);
  await settled();
  assert.deepEqual(main.texts(), texts(0, 13));
  await engine[Symbol.asyncDispose]();
  assert.equal(engine.heldBytes, 0);
});

test('records of an aggregate are delivered one by one, also when some of them were before a stop', async () => {
  const first = await openEngine({ partitioned: true, plan: { opensAggregates: true } });
  first.main.answer = ({ objectKey, remaining }) =>
    objectKey!.startsWith('mainb') ? { ...DOWN, remaining } : undefined;
  const all = texts(0, 60).map((text, index) => `p:${'ab'[index % 2]}:${text}`);
  for (let at = 0; at < 60; at += 10) first.source.put('u', { data: aggregateOf(all.slice(at, at + 10)) });
  await settled();
  assert.ok(first.main.delivered.length > 0 && (await first.rows()).length > 0);
  await first.engine[Symbol.asyncDispose]();
  const second = await openEngine({ ...again(first), partitioned: true, plan: { opensAggregates: true } });
  await settled();
  await second.clock.advance(10_000);
  await settled();
  assert.deepEqual([...first.main.texts(), ...second.main.texts()].toSorted(), all.toSorted());
  assert.deepEqual([await second.rows(), await second.checkpoint()], [[], 6]);
  await second.engine[Symbol.asyncDispose]();
});
