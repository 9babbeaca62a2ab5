/** From the start of the process to its first answer, and what it then holds in memory; empty, and with a full data directory. */
import { setTimeout as sleep } from 'node:timers/promises';
import { runLoad } from '../load/closed-loop.ts';
import { residentMegabytes } from '../process-usage.ts';
import { call, createStream } from '../servers/api.ts';
import { makeDataDirectory, startMillrace, type DataDirectory } from '../servers/millrace.ts';
import { CONNECTIONS } from './compare.ts';
import { SHARDS } from './put.ts';
import { checkPut, putRequests, type PutShape } from './records.ts';
import { atMost, median, short, type Outcome, type Settings, type Workload } from './workload.ts';

const STARTS = 5;
const SETTLE_MS = 3000;
const STREAM = 'bench';
const FILLING: PutShape = { records: 500, bytes: 1000, format: 'json' };

export const START_UP: Workload = {
  name: 'start-up',
  title: 'Start to first answer, and memory at rest',
  async run({ diskGigabytes }: Settings): Promise<Outcome> {
    await using empty = await makeDataDirectory();
    const emptyStart = await measureStarts(empty);
    await using full = await makeDataDirectory();
    await fill(full, diskGigabytes * 1e9);
    const fullStart = await measureStarts(full);
    const size = `${diskGigabytes} GB`;
    return {
      lines: [
        atMost('start to first answer, empty', emptyStart.ms, 500, 300, 'ms'),
        atMost(`start to first answer, ${size}`, fullStart.ms, 500, 300, 'ms'),
        atMost('memory, idle', emptyStart.megabytes, 100, 70, 'MB'),
        atMost(`memory with ${size} on disk`, fullStart.megabytes, 350, 200, 'MB'),
      ],
      tables: [
        {
          title: `Median of ${STARTS} starts (ListStreams, signed); RSS ${SETTLE_MS / 1000} s after`,
          header: ['directory', 'first answer', 'range', 'RSS'],
          rows: [
            ['empty', ...cells(emptyStart)],
            [size, ...cells(fullStart)],
          ],
        },
      ],
    };
  },
};

type Start = { readonly ms: number; readonly range: readonly number[]; readonly megabytes: number };

function cells({ ms, range, megabytes }: Start): string[] {
  return [
    `${short(ms)} ms`,
    `${short(Math.min(...range))}–${short(Math.max(...range))} ms`,
    `${megabytes} MB`,
  ];
}

async function measureStarts(directory: DataDirectory): Promise<Start> {
  // The first start makes keys, certificate and compile cache.
  await using _first = await startMillrace(directory);
  await _first[Symbol.asyncDispose]();
  const times: number[] = [];
  let megabytes = 0;
  for (let start = 0; start < STARTS; start++) {
    const startedAt = performance.now();
    await using server = await startMillrace(directory);
    await call(server.port, 'ListStreams', {});
    times.push(performance.now() - startedAt);
    if (start === STARTS - 1) {
      await sleep(SETTLE_MS);
      megabytes = residentMegabytes(server.pid);
    }
  }
  return { ms: median(times), range: times, megabytes };
}

async function fill(directory: DataDirectory, bytes: number): Promise<void> {
  await using server = await startMillrace(directory);
  await createStream(server.port, STREAM, SHARDS);
  const variants = putRequests(server.port, STREAM, FILLING);
  const count = Math.ceil(bytes / (FILLING.records * FILLING.bytes));
  await runLoad({
    port: server.port,
    pid: server.pid,
    connections: CONNECTIONS,
    requests: Array.from({ length: count }, (_, index) => variants[index % variants.length]!),
    check: checkPut(FILLING),
    once: true,
  });
}
