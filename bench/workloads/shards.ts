/** The cost curves: from 1 to 10,000 shards, and from records of 100 B to 10 MiB. */
import { call, createStream } from '../servers/api.ts';
import { makeDataDirectory, startMillrace } from '../servers/millrace.ts';
import { compare, standingsTable } from './compare.ts';
import { SHARDS } from './put.ts';
import { checkPut, putRequests, type PutShape } from './records.ts';
import { atLeast, large, short, type Outcome, type Settings, type Workload } from './workload.ts';

const SHAPE: PutShape = { records: 500, bytes: 100, format: 'json' };
const SHARD_COUNTS = [1, 8, SHARDS, 512, 10_000];

export const MANY_SHARDS: Workload = {
  name: 'shards',
  title: '500-record requests over 1 to 10,000 shards',
  async run(settings: Settings): Promise<Outcome> {
    await using directory = await makeDataDirectory();
    await using server = await startMillrace(directory);
    const contestants = [];
    for (const count of SHARD_COUNTS) {
      const stream = `shards-${count}`;
      await createStream(server.port, stream, count);
      const requests = putRequests(server.port, stream, SHAPE);
      contestants.push({ name: `${count} shards`, server, requests, check: checkPut(SHAPE) });
    }
    const standings = await compare(contestants, settings);
    const rate = (count: number): number => standings[SHARD_COUNTS.indexOf(count)]!.perSecond;
    return {
      lines: [atLeast('10,000 shards: of the rate of 64', rate(10_000) / rate(SHARDS), 0.5, 0.8)],
      tables: [standingsTable('PutRecords 500 x 100 B', SHAPE.records, standings)],
    };
  },
};

const SIZES: readonly PutShape[] = [
  { records: 500, bytes: 100, format: 'json' },
  { records: 500, bytes: 1_000, format: 'json' },
  { records: 100, bytes: 10_000, format: 'json' },
  { records: 10, bytes: 100_000, format: 'json' },
  { records: 1, bytes: 1_000_000, format: 'json' },
  { records: 1, bytes: 10_000_000, format: 'json' },
];

export const RECORD_SIZES: Workload = {
  name: 'record-sizes',
  title: 'Records of 100 B to 10 MB',
  async run(settings: Settings): Promise<Outcome> {
    await using directory = await makeDataDirectory();
    await using server = await startMillrace(directory);
    const { port } = server;
    await createStream(port, 'sizes', SHARDS);
    await allowLargeRecords(port, 'sizes');
    const contestants = SIZES.map((shape) => ({
      name: `${shape.records} x ${large(shape.bytes)}B`,
      server,
      requests: putRequests(port, 'sizes', shape),
      check: checkPut(shape),
    }));
    const standings = await compare(contestants, settings);
    const rows = standings.map((standing, index) => {
      const { records, bytes } = SIZES[index]!;
      return [
        standing.name,
        large(standing.perSecond),
        `${short((standing.perSecond * records * bytes) / 1e6)} MB/s`,
        `${short(standing.serverMicroseconds / ((records * bytes) / 1e6))} µs`,
      ];
    });
    return {
      lines: [],
      tables: [{ title: 'JSON', header: ['records', 'requests/s', 'data', 'server CPU/MB'], rows }],
    };
  },
};

async function allowLargeRecords(port: number, stream: string): Promise<void> {
  const { StreamDescriptionSummary } = await call(port, 'DescribeStreamSummary', { StreamName: stream });
  const { StreamARN } = StreamDescriptionSummary as { StreamARN: string };
  await call(port, 'UpdateMaxRecordSize', { StreamARN, MaxRecordSizeInKiB: 10_240 });
}
