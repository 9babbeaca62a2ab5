/** CPU per request over the transports that SDKs use: the JavaScript and Java ones speak HTTP/2, the KPL speaks TLS only. */
import { randomBytes } from 'node:crypto';
import { runHttp2Load } from '../load/http2-loop.ts';
import { runLoad, type Measured } from '../load/closed-loop.ts';
import { signedParts, type PlainRequest } from '../load/signed-request.ts';
import { createStream } from '../servers/api.ts';
import { makeDataDirectory, startMillrace } from '../servers/millrace.ts';
import { CONNECTIONS, standingOf, standingsTable } from './compare.ts';
import { SHARDS } from './put.ts';
import { checkPut, putRequests, type PutShape } from './records.ts';
import type { Outcome, Settings, Workload } from './workload.ts';

const STREAM = 'bench';
const SHAPES: readonly (PutShape & { readonly title: string })[] = [
  { title: 'PutRecord 100 B', records: 1, bytes: 100, format: 'json' },
  { title: 'PutRecords 500 x 100 B', records: 500, bytes: 100, format: 'json' },
];

export const TRANSPORTS: Workload = {
  name: 'transports',
  title: 'CPU per request over HTTP/1.1, TLS and HTTP/2',
  async run({ rounds, seconds }: Settings): Promise<Outcome> {
    await using directory = await makeDataDirectory();
    await using server = await startMillrace(directory);
    const { port, pid } = server;
    await createStream(port, STREAM, SHARDS);
    const tables = [];
    for (const { title, ...shape } of SHAPES) {
      const requests = putRequests(port, STREAM, shape);
      const parts = http2Requests(port, shape);
      const timed = { port, pid, seconds, warmUpSeconds: seconds * 0.3 };
      const http1 = { ...timed, connections: CONNECTIONS, requests, check: checkPut(shape) };
      const http2 = { ...timed, streams: CONNECTIONS, requests: parts };
      const runs: Record<string, () => Promise<Measured>> = {
        'HTTP/1.1': () => runLoad(http1),
        'HTTP/1.1, TLS': () => runLoad({ ...http1, tls: true }),
        'HTTP/2': () => runHttp2Load({ ...http2, tls: false }),
        'HTTP/2, TLS': () => runHttp2Load({ ...http2, tls: true }),
      };
      const measured = new Map(Object.keys(runs).map((name): [string, Measured[]] => [name, []]));
      for (let round = 0; round < rounds; round++) {
        for (const [name, run] of Object.entries(runs)) measured.get(name)!.push(await run());
      }
      const standings = [...measured].map(([name, rounds]) => standingOf(name, server, rounds));
      tables.push(standingsTable(title, shape.records, standings));
    }
    return { lines: [], tables };
  },
};

function http2Requests(port: number, { records, bytes }: PutShape): PlainRequest[] {
  const record = () => ({ Data: randomBytes(bytes), PartitionKey: randomBytes(8).toString('hex') });
  return Array.from({ length: 16 }, () =>
    records === 1
      ? signedParts(port, 'PutRecord', { StreamName: STREAM, ...record() })
      : signedParts(port, 'PutRecords', {
          StreamName: STREAM,
          Records: Array.from({ length: records }, record),
        }),
  );
}
