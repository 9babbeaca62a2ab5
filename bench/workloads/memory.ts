/** Memory while many small records come in, and what they cost on the disk. */
import { setTimeout as sleep } from 'node:timers/promises';
import { runLoad } from '../load/closed-loop.ts';
import { diskBytesWritten, peakMegabytes, residentMegabytes } from '../process-usage.ts';
import { createStream } from '../servers/api.ts';
import { makeDataDirectory, startMillrace } from '../servers/millrace.ts';
import { CONNECTIONS } from './compare.ts';
import { SHARDS } from './put.ts';
import { checkPut, putRequests, type PutShape } from './records.ts';
import { atMost, large, short, type Outcome, type Settings, type Workload } from './workload.ts';

const STREAM = 'bench';
const SHAPE: PutShape = { records: 500, bytes: 100, format: 'json' };
const SETTLE_MS = 5000;
/** What a caller counts of a record: its data and its partition key. */
const BYTES_PER_RECORD = 116;

export const MEMORY: Workload = {
  name: 'memory',
  title: 'Memory and bytes written while 10 M records of 100 B come in',
  async run({ recordsMax }: Settings): Promise<Outcome> {
    await using directory = await makeDataDirectory();
    await using server = await startMillrace(directory);
    await createStream(server.port, STREAM, SHARDS);
    const variants = putRequests(server.port, STREAM, SHAPE);
    const writtenBefore = diskBytesWritten(server.pid);
    const measured = await runLoad({
      port: server.port,
      pid: server.pid,
      connections: CONNECTIONS,
      requests: Array.from({ length: Math.ceil(recordsMax / 500) }, (_, i) => variants[i % variants.length]!),
      check: checkPut(SHAPE),
      once: true,
    });
    const after = residentMegabytes(server.pid);
    await sleep(SETTLE_MS);
    const settled = residentMegabytes(server.pid);
    const written = diskBytesWritten(server.pid) - writtenBefore;
    const perByte = written / (recordsMax * BYTES_PER_RECORD);
    return {
      lines: [
        atMost(`memory after ${large(recordsMax)} records of 100 B`, settled, 350, 200, 'MB'),
        {
          measure: 'bytes written per byte put (data and key)',
          atLeast: '',
          aim: '',
          reached: short(perByte),
          verdict: 'recorded',
        },
      ],
      tables: [
        {
          title: 'At full load, then at rest',
          header: ['records', 'records/s', 'RSS at the end', 'RSS at rest', 'peak RSS', 'bytes written'],
          rows: [
            [
              large(recordsMax),
              large(measured.perSecond * 500),
              `${after} MB`,
              `${settled} MB`,
              `${peakMegabytes(server.pid)} MB`,
              `${large(written)}B`,
            ],
          ],
        },
      ],
    };
  },
};
