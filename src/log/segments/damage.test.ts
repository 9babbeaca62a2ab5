/** Damaged files: what is torn is dropped, what is damaged is refused by name, and what is old is not taken for new. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32 } from 'node:zlib';
import { createSimulatedClock } from '../../host/simulated/clock.ts';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { createSimulatedDisk, type SimulatedDisk } from '../../host/simulated/disk.ts';
import type { Position, RecordLog } from '../log.ts';
import { appendGroups, appendOf } from '../append.testing.ts';
import { LogDamagedError } from './damage.ts';
import { batchAdditional, encodeBatchHeader, sealFrame } from './journal-format.ts';
import { scanJournalBytes, type ScannedJournal } from './journal-scan.ts';
import { openSegmentLog } from './open-segment-log.ts';
import { recoverJournal } from './recovery.ts';
import { testSealers } from './sealers.testing.ts';
import { repairLog, verifyLog } from './verify.ts';

const START = 0 as Position;
const ALL = Number.MAX_SAFE_INTEGER;
const dice = createSimulatedDice(5);
const SIZES = {
  journalFileBytesMin: 4096,
  journalFileBytesMax: 4096,
  segmentBytesMax: 65_536,
  runBytes: 256,
  tailBytesMax: 0,
  slabBytes: 512,
  reserveBytes: 512,
};

function openOn(disk: SimulatedDisk) {
  const host = { clock: createSimulatedClock(), disk, dice };
  return openSegmentLog({
    host,
    directory: '/log',
    sealers: testSealers(dice),
    durability: 'fsync',
    sizes: SIZES,
  });
}

async function put(log: RecordLog, text: string, partition = 0): Promise<void> {
  await appendGroups(log, 'a', [{ partition, timeMs: 1, records: [Buffer.from(text)] }]);
}

async function texts(log: RecordLog, partition = 0): Promise<string[]> {
  const found: string[] = [];
  for (let after = START; ;) {
    const read = await log.read('a', partition, after, ALL, ALL);
    for (const { bytes } of read.records) found.push(Buffer.from(bytes).toString());
    if (read.atEnd) return found;
    after = read.after;
  }
}

/** A disk with a few frames in one journal file, as a kill would leave it. */
async function diskWithFrames(count: number): Promise<{ disk: SimulatedDisk; written: string[] }> {
  const disk = createSimulatedDisk();
  const log = await openOn(disk);
  await log.createLog('a', [0, 1]);
  const written = Array.from({ length: count }, (_, i) => `record ${i}`);
  for (const text of written) await put(log, text);
  const killed = disk.afterCrash('everything', dice);
  await log[Symbol.asyncDispose]();
  return { disk: killed, written };
}

function copyOf(disk: SimulatedDisk): SimulatedDisk {
  return disk.afterCrash('everything', dice);
}

function liveJournal(disk: SimulatedDisk): ScannedJournal {
  const scanned = [...disk.files()]
    .filter(([path]) => path.includes('journal-'))
    .map(([path, bytes]) => scanJournalBytes(path, bytes));
  return scanned.find(({ frames }) => frames.length > 0)!;
}

function flip(disk: SimulatedDisk, path: string, at: number): void {
  const bytes = disk.files().get(path)!;
  bytes[at] = bytes[at]! ^ 0x10;
}

async function refuses(disk: SimulatedDisk, path: string): Promise<void> {
  await assert.rejects(openOn(disk), (error: unknown) => {
    assert.ok(error instanceof LogDamagedError, String(error));
    assert.equal(error.file, path);
    assert.match(error.message, /millrace doctor --repair/);
    return true;
  });
}

describe('a damaged journal', () => {
  it('drops a frame that is torn at any byte, and goes on after it', async () => {
    const { disk, written } = await diskWithFrames(3);
    const { path, frames } = liveJournal(disk);
    const last = frames.at(-1)!;
    for (let kept = 0; kept < last.length; kept++) {
      const torn = copyOf(disk);
      torn
        .files()
        .get(path)!
        .fill(0, last.at + kept, last.at + last.length);
      // The last bytes may be padding, which is zero anyway.
      if (torn.files().get(path)!.equals(disk.files().get(path)!)) continue;
      const log = await openOn(torn);
      assert.deepEqual(await texts(log), written.slice(0, -1), `torn at byte ${kept} of the frame`);
      await put(log, 'after');
      const killed = copyOf(torn);
      const again = await openOn(killed);
      assert.deepEqual(await texts(again), [...written.slice(0, -1), 'after']);
      await again[Symbol.asyncDispose]();
      await log[Symbol.asyncDispose]();
    }
  });

  it('is refused when any bit before the last frame is flipped', async () => {
    const { disk } = await diskWithFrames(3);
    const { path, frames } = liveJournal(disk);
    const middle = frames[1]!;
    for (let at = middle.at; at < middle.at + middle.length; at += 3) {
      const damaged = copyOf(disk);
      flip(damaged, path, at);
      await refuses(damaged, path);
    }
  });

  it('is refused when the header of a file with records is broken', async () => {
    const { disk } = await diskWithFrames(3);
    const { path } = liveJournal(disk);
    for (const at of [0, 10, 24, 32, 60]) {
      const damaged = copyOf(disk);
      flip(damaged, path, at);
      await refuses(damaged, path);
    }
  });

  it('names the file at whose end commits are missing, not the one that goes on after them', () => {
    const file = (name: string, ordinal: number, sequences: readonly number[]): ScannedJournal => ({
      path: `/log/${name}`,
      bytes: Buffer.alloc(0),
      header: { incarnation: new Uint8Array(16), ordinal, synced: true },
      frames: sequences.map((sequence, i) => ({
        ...{ sequence, length: 80, batches: 1, durable: sequence - 1, at: 64 + 80 * i },
      })),
      end: 64 + 80 * sequences.length,
      beyond: undefined,
      durableBeyond: 0,
    });
    const files = [file('journal-000', 8, [4, 5]), file('journal-001', 7, [1, 2])];
    assert.throws(() => recoverJournal({ flushedSequence: 0, stoppedSequence: undefined }, files, '/log'), {
      file: '/log/journal-001',
      message: /it ends at byte 224, before commit 3, and journal-000 goes on with commit 4/,
    });
  });

  it('is refused after a clean stop when even the last frame is broken', async () => {
    const { disk } = await diskWithFrames(3);
    const log = await openOn(disk);
    await put(log, 'last');
    await log[Symbol.asyncDispose]();
    const newest = [...disk.files()]
      .filter(([path]) => path.includes('journal-'))
      .map(([path, bytes]) => scanJournalBytes(path, bytes))
      .filter(({ frames }) => frames.length > 0)
      .toSorted((a, b) => a.header!.ordinal - b.header!.ordinal)
      .at(-1)!;
    flip(disk, newest.path, newest.frames.at(-1)!.at + 70);
    await refuses(disk, newest.path);
  });

  it('reads frames that do not say what was durable, and refuses them when any but the last is broken', async () => {
    const { disk, written } = await diskWithFrames(3);
    const { path, frames } = liveJournal(disk);
    const bytes = disk.files().get(path)!;
    for (const { at } of frames) {
      bytes.write('MRFRAME1', at, 'latin1');
      bytes.fill(0, at + 40, at + 56);
      bytes.writeUInt32LE(crc32(bytes.subarray(at, at + 60)), at + 60);
    }
    const log = await openOn(copyOf(disk));
    assert.deepEqual(await texts(log), written);
    await log[Symbol.asyncDispose]();
    flip(disk, path, frames[1]!.at + 70);
    await refuses(disk, path);
  });

  it('does not take a whole frame of an earlier life for data, even with the right sequence', async () => {
    const { disk, written } = await diskWithFrames(3);
    const { path, bytes, end, frames } = liveJournal(disk);
    const sequence = frames.at(-1)!.sequence + 1;
    const records = [Buffer.from('stale')];
    const append = appendOf([{ partition: 0, timeMs: 1, records }]);
    const plain = append.bytes.subarray(0, append.end);
    append.giveFirst(0, 4, plain, 0);
    const plant = (incarnation: Uint8Array): SimulatedDisk => {
      const frame = Buffer.alloc(64 + 16 + 28 + plain.length + 7).subarray(
        0,
        (64 + 16 + 28 + plain.length + 7) & ~7,
      );
      const sealer = testSealers(dice).sealer('a');
      const sealedBytes = sealer.seal([plain], batchAdditional(incarnation, sequence, 'a'), frame, 80);
      encodeBatchHeader(frame, 64, { log: 1, keyId: sealer.keyId, sealedBytes });
      sealFrame(frame, incarnation, { sequence, length: frame.length, batches: 1, durable: sequence - 1 });
      const planted = copyOf(disk);
      planted.files().get(path)!.set(frame, end);
      return planted;
    };
    const stale = await openOn(plant(dice.bytes(16)));
    assert.deepEqual(await texts(stale), written);
    await stale[Symbol.asyncDispose]();
    // The same frame under the file's own incarnation is data: so it was the incarnation that told them apart.
    const own = await openOn(plant(bytes.subarray(8, 24)));
    assert.deepEqual(await texts(own), [...written, 'stale']);
    await own[Symbol.asyncDispose]();
  });

  it('reads only the newest life of a file that was recycled again and again', async () => {
    const disk = createSimulatedDisk();
    const log = await openOn(disk);
    await log.createLog('a', [0]);
    const written: string[] = [];
    for (let i = 0; i < 120; i++) {
      written.push(`${i} ${'z'.repeat(100)}`);
      await put(log, written.at(-1)!);
    }
    const killed = disk.afterCrash('nothing', dice);
    await log[Symbol.asyncDispose]();
    const again = await openOn(killed);
    assert.deepEqual(await texts(again), written);
    await again[Symbol.asyncDispose]();
  });
});

/** A disk whose records are in segments, two runs at least for partition 0 and one for partition 1. */
async function diskWithSegment(): Promise<{ disk: SimulatedDisk; path: string; written: string[] }> {
  const disk = createSimulatedDisk();
  const log = await openOn(disk);
  await log.createLog('a', [0, 1]);
  await put(log, 'other', 1);
  const written: string[] = [];
  for (let i = 0; i < 30; i++) {
    written.push(`${i} ${'z'.repeat(150)}`);
    await put(log, written.at(-1)!);
  }
  await log[Symbol.asyncDispose]();
  const path = [...disk.files().keys()].find((name) => name.includes('segment-'))!;
  return { disk, path, written };
}

describe('a damaged segment', () => {
  it('fails the reads of a run that has a flipped bit, by name, and no others', async () => {
    const { disk, path, written } = await diskWithSegment();
    // The first run, of partition 0, begins right after the header.
    flip(disk, path, 100);
    const log = await openOn(disk);
    assert.deepEqual(await texts(log, 1), ['other']);
    await assert.rejects(texts(log), (error: unknown) => {
      assert.ok(error instanceof LogDamagedError);
      assert.equal(error.file, path);
      return true;
    });
    await put(log, 'new');
    const { last } = log.bounds('a', 0);
    const newest = await log.read('a', 0, (last - 1) as Position, 1, ALL);
    assert.equal(Buffer.from(newest.records[0]!.bytes).toString(), 'new');
    assert.equal(written.length, 30);
    await log[Symbol.asyncDispose]();
  });

  it('fails reads by name when its trailer or index has a flipped bit', async () => {
    const { disk, path } = await diskWithSegment();
    const length = disk.files().get(path)!.length;
    for (const fromEnd of [1, 30, 50, 64 + 10, 64 + 24 + 20]) {
      const damaged = copyOf(disk);
      flip(damaged, path, length - fromEnd);
      const log = await openOn(damaged);
      await assert.rejects(texts(log), LogDamagedError, `${fromEnd} bytes from the end`);
      await log[Symbol.asyncDispose]();
    }
  });

  it('is refused when it is missing', async () => {
    const { disk, path } = await diskWithSegment();
    await disk.remove(path);
    await refuses(disk, path);
  });
});

describe('a damaged manifest', () => {
  it('is refused when it is missing or when a bit is flipped before its tail', async () => {
    const { disk } = await diskWithFrames(2);
    const path = '/log/manifest';
    const missing = copyOf(disk);
    await missing.remove(path);
    await refuses(missing, path);
    const { length } = disk.files().get(path)!;
    const lastFrame = disk.files().get(path)!.lastIndexOf('MRMEDIT1');
    for (let at = 0; at < Math.min(length, lastFrame); at++) {
      const damaged = copyOf(disk);
      flip(damaged, path, at);
      await refuses(damaged, path);
    }
  });

  it('is refused without the creation of a log that has records, until that is repaired', async () => {
    const { disk, written } = await diskWithFrames(2);
    const log = await openOn(disk);
    await log.createLog('b', [0]);
    await appendGroups(log, 'b', [{ partition: 0, timeMs: 1, records: [Buffer.from('of b')] }]);
    const killed = copyOf(disk);
    await log[Symbol.asyncDispose]();
    const manifest = killed.files().get('/log/manifest')!;
    manifest.fill(0, manifest.lastIndexOf('MRMEDIT1'));
    await refuses(killed, '/log/manifest');
    const parts = { disk: killed, dice, directory: '/log' };
    assert.match((await verifyLog(parts))[0]!.found, /records of logs 2, which it does not know/);
    const { repaired, left } = await repairLog(parts);
    assert.deepEqual([repaired.length, left], [1, []]);
    const again = await openOn(killed);
    assert.deepEqual([...again.logs().keys()], ['a']);
    assert.deepEqual(await texts(again), written);
    await again.createLog('c', [0]);
    await appendGroups(again, 'c', [{ partition: 0, timeMs: 1, records: [Buffer.from('of c')] }]);
    await again[Symbol.asyncDispose]();
    const last = await openOn(killed);
    assert.equal((await last.read('c', 0, START, ALL, ALL)).records.length, 1);
    await last[Symbol.asyncDispose]();
  });

  it('ends before a torn edit', async () => {
    const { disk, written } = await diskWithFrames(2);
    const log = await openOn(disk);
    await log.createLog('b', [0]);
    await log.createLog('c', [0]);
    const killed = copyOf(disk);
    await log[Symbol.asyncDispose]();
    const manifest = killed.files().get('/log/manifest')!;
    manifest.fill(0xff, manifest.length - 5);
    const again = await openOn(killed);
    assert.deepEqual([...again.logs().keys()], ['a', 'b']);
    assert.deepEqual(await texts(again), written);
    await again[Symbol.asyncDispose]();
  });
});

describe('the offline check', () => {
  const check = (disk: SimulatedDisk) => verifyLog({ disk, dice, directory: '/log' });
  const repair = (disk: SimulatedDisk) => repairLog({ disk, dice, directory: '/log' });

  it('marks commits that are missing between two files, and keeps those before and after', async () => {
    const disk = createSimulatedDisk();
    const log = await openOn(disk);
    await log.createLog('a', [0]);
    const written = Array.from({ length: 12 }, (_, i) => `record ${i} ${'x'.repeat(500)}`);
    // Nothing gets into segments, so that all of it is in the journal.
    disk.onCall = ({ path }) => {
      if (path.includes('segment-')) throw new Error('no segments');
    };
    for (const text of written) await put(log, text);
    const killed = copyOf(disk);
    disk.onCall = undefined;
    await log[Symbol.asyncDispose]();
    const [first] = [...killed.files()]
      .filter(([path]) => path.includes('journal-'))
      .map(([path, bytes]) => scanJournalBytes(path, bytes))
      .filter(({ frames }) => frames.length > 0)
      .toSorted((a, b) => a.header!.ordinal - b.header!.ordinal)
      .slice(-2);
    const broken = first!.frames.at(-1)!;
    killed
      .files()
      .get(first!.path)!
      .fill(0, broken.at, broken.at + broken.length);
    await refuses(killed, first!.path);
    const { repaired, left } = await repair(killed);
    assert.deepEqual([repaired.length, left], [1, []]);
    const again = await openOn(killed);
    const kept = await texts(again);
    assert.equal(kept.length, written.length - 1);
    assert.deepEqual(
      kept,
      written.filter((text) => kept.includes(text)),
    );
    await put(again, 'after');
    await again[Symbol.asyncDispose]();
    assert.deepEqual(await check(killed), []);
  });

  it('finds nothing in a sound log, in none, and in one that was killed', async () => {
    assert.deepEqual(await check(createSimulatedDisk()), []);
    assert.deepEqual(await check((await diskWithFrames(3)).disk), []);
    assert.deepEqual(await check((await diskWithSegment()).disk), []);
  });

  it('announces a broken frame, and its repair keeps all the others', async () => {
    const { disk, written } = await diskWithFrames(5);
    const { path, frames } = liveJournal(disk);
    flip(disk, path, frames[1]!.at + 70);
    flip(disk, path, frames[3]!.at + 3);
    const [finding] = await check(disk);
    assert.equal(finding!.file, path);
    assert.match(finding!.lost, /1 commits, from 2 on/);
    const { repaired, left } = await repair(disk);
    assert.equal(repaired.length, 2);
    assert.deepEqual(left, []);
    const log = await openOn(disk);
    assert.deepEqual(await texts(log), [written[0], written[2], written[4]]);
    await put(log, 'after');
    await log[Symbol.asyncDispose]();
    assert.deepEqual(await check(disk), []);
  });

  it('writes a broken header of a journal file anew', async () => {
    const { disk, written } = await diskWithFrames(3);
    const { path } = liveJournal(disk);
    flip(disk, path, 30);
    assert.equal((await check(disk)).length, 1);
    await repair(disk);
    const log = await openOn(disk);
    assert.deepEqual(await texts(log), written);
    await log[Symbol.asyncDispose]();
  });

  it('takes a clean stop back when the last commits are broken', async () => {
    const { disk, written } = await diskWithFrames(3);
    await (await openOn(disk))[Symbol.asyncDispose]();
    const { path, frames } = liveJournal(disk);
    flip(disk, path, frames.at(-1)!.at + 70);
    assert.equal((await check(disk)).length, 1);
    await repair(disk);
    const log = await openOn(disk);
    assert.deepEqual(await texts(log), written.slice(0, -1));
    await log[Symbol.asyncDispose]();
  });

  it('takes a broken run out of its segment, and keeps the rest', async () => {
    const { disk, path, written } = await diskWithSegment();
    flip(disk, path, 100);
    const [finding] = await check(disk);
    assert.match(finding!.lost, /1 records of partitions 0 of log a/);
    const { repaired, left } = await repair(disk);
    assert.deepEqual([repaired.length, left.length], [1, 0]);
    const log = await openOn(disk);
    assert.deepEqual(await texts(log), written.slice(1));
    assert.deepEqual(await texts(log, 1), ['other']);
    await log[Symbol.asyncDispose]();
  });

  it('sets a segment aside whose index is broken or which is missing', async () => {
    const { disk, path } = await diskWithSegment();
    const missing = copyOf(disk);
    await missing.remove(path);
    flip(disk, path, disk.files().get(path)!.length - 1);
    for (const damaged of [disk, missing]) {
      assert.equal((await check(damaged)).length, 1);
      await repair(damaged);
      const log = await openOn(damaged);
      await put(log, 'after');
      assert.equal((await texts(log)).at(-1), 'after');
      await log[Symbol.asyncDispose]();
    }
    assert.ok(await disk.exists(`${path}.damaged`));
  });

  it('says of a broken manifest that only a backup helps, and leaves it', async () => {
    const { disk } = await diskWithFrames(3);
    flip(disk, '/log/manifest', 30);
    const { repaired, left } = await repair(disk);
    assert.deepEqual([repaired.length, left.length, left[0]!.remedy], [0, 1, undefined]);
  });
});
