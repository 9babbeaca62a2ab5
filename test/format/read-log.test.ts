/** What the engine writes is what FORMAT.md says: an independent reader, written from that page alone, reads the same records. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { realDisk } from '../../src/host/real/disk.ts';
import { createSimulatedClock } from '../../src/host/simulated/clock.ts';
import { createSimulatedDice } from '../../src/host/simulated/dice.ts';
import type { Position, RecordLog } from '../../src/log/log.ts';
import { openSegmentLog } from '../../src/log/segments/open-segment-log.ts';
import { testKey, testSealers } from '../../src/log/segments/sealers.testing.ts';
import { readLog, repeatedNonces, type NonceUse } from './read-log.mjs';
import { appendGroups } from '../../src/log/append.testing.ts';

const root = mkdtempSync(join(tmpdir(), 'millrace-format-'));
after(() => rmSync(root, { recursive: true }));

const SIZES = {
  journalFileBytesMin: 16_384,
  journalFileBytesMax: 65_536,
  segmentBytesMax: 100_000,
  runBytes: 4096,
  reserveBytes: 4096,
};
// One pair of dice for all lives: seeded ones would otherwise repeat themselves, as real ones do not.
const dice = createSimulatedDice(99);
const PARTITIONS = Array.from({ length: 150 }, (_, i) => i * 3);

function open(directory: string, sealers = testSealers(dice)) {
  const host = { clock: createSimulatedClock(), disk: realDisk, dice };
  return openSegmentLog({ host, directory, sealers, durability: 'fsync', sizes: SIZES });
}

async function write(log: RecordLog, rounds: number): Promise<void> {
  await log.createLog('first', PARTITIONS);
  await log.createLog('zweites · 日本', [1]);
  for (let round = 0; round < rounds; round++) {
    const appends = PARTITIONS.filter((partition) => (partition + round) % 4 === 0).map((partition) => ({
      partition,
      timeMs: 1_800_000_000_000 + round,
      records: [Buffer.from(`${partition}/${round}`), dice.bytes(dice.integer(200))],
    }));
    await Promise.all([
      appendGroups(log, 'first', appends),
      appendGroups(log, 'zweites · 日本', [{ partition: 1, timeMs: round, records: [Buffer.alloc(round)] }]),
    ]);
  }
}

type Plain = { position: number; timeMs: number; hex: string };

async function allOf(log: RecordLog): Promise<Map<string, Plain[]>> {
  const all = new Map<string, Plain[]>();
  for (const [id, partitions] of log.logs()) {
    for (const partition of partitions) {
      const { records } = await log.read(id, partition, 0 as Position, 1e9, 1e9);
      all.set(
        `${id}/${partition}`,
        records.map(({ position, timeMs, bytes }) => ({
          position,
          timeMs,
          hex: Buffer.from(bytes).toString('hex'),
        })),
      );
    }
  }
  return all;
}

function independently(directory: string): { all: Map<string, Plain[]>; nonces: NonceUse[] } {
  const { logs, nonces } = readLog(directory, testKey);
  const all = new Map<string, Plain[]>();
  for (const [id, { partitions }] of logs) {
    for (const [partition, { records }] of partitions) {
      all.set(
        `${id}/${partition}`,
        records.map(({ position, timeMs, bytes }) => ({ position, timeMs, hex: bytes.toString('hex') })),
      );
    }
  }
  return { all, nonces };
}

describe('the format of the segments engine', () => {
  it('is read alike by a reader written from FORMAT.md alone', async () => {
    const directory = join(root, 'alike');
    const log = await open(directory);
    await write(log, 60);
    await log.trim('first', 3, log.bounds('first', 3).last);
    await log.dropPartitions('first', [6]);
    await write(log, 3);
    const expected = await allOf(log);
    await log[Symbol.asyncDispose]();
    assert.ok(readdirSync(directory).some((name) => name.startsWith('segment-')));
    assert.deepEqual(independently(directory).all, expected);
  });

  it('reads a backup alike, and the backup opens as a server of its own', async () => {
    const log = await open(join(root, 'original'));
    await write(log, 40);
    const directory = join(root, 'backup');
    const expected = await allOf(log);
    const backup = log.backup(directory);
    const meanwhile = write(log, 40);
    await Promise.all([backup, meanwhile]);
    assert.deepEqual(independently(directory).all, expected);
    const { last } = log.bounds('first', 0);
    await log[Symbol.asyncDispose]();
    const restored = await open(directory);
    assert.deepEqual(await allOf(restored), expected);
    const [appended] = await appendGroups(restored, 'first', [
      { partition: 0, timeMs: 9e12, records: [Buffer.of(1)] },
    ]);
    assert.ok(appended!.positions[0]! > last, 'the copy gives no position that the original gave after it');
    await restored[Symbol.asyncDispose]();
  });

  it('never repeats a nonce under a key, over recycled files, torn tails and restarts', async () => {
    const nonces: NonceUse[] = [];
    const directory = join(root, 'nonces');
    for (let life = 0; life < 4; life++) {
      const log = await open(directory);
      await write(log, 15);
      nonces.push(...independently(directory).nonces);
      // The next life starts from a copy that a kill would have left, with the newest bytes torn off.
      cpSync(directory, `${directory}-killed`, { recursive: true });
      await log[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true });
      cpSync(`${directory}-killed`, directory, { recursive: true });
      rmSync(`${directory}-killed`, { recursive: true });
      tearNewestFrame(directory);
    }
    assert.ok(nonces.length > 500);
    assert.deepEqual(repeatedNonces(nonces), []);
  });

  it('shows a planted repeat of a nonce', async () => {
    const directory = join(root, 'planted');
    const stuck = { ...dice, bytes: (count: number) => new Uint8Array(count) };
    const log = await open(directory, testSealers(stuck));
    await write(log, 2);
    await log[Symbol.asyncDispose]();
    assert.ok(repeatedNonces(independently(directory).nonces).length > 0);
  });
});

function tearNewestFrame(directory: string): void {
  let newest = { path: '', at: 0, sequence: 0 };
  for (const name of readdirSync(directory).filter((each) => each.startsWith('journal-'))) {
    const path = join(directory, name);
    const bytes = readFileSync(path);
    for (let at = bytes.indexOf('MRFRAME2'); at !== -1; at = bytes.indexOf('MRFRAME2', at + 1)) {
      const sequence = bytes.readUInt32LE(at + 24);
      if (sequence > newest.sequence) newest = { path, at, sequence };
    }
  }
  const bytes = readFileSync(newest.path);
  bytes.fill(0, newest.at + 100, newest.at + 200);
  writeFileSync(newest.path, bytes);
}
