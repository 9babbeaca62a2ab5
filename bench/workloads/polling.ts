/** 100 consumers that each poll one shard five times a second, while 100,000 records a second come in. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '../load/connection.ts';
import { signedRequest } from '../load/signed-request.ts';
import { cpuMicroseconds } from '../process-usage.ts';
import { createStream, shardIterator } from '../servers/api.ts';
import { makeDataDirectory, startMillrace } from '../servers/millrace.ts';
import { SHARDS } from './put.ts';
import { checkPut, putRequests, type PutShape } from './records.ts';
import { atMost, large, short, type Outcome, type Settings, type Workload } from './workload.ts';

const STREAM = 'bench';
const CONSUMERS = 100;
const POLL_EVERY_MS = 200;
const SHAPE: PutShape = { records: 500, bytes: 100, format: 'json' };
const PUTS_PER_SECOND = 200;
const WRITERS = 16;

export const POLLING: Workload = {
  name: 'polling',
  title: '100 polling consumers while 100,000 records a second go in',
  async run({ rounds, seconds }: Settings): Promise<Outcome> {
    await using directory = await makeDataDirectory();
    await using server = await startMillrace(directory);
    await createStream(server.port, STREAM, SHARDS);
    const untilMs = performance.now() + rounds * seconds * 1000;
    const cpuBefore = cpuMicroseconds(server.pid);
    const clientBefore = process.cpuUsage();
    const startedAt = performance.now();
    const [written, consumers] = await Promise.all([
      write(server.port, untilMs),
      Promise.all(Array.from({ length: CONSUMERS }, (_, index) => consume(server.port, index, untilMs))),
    ]);
    const elapsed = (performance.now() - startedAt) / 1000;
    const serverCores = (cpuMicroseconds(server.pid) - cpuBefore) / 1e6 / elapsed;
    const client = process.cpuUsage(clientBefore);
    const worst = Math.max(...consumers.map(({ behindMs }) => behindMs));
    const read = consumers.reduce((total, { polls }) => total + polls, 0);
    return {
      lines: [atMost('100 consumers: the furthest behind, in ms', worst, 1000, 1000, 'ms')],
      tables: [
        {
          title:
            'The age of the oldest record in an answer, at its worst; it includes the 200 ms between two polls',
          header: ['records/s in', 'polls/s', 'furthest behind', 'server CPU', 'load generator'],
          rows: [
            [
              large((written * SHAPE.records) / elapsed),
              large(read / elapsed),
              `${short(worst)} ms`,
              `${serverCores.toFixed(2)} cores`,
              `${((client.user + client.system) / 1e6 / elapsed).toFixed(2)} cores`,
            ],
          ],
        },
      ],
    };
  },
};

/** Puts at a steady rate, and catches up when it was held back. */
async function write(port: number, untilMs: number): Promise<number> {
  const requests = putRequests(port, STREAM, SHAPE);
  const check = checkPut(SHAPE);
  const startedAt = performance.now();
  let sent = 0;
  const writer = async (): Promise<void> => {
    const connection = await Connection.open(port);
    while (performance.now() < untilMs) {
      const dueMs = startedAt + (sent * 1000) / PUTS_PER_SECOND;
      if (dueMs > performance.now()) {
        await sleep(Math.max(1, dueMs - performance.now()));
        continue;
      }
      const fault = check(await connection.ask(requests[sent++ % requests.length]!));
      if (fault !== undefined) throw new Error(fault);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
  return sent;
}

async function consume(
  port: number,
  index: number,
  untilMs: number,
): Promise<{ polls: number; behindMs: number }> {
  // Not all at the same moment.
  await sleep((index * POLL_EVERY_MS) / CONSUMERS);
  const connection = await Connection.open(port);
  let iterator = await shardIterator(port, STREAM, index % SHARDS, 'LATEST');
  let behindMs = 0;
  let polls = 0;
  while (performance.now() < untilMs) {
    const startedAt = performance.now();
    const { body } = await connection.ask(signedRequest(port, 'GetRecords', { ShardIterator: iterator }));
    const arrived = /"ApproximateArrivalTimestamp":([\d.E]+)/.exec(body.toString('latin1', 0, 500))?.[1];
    if (arrived !== undefined) behindMs = Math.max(behindMs, Date.now() - Number(arrived) * 1000);
    iterator = /"NextShardIterator":"([^"]+)"/.exec(
      body.toString('latin1', Math.max(0, body.length - 2000)),
    )![1]!;
    polls++;
    await sleep(Math.max(0, POLL_EVERY_MS - (performance.now() - startedAt)));
  }
  connection.close();
  return { polls, behindMs };
}
