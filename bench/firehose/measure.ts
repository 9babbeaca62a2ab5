/**
 * One run end to end: a fixed number of records is put, and the run ends when the last of them lies in a whole file. Every file is
 * decompressed and its lines are counted, but only after the load, so that counting takes no time from the server: the end is the time of the
 * newest file. A line too many or too few is a failure.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { runLoad } from '../load/closed-loop.ts';
import { cpuMicroseconds, peakMegabytes } from '../process-usage.ts';
import type { RunningPeer } from './peer.ts';

export const BATCH = 500;
const CONNECTIONS = 8;
/** Different requests of one run; they are sent in turn. */
const VARIANTS = 40;
const WAIT_MS_MAX = 90_000;
const NEWLINE = 10;

export type Run = {
  readonly acceptedPerSecond: number;
  readonly perSecond: number;
  readonly cpuMicrosecondsPerRecord: number;
  readonly peakMegabytes: number;
  readonly files: number;
};

export async function measure(
  peer: RunningPeer,
  record: (index: number) => string,
  records: number,
): Promise<Run> {
  const variants = Array.from({ length: VARIANTS }, (_, variant) =>
    peer.request(Array.from({ length: BATCH }, (_record, index) => record(variant * BATCH + index))),
  );
  const requests = Array.from({ length: records / BATCH }, (_, index) => variants[index % VARIANTS]!);
  const { port, pid, check } = peer;
  const cpuBefore = cpuMicroseconds(pid);
  const startedAt = Date.now();
  const load = await runLoad({ port, pid, connections: CONNECTIONS, requests, check, once: true });
  const { files, endedAt, cpuAfter } = await whenAllLies(peer, records);
  return {
    acceptedPerSecond: load.perSecond * BATCH,
    perSecond: records / ((endedAt - startedAt) / 1000),
    cpuMicrosecondsPerRecord: (cpuAfter - cpuBefore) / records,
    peakMegabytes: peakMegabytes(pid),
    files,
  };
}

async function whenAllLies({ output, isWhole, pid }: RunningPeer, records: number) {
  const counted = new Map<string, number>();
  const deadlineMs = Date.now() + WAIT_MS_MAX;
  let before = '';
  for (;;) {
    const found = await filesBelow(output, isWhole);
    const seen = found.map(({ file, bytes }) => `${file} ${bytes}`).join('\n');
    if (seen === before && found.length > 0) {
      const cpuAfter = cpuMicroseconds(pid);
      let lines = 0;
      for (const { file, bytes } of found) {
        const key = `${file} ${bytes}`;
        if (!counted.has(key)) counted.set(key, await linesOf(file));
        lines += counted.get(key)!;
      }
      const endedAt = Math.max(...found.map(({ writtenAt }) => writtenAt));
      if (lines === records) return { files: found.length, endedAt, cpuAfter };
      if (lines > records || Date.now() > deadlineMs)
        throw new Error(`${lines} lines instead of ${records} in ${found.length} files.`);
    }
    if (Date.now() > deadlineMs) throw new Error(`Nothing whole lies in ${output}.`);
    before = seen;
    await sleep(1000);
  }
}

async function filesBelow(folder: string, isWhole: (name: string) => boolean) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && isWhole(entry.name));
  return Promise.all(
    files.map(async (entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const { size, mtimeMs } = await stat(file);
      return { file, bytes: size, writtenAt: mtimeMs };
    }),
  );
}

/** NaN for a file that is not whole after all: then the sum is not right either, and it is looked at again. */
async function linesOf(file: string): Promise<number> {
  let text: Buffer;
  try {
    text = gunzipSync(await readFile(file));
  } catch {
    return Number.NaN;
  }
  let lines = 0;
  for (let at = text.indexOf(NEWLINE); at !== -1; at = text.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}
