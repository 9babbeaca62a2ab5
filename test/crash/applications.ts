/**
 * A server with a SQL application is killed again and again while records are put. In the end every row that the application gave is one that it would
 * have given without a kill: rows may come twice, but then they are the same to the letter, so that without repetitions there is one for each record.
 *
 * The rows tell it themselves: each says how many records its writer has put up to it, from the first life on, which only a state that was kept, and
 * steps that were repeated as they were, can know. Counts of windows add up to the records.
 */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, UnexpectedFailure } from '../../conformance/client.ts';
import type { Dice } from '../../src/host/host.ts';
import { arnOf, isGone } from './answers.ts';
import { Fault } from './fault.ts';
import { startLife, type Life } from './life.ts';
import { APPLICATION_PLACES } from './places.ts';
import { ServerClock } from './server-clock.ts';

const INPUT = 'clicks';
const EACH = 'each-row';
const WINDOWS = 'windows';
const APPLICATION = 'counting';
const SHARDS = 2;
const WRITERS = 4;
const LOAD_MS_MAX = 3_000;
const DELIVERED_MS_MAX = 60_000;
/** A dice's throws decide at which of so many passes a place kills. */
const PASSES_MAX = 60;
const SIZES = {
  journalFileBytesMin: 64 * 1024,
  journalFileBytesMax: 256 * 1024,
  segmentBytesMax: 128 * 1024,
};

const PROGRAM = `
CREATE STREAM EACH_ROW (WRITER VARCHAR(16), ID INTEGER, SEEN BIGINT, AT_TIME TIMESTAMP);
CREATE PUMP P1 AS INSERT INTO EACH_ROW
  SELECT STREAM WRITER, ID, COUNT(*) OVER (PARTITION BY WRITER RANGE INTERVAL '7' DAY PRECEDING), ROWTIME FROM CLICKS_001;
CREATE STREAM WINDOWS (WRITER VARCHAR(16), N BIGINT, ENDED TIMESTAMP);
CREATE PUMP P2 AS INSERT INTO WINDOWS
  SELECT STREAM WRITER, COUNT(*), ROWTIME FROM CLICKS_001 AS C GROUP BY WRITER, STEP(C.ROWTIME BY INTERVAL '1' SECOND);`;

export type ApplicationResult = {
  readonly kills: ReadonlyMap<string, number>;
  readonly acknowledged: number;
  /** Rows of the stream that gets one for each record, all and different ones. */
  readonly rows: number;
  readonly differentRows: number;
};

export async function runApplicationCrash(options: {
  readonly kills: number;
  readonly dice: Dice;
  readonly directory: string;
  readonly places?: readonly string[];
  /** How long a life puts records, where nothing kills it before. */
  readonly loadMsMax?: number;
}): Promise<ApplicationResult> {
  const { kills, dice, directory, places = APPLICATION_PLACES, loadMsMax = LOAD_MS_MAX } = options;
  const data = path.join(directory, 'data');
  const clock = new ServerClock();
  const killed = new Map<string, number>();
  const reached = new Map<string, number>();
  /** By writer: how many of its records, the first ones, were acknowledged. A writer lives as long as a server does. */
  const acknowledged = new Map<string, number>();

  for (let kill = 0; kill < kills; kill++) {
    const name = places[kill % places.length]!;
    const failpoint =
      kill === 0 ? undefined : { name, at: 1 + dice.integer(Math.min(PASSES_MAX, reached.get(name) ?? 1)) };
    const life = startLife(data, clock, { failpoint, sizes: SIZES });
    const client = await life.client;
    if (client !== undefined)
      await load(life, client, { writers: kill, endMs: Date.now() + loadMsMax, acknowledged });
    life.kill();
    await life.ended;
    if (life.complaints.length > 0) throw new Fault(`the server complains: ${life.complaints.join('\n')}`);
    for (const [place, count] of life.reached) reached.set(place, Math.max(reached.get(place) ?? 0, count));
    const at = life.killedAt() ?? 'random';
    killed.set(at, (killed.get(at) ?? 0) + 1);
  }
  const last = startLife(data, clock, { failpoint: undefined, sizes: SIZES });
  try {
    const client = await last.client;
    if (client === undefined) throw new Fault('it does not start');
    const found = await computed(client, acknowledged);
    client.close();
    const total = [...acknowledged.values()].reduce((sum, count) => sum + count, 0);
    return { kills: killed, acknowledged: total, ...found };
  } finally {
    last.kill();
    await last.ended;
  }
}

/** Puts until the server is gone, or its time is up; a writer's records one after another. */
async function load(
  life: Life,
  client: Client,
  given: { readonly writers: number; readonly endMs: number; readonly acknowledged: Map<string, number> },
): Promise<void> {
  const { endMs, acknowledged } = given;
  const analytics = client.with({ service: 'kinesisanalytics' });
  try {
    await makeApplication(client, analytics);
    const writers = Array.from({ length: WRITERS }, async (_, index) => {
      const writer = `${given.writers}.${index}`;
      for (let id = 1; Date.now() < endMs && !life.hasEnded(); id++) {
        const text = JSON.stringify({ writer, id });
        await client.call('PutRecord', {
          StreamName: INPUT,
          PartitionKey: writer,
          Data: Buffer.from(text).toString('base64'),
        });
        acknowledged.set(writer, id);
      }
    });
    for (const { reason } of (await Promise.allSettled(writers)).filter((one) => one.status === 'rejected')) {
      if (!isGone(reason)) throw reason;
    }
  } catch (error) {
    if (!isGone(error)) throw error;
  } finally {
    client.close();
    analytics.close();
  }
}

async function makeApplication(client: Client, analytics: Client): Promise<void> {
  const { StreamNames: names } = await client.call('ListStreams');
  for (const stream of [INPUT, EACH, WINDOWS]) {
    if (!(names as string[]).includes(stream))
      await client.call('CreateStream', { StreamName: stream, ShardCount: SHARDS });
    await until(async () => {
      const { StreamDescriptionSummary: summary } = await client.call('DescribeStreamSummary', {
        StreamName: stream,
      });
      return summary.StreamStatus === 'ACTIVE';
    });
  }
  await createApplication(analytics);
  await until(async () => {
    const { ApplicationDetail: detail } = await analytics.call('DescribeApplication', {
      ApplicationName: APPLICATION,
    });
    if (detail.ApplicationStatus === 'READY') {
      const [input] =
        detail.ApplicationConfigurationDescription.SqlApplicationConfigurationDescription.InputDescriptions;
      await analytics.call('StartApplication', {
        ApplicationName: APPLICATION,
        RunConfiguration: {
          SqlRunConfigurations: [
            {
              InputId: input.InputId,
              InputStartingPositionConfiguration: { InputStartingPosition: 'TRIM_HORIZON' },
            },
          ],
        },
      });
    }
    return detail.ApplicationStatus === 'RUNNING';
  });
}

async function createApplication(analytics: Client): Promise<void> {
  const json = { RecordFormatType: 'JSON' };
  const column = (Name: string, path: string, SqlType: string): object => ({ Name, Mapping: path, SqlType });
  const output = (Name: string, stream: string): object => ({
    Name,
    KinesisStreamsOutput: { ResourceARN: arnOf(stream) },
    DestinationSchema: json,
  });
  try {
    await analytics.call('CreateApplication', {
      ApplicationName: APPLICATION,
      RuntimeEnvironment: 'SQL-1_0',
      ServiceExecutionRole: 'arn:aws:iam::000000000000:role/analytics',
      ApplicationConfiguration: {
        ApplicationCodeConfiguration: { CodeContentType: 'PLAINTEXT', CodeContent: { TextContent: PROGRAM } },
        SqlApplicationConfiguration: {
          Inputs: [
            {
              NamePrefix: 'CLICKS',
              KinesisStreamsInput: { ResourceARN: arnOf(INPUT) },
              InputSchema: {
                RecordFormat: {
                  ...json,
                  MappingParameters: { JSONMappingParameters: { RecordRowPath: '$' } },
                },
                RecordColumns: [column('WRITER', '$.writer', 'VARCHAR(16)'), column('ID', '$.id', 'INTEGER')],
              },
            },
          ],
          Outputs: [output('EACH_ROW', EACH), output('WINDOWS', WINDOWS)],
        },
      },
    });
  } catch (error) {
    if (!(error instanceof UnexpectedFailure && error.failure.code === 'ResourceInUseException')) throw error;
  }
}

type EachRow = { readonly WRITER: string; readonly ID: number; readonly SEEN: number };
type WindowRow = { readonly WRITER: string; readonly N: number };

/** Waits until every acknowledged record has its row and its place in a window. */
async function computed(
  client: Client,
  acknowledged: ReadonlyMap<string, number>,
): Promise<Pick<ApplicationResult, 'rows' | 'differentRows'>> {
  for (const endMs = Date.now() + DELIVERED_MS_MAX; ;) {
    const all = await texts(client, EACH);
    const each = new Set(all);
    const seen = new Map<string, number>();
    for (const text of each) {
      const { WRITER: writer, ID: id, SEEN: count } = JSON.parse(text) as EachRow;
      if (id !== count) throw new Fault(`the row ${text} counts ${count} records of its writer`);
      seen.set(writer, (seen.get(writer) ?? 0) + 1);
    }
    const windows = new Map<string, number>();
    for (const text of new Set(await texts(client, WINDOWS))) {
      const { WRITER: writer, N: count } = JSON.parse(text) as WindowRow;
      windows.set(writer, (windows.get(writer) ?? 0) + count);
    }
    const missing = [...acknowledged].filter(
      ([writer, count]) =>
        (seen.get(writer) ?? 0) < count || (windows.get(writer) ?? 0) < (seen.get(writer) ?? 0),
    );
    for (const [writer, count] of seen) {
      // One record may have been taken of which no answer came.
      if (count > (acknowledged.get(writer) ?? 0) + 1)
        throw new Fault(
          `${count} different rows of writer ${writer}, who put ${acknowledged.get(writer) ?? 0}`,
        );
      if ((windows.get(writer) ?? 0) > count)
        throw new Fault(`the windows of writer ${writer} count ${windows.get(writer)}, its rows ${count}`);
    }
    if (missing.length === 0) return { rows: all.length, differentRows: each.size };
    if (Date.now() > endMs)
      throw new Fault(
        `of ${missing.length} writers rows are missing, such as ${missing[0]}: ${seen.get(missing[0]![0])} rows, ${windows.get(missing[0]![0])} in windows`,
      );
    await sleep(200);
  }
}

async function texts(client: Client, stream: string): Promise<readonly string[]> {
  const found: string[] = [];
  const { Shards: shards } = await client.call('ListShards', { StreamName: stream });
  for (const { ShardId } of shards) {
    let { ShardIterator: iterator } = await client.call('GetShardIterator', {
      StreamName: stream,
      ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    for (;;) {
      const {
        Records: records,
        NextShardIterator: next,
        MillisBehindLatest: behind,
      } = await client.call('GetRecords', {
        ShardIterator: iterator,
      });
      for (const { Data } of records) found.push(Buffer.from(Data as string, 'base64').toString());
      if (next === undefined || (records.length === 0 && behind === 0)) break;
      iterator = next;
    }
  }
  return found;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}
