/**
 * What a SQL application that runs flat out does to a PutRecord of a data stream: a client that puts at a steady rate, alone, and while an application
 * works through a stream of millions of records that were there before it started.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '../load/connection.ts';
import type { Histogram } from '../load/histogram.ts';
import { runPaced } from '../load/paced.ts';
import { signedRequest } from '../load/signed-request.ts';
import { cpuMicroseconds } from '../process-usage.ts';
import { call, createStream } from '../servers/api.ts';
import { makeDataDirectory, startMillrace } from '../servers/millrace.ts';
import { large, median, short, type Outcome, type Settings, type Workload } from './workload.ts';

const PUTS_PER_SECOND = 200;
const RATIO_MAX = 3;
const EVENTS = 2_000_000;
const EVENTS_PER_REQUEST = 500;
const CONNECTIONS = 8;
const SHARDS = 4;
const WARM_UP_SECONDS = 2;
const APPLICATION = 'flat-out';
const ROLE = 'arn:aws:iam::123456789012:role/analytics';
const arnOf = (stream: string): string => `arn:aws:kinesis:us-east-1:123456789012:stream/${stream}`;

const PROGRAM = `
CREATE STREAM LOUD ("page" VARCHAR(32), N BIGINT, SLOWEST INTEGER);
CREATE PUMP P1 AS INSERT INTO LOUD SELECT STREAM "page", COUNT(*), MAX("ms") FROM EVENTS_001 AS E GROUP BY "page", STEP(E.ROWTIME BY INTERVAL '1' SECOND);
CREATE STREAM USUAL ("user" VARCHAR(16), MEAN DOUBLE);
CREATE PUMP P2 AS INSERT INTO USUAL SELECT STREAM "user", AVG(CAST("ms" AS DOUBLE)) OVER (PARTITION BY "user" RANGE INTERVAL '60' SECOND PRECEDING) FROM EVENTS_001;`;

/** JSON of about 120 bytes; `request` makes each one different. */
function putRecords(port: number, request: number): Uint8Array {
  const Records = Array.from({ length: EVENTS_PER_REQUEST }, (_, index) => {
    const mixed = Math.imul(request * EVENTS_PER_REQUEST + index + 1, 2_654_435_761) >>> 0;
    const event = {
      user: `u${mixed % 10_000}`,
      page: `/shop/${mixed % 900}`,
      ms: mixed % 4096,
      ref: 'abcdefghij'.repeat(5),
    };
    return { PartitionKey: `${mixed}`, Data: Buffer.from(JSON.stringify(event)) };
  });
  return signedRequest(port, 'PutRecords', { StreamName: 'events', Records });
}

async function fill(port: number): Promise<void> {
  const requests = Array.from({ length: 40 }, (_, index) => putRecords(port, index));
  let left = EVENTS / EVENTS_PER_REQUEST;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const connection = await Connection.open(port);
      while (left-- > 0) {
        const { status, body } = await connection.ask(requests[left % requests.length]!);
        if (status !== 200)
          throw new Error(`PutRecords was answered ${status}: ${body.toString('latin1', 0, 300)}`);
      }
      connection.close();
    }),
  );
}

async function createApplication(port: number): Promise<void> {
  const json = { RecordFormatType: 'JSON' };
  const column = (Name: string, SqlType: string): object => ({ Name, Mapping: `$.${Name}`, SqlType });
  await call(
    port,
    'CreateApplication',
    {
      ApplicationName: APPLICATION,
      RuntimeEnvironment: 'SQL-1_0',
      ServiceExecutionRole: ROLE,
      ApplicationConfiguration: {
        ApplicationCodeConfiguration: { CodeContentType: 'PLAINTEXT', CodeContent: { TextContent: PROGRAM } },
        SqlApplicationConfiguration: {
          Inputs: [
            {
              NamePrefix: 'EVENTS',
              KinesisStreamsInput: { ResourceARN: arnOf('events') },
              InputSchema: {
                RecordFormat: {
                  ...json,
                  MappingParameters: { JSONMappingParameters: { RecordRowPath: '$' } },
                },
                RecordColumns: [
                  column('user', 'VARCHAR(16)'),
                  column('page', 'VARCHAR(32)'),
                  column('ms', 'INTEGER'),
                ],
              },
            },
          ],
          Outputs: [
            {
              Name: 'LOUD',
              KinesisStreamsOutput: { ResourceARN: arnOf('results') },
              DestinationSchema: json,
            },
          ],
        },
      },
    },
    'kinesisanalytics',
  );
}

type Described = {
  readonly ApplicationStatus: string;
  readonly ApplicationConfigurationDescription: {
    readonly SqlApplicationConfigurationDescription: {
      readonly InputDescriptions: readonly { readonly InputId: string }[];
    };
  };
};

async function reach(port: number, status: string): Promise<Described> {
  for (;;) {
    const answer = await call(
      port,
      'DescribeApplication',
      { ApplicationName: APPLICATION },
      'kinesisanalytics',
    );
    const detail = answer['ApplicationDetail'] as Described;
    if (detail.ApplicationStatus === status) return detail;
    await sleep(20);
  }
}

/** From the oldest record on, so that every start has all of them before it. */
async function start(port: number): Promise<void> {
  const detail = await reach(port, 'READY');
  const [input] =
    detail.ApplicationConfigurationDescription.SqlApplicationConfigurationDescription.InputDescriptions;
  const SqlRunConfigurations = [
    {
      InputId: input!.InputId,
      InputStartingPositionConfiguration: { InputStartingPosition: 'TRIM_HORIZON' },
    },
  ];
  await call(
    port,
    'StartApplication',
    { ApplicationName: APPLICATION, RunConfiguration: { SqlRunConfigurations } },
    'kinesisanalytics',
  );
  await reach(port, 'RUNNING');
}

async function stop(port: number): Promise<void> {
  await call(port, 'StopApplication', { ApplicationName: APPLICATION }, 'kinesisanalytics');
  await reach(port, 'READY');
}

type Measured = { readonly latency: Histogram; readonly cores: number };

export const PUT_BESIDE_APPLICATION: Workload = {
  name: 'put-beside-application',
  title: 'PutRecord beside a SQL application that runs flat out',
  async run({ rounds, seconds }: Settings): Promise<Outcome> {
    await using directory = await makeDataDirectory();
    await using server = await startMillrace(directory);
    const { port, pid } = server;
    for (const name of ['bench', 'events', 'results']) await createStream(port, name, SHARDS);
    await createApplication(port);
    await fill(port);
    const request = signedRequest(port, 'PutRecord', {
      StreamName: 'bench',
      PartitionKey: 'a',
      Data: Buffer.alloc(100, 'x'),
    });
    const paced = async (lengthSeconds: number): Promise<Histogram> =>
      runPaced({ port, request, perSecond: PUTS_PER_SECOND, seconds: lengthSeconds });
    const measure = async (): Promise<Measured> => {
      const [before, startedAt] = [cpuMicroseconds(pid), performance.now()];
      const latency = await paced(seconds);
      return { latency, cores: (cpuMicroseconds(pid) - before) / 1000 / (performance.now() - startedAt) };
    };
    const quiet: Measured[] = [];
    const beside: Measured[] = [];
    for (let round = 0; round < rounds; round++) {
      await paced(WARM_UP_SECONDS);
      quiet.push(await measure());
      await start(port);
      beside.push(await measure());
      await stop(port);
    }
    const ms = (measured: readonly Measured[], share: number): number =>
      median(measured.map(({ latency }) => latency.percentile(share))) / 1000;
    const reached = ms(beside, 0.99) / ms(quiet, 0.99);
    const row = (title: string, measured: readonly Measured[]): string[] => [
      title,
      ...[0.5, 0.9, 0.99].map((share) => short(ms(measured, share))),
      short(median(measured.map(({ cores }) => cores))),
    ];
    return {
      lines: [
        {
          measure: 'PutRecord p99 beside a SQL application, times its quiet value',
          ...{ atLeast: `under ${RATIO_MAX}`, aim: `under ${RATIO_MAX}`, reached: short(reached) },
          verdict: reached < RATIO_MAX ? 'aim' : 'missed',
        },
      ],
      tables: [
        {
          title: `PutRecord 100 B, ${PUTS_PER_SECOND} a second, while ${large(EVENTS)} events are worked through; medians of ${rounds} rounds`,
          header: ['beside', 'p50 ms', 'p90 ms', 'p99 ms', 'server cores'],
          rows: [row('nothing', quiet), row('the application', beside)],
        },
      ],
    };
  },
};
