/** Several commits on their way to the disk at once: whatever becomes of each, they count in their order, and what was answered stays. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSimulatedClock } from '../../host/simulated/clock.ts';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { createSimulatedDisk, type SimulatedDisk } from '../../host/simulated/disk.ts';
import { appendGroups } from '../append.testing.ts';
import { LogFailedError, type Position } from '../log.ts';
import { scanJournalBytes } from './journal-scan.ts';
import { openSegmentLog } from './open-segment-log.ts';
import { testSealers } from './sealers.testing.ts';
import type { SegmentLog } from './segment-log.ts';

const dice = createSimulatedDice(11);
const START = 0 as Position;
const ALL = Number.MAX_SAFE_INTEGER;

function openOn(disk: SimulatedDisk, companyAppends = 1): Promise<SegmentLog> {
  const host = { clock: createSimulatedClock(), disk, dice };
  return openSegmentLog({
    ...{ host, directory: '/log', sealers: testSealers(dice), durability: 'fsync' },
    sizes: {
      ...{ journalFileBytesMin: 65_536, segmentBytesMax: 65_536, slabBytes: 4096, reserveBytes: 512 },
      companyAppends,
    },
  });
}

async function texts(log: SegmentLog): Promise<string[]> {
  const { records } = await log.read('a', 0, START, ALL, ALL);
  return records.map(({ bytes }) => Buffer.from(bytes).toString());
}

/** What is there after a power cut or a kill that leaves such a disk. */
async function textsOn(disk: SimulatedDisk): Promise<string[]> {
  const log = await openOn(disk);
  const found = await texts(log);
  await log[Symbol.asyncDispose]();
  return found;
}

function put(log: SegmentLog, text: string): Promise<unknown> {
  return appendGroups(log, 'a', [{ partition: 0, timeMs: 1, records: [Buffer.from(text)] }]);
}

async function settled(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}

type Commit = {
  readonly answer: Promise<unknown>;
  readonly state: () => string;
  /** Its sync goes on. */
  readonly sync: () => Promise<void>;
  readonly failSync: () => Promise<void>;
};

/** A log with one record, `before`, and as many commits as there are names: all are written, and none is synced. */
async function commitsUnderWay(...names: readonly string[]) {
  const disk = createSimulatedDisk();
  const log = await openOn(disk);
  await log.createLog('a', [0]);
  await put(log, 'before');
  const held: (() => void)[] = [];
  let failing = false;
  disk.pause = ({ kind, path }) => {
    if (kind !== 'sync' || !path.includes('journal')) return undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    held.push(resolve);
    return promise;
  };
  disk.onCall = ({ kind }) => {
    if (kind !== 'sync' || !failing) return;
    failing = false;
    throw Object.assign(new Error('EIO: simulated'), { code: 'EIO' });
  };
  const commits: Commit[] = [];
  for (const [i, name] of names.entries()) {
    const answer = put(log, name);
    let state = 'waits';
    answer.then(
      () => (state = 'is kept'),
      (error: unknown) => (state = error instanceof LogFailedError ? 'failed' : String(error)),
    );
    await settled();
    assert.equal(held.length, i + 1, `${name} is on its way`);
    const sync = async (): Promise<void> => {
      held[i]!();
      await settled();
    };
    const failSync = async (): Promise<void> => {
      failing = true;
      await sync();
    };
    commits.push({ answer, state: () => state, sync, failSync });
  }
  return { disk, log, commits, release: () => (disk.pause = undefined) };
}

describe('commits at once', () => {
  it('are answered and shown in their order, each when all before it are durable', async () => {
    const { log, disk, commits, release } = await commitsUnderWay('first', 'later', 'third');
    const [first, second, third] = commits;
    await third!.sync();
    await second!.sync();
    assert.deepEqual(
      commits.map(({ state }) => state()),
      ['waits', 'waits', 'waits'],
    );
    assert.deepEqual(await texts(log), ['before']);
    await first!.sync();
    assert.deepEqual(
      commits.map(({ state }) => state()),
      ['is kept', 'is kept', 'is kept'],
    );
    assert.deepEqual(await texts(log), ['before', 'first', 'later', 'third']);
    assert.deepEqual(await textsOn(disk.afterCrash('nothing', dice)), ['before', 'first', 'later', 'third']);
    release();
    await log[Symbol.asyncDispose]();
  });

  it('wait for company behind another when they are few and small', async () => {
    const disk = createSimulatedDisk();
    const log = await openOn(disk, 3);
    await log.createLog('a', [0]);
    await put(log, 'before');
    const held: (() => void)[] = [];
    disk.pause = ({ kind, path }) => {
      if (kind !== 'sync' || !path.includes('journal')) return undefined;
      const { promise, resolve } = Promise.withResolvers<void>();
      held.push(resolve);
      return promise;
    };
    const answers: Promise<unknown>[] = [];
    const putAndLook = async (text: string): Promise<number> => {
      answers.push(put(log, text));
      await settled();
      return held.length;
    };
    assert.equal(await putAndLook('a'), 1);
    assert.equal(await putAndLook('b'), 1);
    assert.equal(await putAndLook('c'), 1);
    assert.equal(await putAndLook('d'), 2, 'three are company enough');
    assert.equal(await putAndLook('e'.repeat(40_000)), 3, 'a large one needs none');
    disk.pause = undefined;
    for (const letGo of held) letGo();
    await Promise.all(answers);
    assert.deepEqual(
      (await texts(log)).map((text) => text[0]),
      ['b', 'a', 'b', 'c', 'd', 'e'],
    );
    await log[Symbol.asyncDispose]();
  });

  it('are no more than three, and what comes meanwhile shares the next', async () => {
    const { log, commits, release } = await commitsUnderWay('first', 'later', 'third');
    const later = ['x', 'y', 'z'].map((text) => put(log, text));
    await settled();
    release();
    for (const { sync } of commits) await sync();
    await Promise.all(later);
    assert.deepEqual(await texts(log), ['before', 'first', 'later', 'third', 'x', 'y', 'z']);
    await log[Symbol.asyncDispose]();
  });

  it('fail with the one before them, even when they are durable, and are not there later', async () => {
    const { log, disk, commits, release } = await commitsUnderWay('first', 'later', 'third');
    const [first, second, third] = commits;
    await second!.sync();
    await first!.failSync();
    assert.equal(first!.state(), 'waits', 'nobody is told before the last has ended');
    release();
    await third!.sync();
    assert.deepEqual(
      commits.map(({ state }) => state()),
      ['failed', 'failed', 'failed'],
    );
    await put(log, 'after');
    assert.deepEqual(await texts(log), ['before', 'after']);
    for (const keeps of ['everything', 'nothing'] as const) {
      assert.deepEqual(await textsOn(disk.afterCrash(keeps, dice)), ['before', 'after'], keeps);
    }
    await log[Symbol.asyncDispose]();
  });

  it('let what waited meanwhile begin after a failure, though nothing else comes', async () => {
    const { log, commits, release } = await commitsUnderWay('first', 'later', 'third');
    const [first, second, third] = commits;
    const waiting = put(log, 'waiting');
    await settled();
    release();
    await third!.sync();
    await second!.sync();
    await first!.failSync();
    await waiting;
    assert.deepEqual(await texts(log), ['before', 'waiting']);
    await log[Symbol.asyncDispose]();
  });

  it('are kept when one behind them fails later', async () => {
    const { log, disk, commits, release } = await commitsUnderWay('first', 'later');
    const [first, second] = commits;
    await first!.sync();
    release();
    await second!.failSync();
    assert.deepEqual([first!.state(), second!.state()], ['is kept', 'failed']);
    await put(log, 'after');
    assert.deepEqual(await textsOn(disk.afterCrash('nothing', dice)), ['before', 'first', 'after']);
    await log[Symbol.asyncDispose]();
  });

  it('are not taken for durable when a sync that failed took their pages with it', async () => {
    const { log, disk, commits, release } = await commitsUnderWay('first', 'later');
    const [first, second] = commits;
    release();
    await second!.failSync();
    await first!.sync();
    assert.deepEqual([first!.state(), second!.state()], ['failed', 'failed']);
    assert.deepEqual(await textsOn(disk.afterCrash('nothing', dice)), ['before']);
    await log[Symbol.asyncDispose]();
  });

  it('are dropped by a start, and are no damage, when the one before them did not arrive', async () => {
    const { log, disk, commits, release } = await commitsUnderWay('first', 'later', 'third');
    const killed = disk.afterCrash('everything', dice);
    const journals = [...killed.files()].filter(([path]) => path.includes('journal-'));
    for (const [path, bytes] of journals) {
      const { frames } = scanJournalBytes(path, bytes);
      const first = frames[1];
      if (first !== undefined) bytes.fill(0, first.at + 100, first.at + first.length);
    }
    const again = await openOn(killed);
    assert.deepEqual(await texts(again), ['before']);
    await put(again, 'after');
    assert.deepEqual(await textsOn(killed.afterCrash('everything', dice)), ['before', 'after']);
    await again[Symbol.asyncDispose]();
    release();
    for (const { sync } of commits) await sync();
    await log[Symbol.asyncDispose]();
  });
});
