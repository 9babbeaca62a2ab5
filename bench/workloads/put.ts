/** Writes: PutRecord and PutRecords against the null server and kinesalite. */
import { createStream } from '../servers/api.ts';
import { startKinesalite } from '../servers/kinesalite.ts';
import { makeDataDirectory, startMillrace } from '../servers/millrace.ts';
import { startNull } from '../servers/null.ts';
import { compare, cpuLine, standingsTable } from './compare.ts';
import { checkPut, putRequests, type PutShape } from './records.ts';
import { atLeast, type Outcome, type Settings, type Workload } from './workload.ts';

export const SHARDS = 64;
const STREAM = 'bench';

type Aims = { readonly ofNull: readonly [number, number]; readonly ofKinesalite: number };

function putWorkload(name: string, title: string, shape: PutShape, aims: Aims): Workload {
  return { name, title, run: (settings) => runPut(title, shape, aims, settings) };
}

async function runPut(title: string, shape: PutShape, aims: Aims, settings: Settings): Promise<Outcome> {
  await using directory = await makeDataDirectory();
  await using millrace = await startMillrace(directory);
  await using nothing = await startNull(100);
  await using kinesalite = await startKinesalite();
  await createStream(millrace.port, STREAM, SHARDS);
  await createStream(kinesalite.port, STREAM, SHARDS);
  // On this Node kinesalite answers CBOR with one byte, so it always gets JSON.
  const spoken: PutShape = { ...shape, format: 'json' };
  const contestants = [
    { server: millrace, requests: putRequests(millrace.port, STREAM, shape), check: checkPut(shape) },
    { server: nothing, requests: putRequests(nothing.port, STREAM, shape), check: () => undefined },
    { server: kinesalite, requests: putRequests(kinesalite.port, STREAM, spoken), check: checkPut(spoken) },
  ].map((contestant) => ({ name: contestant.server.name, ...contestant }));
  const standings = await compare(contestants, settings);
  const [ours, none, peer] = standings.map(({ perSecond }) => perSecond) as [number, number, number];
  return {
    lines: [
      atLeast(`${title}: of the null server`, ours / none, ...aims.ofNull),
      cpuLine(title, standings),
      atLeast(`${title}: times kinesalite`, ours / peer, aims.ofKinesalite, aims.ofKinesalite),
    ],
    tables: [standingsTable(title, shape.records, standings)],
  };
}

export const PUT_WORKLOADS: readonly Workload[] = [
  putWorkload(
    'put-record',
    'PutRecord 100 B',
    { records: 1, bytes: 100, format: 'json' },
    { ofNull: [0.4, 0.7], ofKinesalite: 5 },
  ),
  putWorkload(
    'put-records-100',
    'PutRecords 500 x 100 B, JSON',
    { records: 500, bytes: 100, format: 'json' },
    { ofNull: [0.1, 0.2], ofKinesalite: 60 },
  ),
  putWorkload(
    'put-records-1k',
    'PutRecords 500 x 1 KB, JSON',
    { records: 500, bytes: 1000, format: 'json' },
    { ofNull: [0.15, 0.3], ofKinesalite: 20 },
  ),
  putWorkload(
    'put-records-1k-cbor',
    'PutRecords 500 x 1 KB, CBOR',
    { records: 500, bytes: 1000, format: 'cbor' },
    { ofNull: [0.15, 0.3], ofKinesalite: 20 },
  ),
];
