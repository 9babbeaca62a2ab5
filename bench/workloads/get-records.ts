/**
 * Reads: pages of 10,000 records of 100 bytes, put by 500-record requests over 64 shards. Warm: read again and again by a server
 * that has just taken them. Cold: each page once, by a server that was started over them; the machine's page cache is
 * not emptied, so what is cold is the server. kinesalite gets one page only, in one shard: loading it takes minutes otherwise.
 */
import { call, createStream, shardIterator } from '../servers/api.ts';
import { Connection, type Answer } from '../load/connection.ts';
import { runLoad } from '../load/closed-loop.ts';
import { signedRequest } from '../load/signed-request.ts';
import { startKinesalite } from '../servers/kinesalite.ts';
import { makeDataDirectory, startMillrace } from '../servers/millrace.ts';
import { startNull } from '../servers/null.ts';
import type { Server } from '../servers/server.ts';
import { compare, CONNECTIONS, cpuLine, standingOf, standingsTable } from './compare.ts';
import { SHARDS } from './put.ts';
import { checkPut, putRequests, type PutShape } from './records.ts';
import { atLeast, type Outcome, type Settings, type Workload } from './workload.ts';

const STREAM = 'bench';
const PAGE_RECORDS = 10_000;
const PAGES_PER_SHARD = 2;
const SHAPE: PutShape = { records: 500, bytes: 100, format: 'json' };

export const GET_RECORDS: Workload = {
  name: 'get-records',
  title: 'GetRecords pages of 10,000 x 100 B, warm and after a restart',
  run,
};

async function run(settings: Settings): Promise<Outcome> {
  await using directory = await makeDataDirectory();
  const server = await startMillrace(directory);
  let requests: Buffer[];
  let answerBytes: number;
  let warm;
  try {
    await createStream(server.port, STREAM, SHARDS);
    // A little more than whole pages on average, so that almost every shard has them.
    await put(server, Math.ceil((SHARDS * PAGE_RECORDS * PAGES_PER_SHARD * 1.03) / SHAPE.records));
    ({ requests, answerBytes } = await pageRequests(server));
    await using kinesalite = await startKinesalite();
    await using nothing = await startNull(answerBytes);
    warm = await compare(
      [
        { name: 'Millrace', server, requests, check: checkPage },
        { name: 'null', server: nothing, requests, check: () => undefined },
        {
          name: 'kinesalite',
          server: kinesalite,
          requests: await loadKinesalite(kinesalite),
          check: checkPage,
          // It is busy with a page for longer than it keeps a connection that it has answered.
          connections: 2,
        },
      ],
      settings,
    );
  } finally {
    await server[Symbol.asyncDispose]();
  }
  const cold = [];
  let restarted: Server | undefined;
  for (let round = 0; round < settings.rounds; round++) {
    await restarted?.[Symbol.asyncDispose]();
    restarted = await startMillrace(directory);
    // Iterators outlive the restart; the signatures name the old port's host.
    const again = requests.map((request) => resign(request, restarted!.port));
    const { port, pid } = restarted;
    cold.push(
      await runLoad({ port, pid, connections: CONNECTIONS, requests: again, check: checkPage, once: true }),
    );
  }
  const coldStanding = standingOf('Millrace, restarted', restarted!, cold);
  await restarted?.[Symbol.asyncDispose]();
  const [ours, none, peer] = warm.map(({ perSecond }) => perSecond) as [number, number, number];
  return {
    lines: [
      atLeast('GetRecords 10,000 x 100 B: of the null server', ours / none, 0.15, 0.4),
      cpuLine('GetRecords 10,000 x 100 B', warm),
      atLeast('GetRecords 10,000 x 100 B: times kinesalite', ours / peer, 25, 25),
      atLeast('GetRecords after a restart: of the null server', coldStanding.perSecond / none, 0.15, 0.4),
      atLeast('GetRecords after a restart: of warm', coldStanding.perSecond / ours, 0.5, 0.5),
    ],
    tables: [standingsTable('GetRecords', PAGE_RECORDS, [...warm, coldStanding])],
  };
}

async function put(server: Server, count: number): Promise<void> {
  const variants = putRequests(server.port, STREAM, SHAPE);
  await runLoad({
    port: server.port,
    pid: server.pid,
    connections: CONNECTIONS,
    requests: Array.from({ length: count }, (_, index) => variants[index % variants.length]!),
    check: checkPut(SHAPE),
    once: true,
  });
}

/** Walks through all shards once for the iterator of each whole page. */
async function pageRequests(server: Server): Promise<{ requests: Buffer[]; answerBytes: number }> {
  const requests: Buffer[] = [];
  let answerBytes = 0;
  const connection = await Connection.open(server.port);
  for (let shard = 0; shard < SHARDS; shard++) {
    let iterator = await shardIterator(server.port, STREAM, shard, 'TRIM_HORIZON');
    for (let page = 0; page < PAGES_PER_SHARD; page++) {
      const request = pageRequest(server.port, iterator);
      const { body, bytes } = await connection.ask(request);
      // A shard with less than a page more has no such page.
      if (bytes < PAGE_RECORDS * PAGE_RECORD_BYTES_MIN) break;
      requests.push(request);
      answerBytes = bytes;
      iterator = /"NextShardIterator":"([^"]+)"/.exec(body.toString('latin1', bytes - 2000))![1]!;
    }
  }
  connection.close();
  return { requests, answerBytes };
}

const PAGE_RECORD_BYTES_MIN = 200;

function pageRequest(port: number, iterator: string): Buffer {
  return signedRequest(port, 'GetRecords', { ShardIterator: iterator, Limit: PAGE_RECORDS });
}

function resign(request: Buffer, port: number): Buffer {
  const { ShardIterator } = JSON.parse(request.toString('latin1', request.indexOf('\r\n\r\n'))) as {
    ShardIterator: string;
  };
  return pageRequest(port, ShardIterator);
}

function checkPage({ bytes, body }: Answer): string | undefined {
  return bytes > PAGE_RECORDS * PAGE_RECORD_BYTES_MIN
    ? undefined
    : `a page too short: ${body.toString('latin1')}`;
}

async function loadKinesalite(server: Server): Promise<Buffer[]> {
  await createStream(server.port, STREAM, SHARDS);
  const first = { ExplicitHashKey: '0' };
  for (let put = 0; put < PAGE_RECORDS / 500; put++) {
    const Records = Array.from({ length: 500 }, (_, index) => ({
      ...first,
      Data: Buffer.alloc(100, index),
      PartitionKey: `${put}-${index}-padding-to-16`.slice(0, 16),
    }));
    await call(server.port, 'PutRecords', { StreamName: STREAM, Records });
  }
  return [pageRequest(server.port, await shardIterator(server.port, STREAM, 0, 'TRIM_HORIZON'))];
}
