/**
 * What every record log engine must do, as tests: `describeRecordLog(name, open)` runs them over one engine. Each test opens an
 * empty log; an engine that keeps its data also gives `reopen`, which closes the log and opens it again on the same data.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LogGoneError, type LogRecord, type Position, type RecordLog } from './log.ts';
import { appendGroups, appendOf } from './append.testing.ts';

export type OpenedLog = {
  readonly log: RecordLog;
  readonly reopen?: () => Promise<RecordLog>;
};

const START = 0 as Position;
const ALL = Number.MAX_SAFE_INTEGER;

export function describeRecordLog(name: string, open: () => Promise<OpenedLog>): void {
  describe(`${name} keeps the record log's contract`, () => {
    const test = (
      title: string,
      body: (log: RecordLog, reopen: () => Promise<RecordLog | undefined>) => Promise<void>,
    ): void => {
      it(title, async () => {
        const opened = await open();
        let log: RecordLog = opened.log;
        try {
          await body(log, async () => {
            if (opened.reopen === undefined) return undefined;
            log = await opened.reopen();
            return log;
          });
        } finally {
          await log[Symbol.asyncDispose]();
        }
      });
    };

    test('creates and drops logs and partitions, each twice without harm', async (log) => {
      await log.createLog('a', [0, 1]);
      await log.createLog('a', [0, 1]);
      await log.addPartitions('a', [1, 7]);
      await log.createLog('b', [3]);
      assert.deepEqual(described(log), { a: [0, 1, 7], b: [3] });
      await log.dropPartitions('a', [0, 99]);
      await log.dropPartitions('a', [0]);
      await log.dropLog('b');
      await log.dropLog('b');
      await log.dropPartitions('b', [3]);
      assert.deepEqual(described(log), { a: [1, 7] });
    });

    test('reads what was appended, in order, with times and growing positions', async (log) => {
      await log.createLog('a', [0]);
      const first = await put(log, 'a', 0, 1000, ['one', 'two']);
      const second = await put(log, 'a', 0, 1001, ['three']);
      const positions = [...first, ...second];
      assert.ok(positions.every((position, i) => position > (positions[i - 1] ?? 0)));
      const read = await log.read('a', 0, START, ALL, ALL);
      assert.deepEqual(texts(read.records), ['one', 'two', 'three']);
      assert.deepEqual(
        read.records.map((record) => record.timeMs),
        [1000, 1000, 1001],
      );
      assert.deepEqual(
        read.records.map((record) => record.position),
        positions,
      );
      assert.equal(read.after, positions.at(-1));
      assert.equal(read.atEnd, true);
    });

    test('appends to several partitions at once and answers in the order asked', async (log) => {
      await log.createLog('a', [0, 1]);
      const appended = await appendGroups(log, 'a', [
        { partition: 1, timeMs: 5, records: [bytes('x')] },
        { partition: 0, timeMs: 5, records: [] },
        { partition: 0, timeMs: 5, records: [bytes('y'), bytes('')] },
        { partition: 1, timeMs: 6, records: [bytes('z')] },
      ]);
      assert.deepEqual(
        appended.map((part) => [part.partition, part.positions.length]),
        [
          [1, 1],
          [0, 0],
          [0, 2],
          [1, 1],
        ],
      );
      assert.ok(appended[3]!.positions[0]! > appended[0]!.positions[0]!);
      assert.deepEqual(await all(log, 'a', 0), ['y', '']);
      assert.deepEqual(await all(log, 'a', 1), ['x', 'z']);
    });

    test('keeps nothing of an append that names a missing partition', async (log) => {
      await log.createLog('a', [0]);
      await assert.rejects(
        appendGroups(log, 'a', [
          { partition: 0, timeMs: 1, records: [bytes('x')] },
          { partition: 1, timeMs: 1, records: [bytes('y')] },
        ]),
        LogGoneError,
      );
      assert.deepEqual(await all(log, 'a', 0), []);
      assert.equal(log.bounds('a', 0).last, 0);
    });

    test('keeps nothing of an append that it was given', async (log) => {
      await log.createLog('a', [0]);
      const append = appendOf([{ partition: 0, timeMs: 1, records: [bytes('before')] }]);
      await log.append('a', append);
      append.bytes.fill(0);
      append.reset();
      assert.deepEqual(await all(log, 'a', 0), ['before']);
    });

    test('limits a read by records and by bytes, but gives at least one record', async (log) => {
      await log.createLog('a', [0]);
      const positions = await put(log, 'a', 0, 1, ['aaaa', 'bbbb', 'cccc']);
      const two = await log.read('a', 0, START, 2, ALL);
      assert.deepEqual(texts(two.records), ['aaaa', 'bbbb']);
      assert.equal(two.after, positions[1]);
      assert.equal(two.atEnd, false);
      const byBytes = await log.read('a', 0, START, ALL, 9);
      assert.deepEqual(texts(byBytes.records), ['aaaa', 'bbbb']);
      assert.equal(byBytes.atEnd, false);
      const tooSmall = await log.read('a', 0, two.after, ALL, 1);
      assert.deepEqual(texts(tooSmall.records), ['cccc']);
      assert.equal(tooSmall.atEnd, true);
    });

    test('continues a read where the last one ended, over many appends', async (log) => {
      await log.createLog('a', [0]);
      const written: string[] = [];
      for (let i = 0; i < 150; i++) {
        const batch = Array.from({ length: (i % 4) + 1 }, (_, k) => `${i}.${k}`);
        written.push(...batch);
        await put(log, 'a', 0, i, batch);
      }
      const seen: string[] = [];
      let after = START;
      for (;;) {
        const read = await log.read('a', 0, after, 7, ALL);
        seen.push(...texts(read.records));
        assert.ok(read.records.length <= 7);
        after = read.after;
        if (read.atEnd) break;
      }
      assert.deepEqual(seen, written);
      const empty = await log.read('a', 0, after, 7, ALL);
      assert.deepEqual(empty, { records: [], after, atEnd: true });
    });

    test('makes appends visible in the order of the calls', async (log) => {
      await log.createLog('a', [0]);
      const appends = Array.from({ length: 50 }, (_, i) => put(log, 'a', 0, 1, [`${i}`]));
      const positions = (await Promise.all(appends)).flat();
      assert.deepEqual(
        positions,
        positions.toSorted((a, b) => a - b),
      );
      assert.equal(new Set(positions).size, 50);
      assert.deepEqual(
        await all(log, 'a', 0),
        Array.from({ length: 50 }, (_, i) => `${i}`),
      );
    });

    test('tells the bounds of a partition', async (log) => {
      await log.createLog('a', [0]);
      assert.deepEqual(log.bounds('a', 0), { trimmed: 0, last: 0, lastTimeMs: 0 });
      const positions = await put(log, 'a', 0, 1234, ['x', 'y']);
      assert.deepEqual(log.bounds('a', 0), { trimmed: 0, last: positions[1], lastTimeMs: 1234 });
      await log.trim('a', 0, positions[1]!);
      assert.deepEqual(log.bounds('a', 0), {
        trimmed: positions[1],
        last: positions[1],
        lastTimeMs: 1234,
      });
    });

    test('trims exactly, never back, and not beyond the newest record', async (log) => {
      await log.createLog('a', [0]);
      const positions = await put(log, 'a', 0, 1, ['a', 'b', 'c', 'd']);
      await log.trim('a', 0, positions[1]!);
      assert.deepEqual(await all(log, 'a', 0), ['c', 'd']);
      await log.trim('a', 0, positions[0]!);
      assert.equal(log.bounds('a', 0).trimmed, positions[1]);
      const skipped = await log.read('a', 0, START, 0, ALL);
      assert.equal(skipped.after, positions[1]);
      await log.trim('a', 0, (positions[3]! + 1_000_000) as Position);
      assert.deepEqual(await all(log, 'a', 0), []);
      await put(log, 'a', 0, 2, ['e']);
      assert.deepEqual(await all(log, 'a', 0), ['e']);
    });

    test('finds the position before a time', async (log) => {
      await log.createLog('a', [0]);
      assert.equal(await log.positionBefore('a', 0, 1), 0);
      const first = await put(log, 'a', 0, 100, ['a', 'b']);
      const second = await put(log, 'a', 0, 100, ['c']);
      const third = await put(log, 'a', 0, 200, ['d']);
      assert.equal(await log.positionBefore('a', 0, 100), 0);
      assert.equal(await log.positionBefore('a', 0, 101), second[0]);
      assert.equal(await log.positionBefore('a', 0, 200), second[0]);
      assert.equal(await log.positionBefore('a', 0, 201), third[0]);
      const from = await log.positionBefore('a', 0, 100);
      const read = await log.read('a', 0, from, 1, ALL);
      assert.equal(read.records[0]?.position, first[0]);
    });

    test('calls watchers after a commit, when a partition is dropped, and not when disposed', async (log) => {
      await log.createLog('a', [0, 1]);
      const heard: string[] = [];
      const zero = log.watch('a', 0, () => heard.push(`0:${log.bounds('a', 0).last > 0}`));
      log.watch('a', 1, () => heard.push('1'));
      await put(log, 'a', 0, 1, ['x']);
      assert.deepEqual(heard, ['0:true']);
      zero[Symbol.dispose]();
      await put(log, 'a', 0, 1, ['x']);
      assert.deepEqual(heard, ['0:true']);
      await log.dropPartitions('a', [1]);
      assert.deepEqual(heard, ['0:true', '1']);
      log.watch('a', 0, () => heard.push('dropped'));
      await log.dropLog('a');
      assert.deepEqual(heard, ['0:true', '1', 'dropped']);
    });

    test('says of everything that is absent that it is gone', async (log) => {
      await log.createLog('a', [0]);
      await assert.rejects(put(log, 'b', 0, 1, ['x']), LogGoneError);
      await assert.rejects(log.read('a', 1, START, 1, 1), LogGoneError);
      await assert.rejects(log.positionBefore('b', 0, 1), LogGoneError);
      await assert.rejects(log.trim('a', 1, START), LogGoneError);
      await assert.rejects(log.addPartitions('b', [1]), LogGoneError);
      assert.throws(() => log.bounds('a', 1), LogGoneError);
      assert.throws(() => log.watch('b', 0, () => {}), LogGoneError);
    });

    test('fails the appends to a log that is dropped while they wait, or keeps them', async (log) => {
      await log.createLog('a', [0]);
      const pending = put(log, 'a', 0, 1, ['x']).then(
        () => 'kept',
        (error: unknown) => error,
      );
      await log.dropLog('a');
      const outcome = await pending;
      assert.ok(outcome === 'kept' || outcome instanceof LogGoneError);
      await assert.rejects(put(log, 'a', 0, 1, ['y']), LogGoneError);
    });

    test('never gives a position twice, also to a partition that comes back', async (log) => {
      await log.createLog('a', [0]);
      const old = await put(log, 'a', 0, 1, ['a', 'b']);
      await log.dropPartitions('a', [0]);
      await log.addPartitions('a', [0]);
      assert.deepEqual(await all(log, 'a', 0), []);
      const [fresh] = await put(log, 'a', 0, 2, ['c']);
      assert.ok(fresh! > old[1]!);
      assert.deepEqual(await all(log, 'a', 0), ['c']);
    });

    test('counts what it stores', async (log) => {
      await log.createLog('a', [0]);
      assert.equal(log.storedBytes(), 0);
      await put(log, 'a', 0, 1, ['x'.repeat(1000)]);
      assert.ok(log.storedBytes() >= 1000);
      await log.createLog('b', [0]);
      await put(log, 'b', 0, 1, ['x'.repeat(50)]);
      const ofB = log.storedBytes('b');
      assert.ok(ofB >= 50 && ofB < 1000);
      assert.equal(log.storedBytes('a') + ofB, log.storedBytes());
      assert.equal(log.storedBytes('absent'), 0);
      await log.dropLog('b');
      await log.dropLog('a');
      assert.equal(log.storedBytes(), 0);
    });

    test('keeps everything over a clean stop, if it keeps anything', async (log, reopen) => {
      await log.createLog('a', [0, 1]);
      await log.createLog('gone', [0]);
      const positions = await put(log, 'a', 0, 10, ['a', 'b', 'c']);
      await put(log, 'gone', 0, 10, ['x']);
      await log.trim('a', 0, positions[0]!);
      await log.dropLog('gone');
      await log.dropPartitions('a', [1]);
      const bounds = log.bounds('a', 0);
      const again = await reopen();
      if (again === undefined) return;
      assert.deepEqual(described(again), { a: [0] });
      assert.deepEqual(again.bounds('a', 0), bounds);
      assert.deepEqual(await all(again, 'a', 0), ['b', 'c']);
      const [next] = await put(again, 'a', 0, 11, ['d']);
      assert.ok(next! > positions[2]!);
      assert.deepEqual(await all(again, 'a', 0), ['b', 'c', 'd']);
    });
  });
}

function described(log: RecordLog): Record<string, readonly number[]> {
  return Object.fromEntries(
    [...log.logs()].map(([id, partitions]) => [id, partitions.toSorted((a, b) => a - b)]),
  );
}

async function put(
  log: RecordLog,
  id: string,
  partition: number,
  timeMs: number,
  records: readonly string[],
): Promise<readonly Position[]> {
  const [appended] = await appendGroups(log, id, [{ partition, timeMs, records: records.map(bytes) }]);
  return appended!.positions;
}

async function all(log: RecordLog, id: string, partition: number): Promise<string[]> {
  const found: string[] = [];
  let after = START;
  for (;;) {
    const read = await log.read(id, partition, after, ALL, ALL);
    found.push(...texts(read.records));
    if (read.atEnd) return found;
    after = read.after;
  }
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}

function texts(records: readonly LogRecord[]): string[] {
  return records.map((record) => Buffer.from(record.bytes).toString());
}
