/** Applications as the service runs them: real checks, programs and state over a source, functions, objects and destinations in memory. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Functions } from '../../functions/functions.ts';
import { residentsHere } from '../../host/residents.ts';
import { createMemoryObjectStore } from '../../objects/memory/memory-object-store.ts';
import { TestSource } from '../../readers/source.testing.ts';
import {
  call,
  FUNCTION,
  OTHER_STREAM,
  DELIVERY,
  ROLE,
  STREAM,
  openTestAnalytics,
} from '../analytics.testing.ts';
import { openPorts } from '../ports.ts';

const NAMED = { ApplicationName: 'app' };
const SCHEMA = {
  RecordFormat: {
    RecordFormatType: 'JSON',
    MappingParameters: { JSONMappingParameters: { RecordRowPath: '$' } },
  },
  RecordColumns: [
    { Name: 'ticker', Mapping: '$.ticker', SqlType: 'VARCHAR(8)' },
    { Name: 'price', Mapping: '$.price', SqlType: 'INTEGER' },
  ],
} as const;
const COMPANIES = {
  RecordFormat: {
    RecordFormatType: 'CSV',
    MappingParameters: { CSVMappingParameters: { RecordRowDelimiter: '\n', RecordColumnDelimiter: ',' } },
  },
  RecordColumns: [
    { Name: 'symbol', SqlType: 'VARCHAR(8)' },
    { Name: 'company', SqlType: 'VARCHAR(32)' },
  ],
} as const;

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

async function openWorld() {
  const source = new TestSource();
  source.add('s/shardId-000000000000');
  source.add('s/shardId-000000000001');
  const sent = new Map<string, string[]>();
  const note = (arn: string, texts: readonly string[]): void => {
    sent.set(arn, [...(sent.get(arn) ?? []), ...texts]);
  };
  const put = async (arn: string, records: readonly { readonly Data: Uint8Array }[]) => {
    note(
      arn,
      records.map(({ Data }) => textOf(Data)),
    );
    return records.map(() => undefined);
  };
  const functions: Functions = {
    unavailable: () => undefined,
    async invoke(arn, payload) {
      const event = JSON.parse(textOf(payload)) as {
        records: { recordId: string; data: string; lambdaDeliveryRecordMetadata?: object }[];
      };
      const texts = event.records.map(({ data }) => Buffer.from(data, 'base64').toString());
      const isOutput = event.records[0]?.lambdaDeliveryRecordMetadata !== undefined;
      if (isOutput) note(arn, texts);
      const records = event.records.map(({ recordId, data }, index) => {
        if (isOutput) return { recordId, result: 'Ok' };
        if (texts[index]!.includes('FAIL')) return { recordId, result: 'ProcessingFailed' };
        if (texts[index]!.includes('DROP')) return { recordId, result: 'Dropped' };
        return { recordId, result: 'Ok', data };
      });
      return { kind: 'ok', payload: Buffer.from(JSON.stringify({ records })) };
    },
  };
  let objects: ReturnType<typeof createMemoryObjectStore> | undefined;
  const analytics = await openTestAnalytics({
    ports: (parts) => {
      objects ??= createMemoryObjectStore(parts.clock);
      return openPorts({
        ...parts,
        ...{ objects, functions, residents: residentsHere },
        exists: () => true,
        openSource: () => Object.assign(source, { [Symbol.dispose]: () => {} }),
        putToStream: put,
        putToDeliveryStream: put,
        onFailure: (error) => analytics.failures.push(error),
      });
    },
  });
  await objects!.createBucket('lake');
  const write = (text: string) =>
    objects!.put('lake', 'companies.csv', Buffer.from(text), { contentType: 'text/csv' });
  return { analytics, source, sent, write };
}

type World = Awaited<ReturnType<typeof openWorld>>;

async function create({ analytics }: World, code: string, more: object = {}): Promise<void> {
  const destination = { DestinationSchema: { RecordFormatType: 'JSON' } } as const;
  await analytics.v1.CreateApplication({
    ...NAMED,
    ApplicationCode: code,
    Inputs: [
      {
        NamePrefix: 'SOURCE_SQL_STREAM',
        KinesisStreamsInput: { ResourceARN: STREAM, RoleARN: ROLE },
        InputSchema: SCHEMA,
        ...more,
      },
    ],
    Outputs: [
      { ...destination, Name: 'OUT', KinesisStreamsOutput: { ResourceARN: OTHER_STREAM, RoleARN: ROLE } },
      { ...destination, Name: 'OUT', LambdaOutput: { ResourceARN: FUNCTION, RoleARN: ROLE } },
      {
        ...destination,
        Name: 'error_stream',
        KinesisFirehoseOutput: { ResourceARN: DELIVERY, RoleARN: ROLE },
      },
    ],
  });
}

async function start({ analytics }: World): Promise<void> {
  await analytics.v1.StartApplication({
    ...NAMED,
    InputConfigurations: [
      { Id: '1.1', InputStartingPositionConfiguration: { InputStartingPosition: 'TRIM_HORIZON' } },
    ],
  });
  await analytics.pass(1000);
}

const tick = (ticker: string, price: number): string => JSON.stringify({ ticker, price });

describe('a running application', () => {
  test('reads through a function, looks reference data up, and writes to a stream, a function and its errors', async () => {
    const world = await openWorld();
    await using analytics = world.analytics;
    const { source, sent, write } = world;
    const code = `CREATE STREAM "OUT" (name VARCHAR(32), price INTEGER, shard VARCHAR(64));
      CREATE PUMP p AS INSERT INTO "OUT"
        SELECT STREAM c."company", s."price", s.SHARD_ID
        FROM "SOURCE_SQL_STREAM_001" AS s LEFT JOIN "companies" AS c ON s."ticker" = c."symbol";`;
    await create(world, code, {
      InputProcessingConfiguration: { InputLambdaProcessor: { ResourceARN: FUNCTION, RoleARN: ROLE } },
    });
    await analytics.v1.AddApplicationReferenceDataSource({
      ...NAMED,
      CurrentApplicationVersionId: 1,
      ReferenceDataSource: {
        TableName: 'companies',
        S3ReferenceDataSource: {
          BucketARN: 'arn:aws:s3:::lake',
          FileKey: 'companies.csv',
          ReferenceRoleARN: ROLE,
        },
        ReferenceSchema: COMPANIES,
      },
    });
    await start(world);
    const { ApplicationDetail: failed } = await analytics.v1.DescribeApplication(NAMED);
    assert.equal(failed.ApplicationStatus, 'READY', 'there is no object yet');
    await write('AMZN,Amazon\nTBV,The Big Valley\n');
    source.put('s/shardId-000000000001', tick('AMZN', 1), tick('DROP', 2), tick('FAIL', 3), tick('NONE', 4));
    await start(world);
    const rows = ['Amazon', null].map((name, at) =>
      JSON.stringify({ NAME: name, PRICE: [1, 4][at], SHARD: 'shardId-000000000001' }),
    );
    assert.deepEqual(sent.get(OTHER_STREAM), rows);
    assert.deepEqual(sent.get(FUNCTION), rows);
    const [error] = sent.get(DELIVERY) ?? [];
    assert.match(error ?? '', /ProcessingFailed.*\n$/s);

    await write('AMZN,Renamed\n');
    await analytics.v1.UpdateApplication({
      ...NAMED,
      CurrentApplicationVersionId: 2,
      ApplicationUpdate: {
        ReferenceDataSourceUpdates: [
          { ReferenceId: '2.1', S3ReferenceDataSourceUpdate: { FileKeyUpdate: 'companies.csv' } },
        ],
      },
    });
    await analytics.pass(1000);
    source.put('s/shardId-000000000000', tick('AMZN', 5));
    await analytics.pass(500);
    assert.match(sent.get(OTHER_STREAM)?.at(-1) ?? '', /"NAME":"Renamed","PRICE":5/);
    assert.equal(sent.get(OTHER_STREAM)?.length, 3, 'nothing was repeated');
    assert.deepEqual(analytics.failures, []);
  });

  test('spreads shards over in-application streams', async () => {
    const world = await openWorld();
    await using analytics = world.analytics;
    const pump = (at: number) => `CREATE PUMP p${at} AS INSERT INTO "OUT"
      SELECT STREAM ${at}, "price" FROM "SOURCE_SQL_STREAM_00${at}";`;
    const code = `CREATE STREAM "OUT" (place INTEGER, price INTEGER); ${pump(1)} ${pump(2)}`;
    await create(world, code, { InputParallelism: { Count: 2 } });
    world.source.put('s/shardId-000000000000', tick('a', 1), tick('b', 2));
    world.source.put('s/shardId-000000000001', tick('c', 3));
    await start(world);
    await analytics.pass(500);
    assert.deepEqual(world.sent.get(OTHER_STREAM)?.toSorted(), [
      '{"PLACE":1,"PRICE":1}',
      '{"PLACE":1,"PRICE":2}',
      '{"PLACE":2,"PRICE":3}',
    ]);
  });

  test('goes on after a restart of the server, a stop and a start, with its windows', async () => {
    const world = await openWorld();
    await using analytics = world.analytics;
    const code = `CREATE STREAM "OUT" (ticker VARCHAR(8), total INTEGER);
      CREATE PUMP p AS INSERT INTO "OUT" SELECT STREAM "ticker", SUM("price") FROM "SOURCE_SQL_STREAM_001"
        GROUP BY "ticker", STEP("SOURCE_SQL_STREAM_001".ROWTIME BY INTERVAL '60' SECOND);`;
    await create(world, code);
    world.source.put('s/shardId-000000000000', tick('a', 1));
    await start(world);
    await analytics.restart();
    await analytics.pass(1000);
    world.source.put('s/shardId-000000000000', tick('a', 2));
    await analytics.pass(1000);
    await analytics.v1.StopApplication(NAMED);
    await analytics.pass(1000);
    world.source.put('s/shardId-000000000000', tick('a', 4));
    await analytics.v1.StartApplication({ ...NAMED, InputConfigurations: [] });
    await analytics.pass(1000);
    const { services, operatorService } = analytics.analytics;
    assert.ok(services.v1);
    const call = {
      caller: { account: '000000000000', arn: '', accessKeyId: '' },
      region: 'us-east-1',
    } as never;
    const run = await operatorService.handlers.DescribeRun(NAMED, call);
    assert.equal(run.State, 'restored');
    assert.ok(run.Checkpoint !== undefined && run.Checkpoint.AgeMillis <= 10_000);
    const unit = 's/shardId-000000000000';
    const kept = analytics.analytics.neededAfter(STREAM, unit) ?? 0;
    assert.ok(kept > 0, 'what a checkpoint has in it is not needed');
    assert.equal(analytics.analytics.neededAfter(STREAM, 'other'), 0);
    assert.equal(analytics.analytics.neededAfter(DELIVERY, unit), undefined);
    assert.ok(run.RunningSeconds >= 3 && run.RunningSeconds <= 10, `${run.RunningSeconds} s`);
    await analytics.pass(61_000);
    assert.deepEqual(world.sent.get(OTHER_STREAM), ['{"TICKER":"a","TOTAL":7}']);
    assert.deepEqual(analytics.failures, []);
  });

  test('is watched, by those who want some of its streams, until the server drains', async () => {
    const world = await openWorld();
    await using analytics = world.analytics;
    const code = `CREATE STREAM "OUT" (price INTEGER);
      CREATE PUMP p AS INSERT INTO "OUT" SELECT STREAM "price" FROM "SOURCE_SQL_STREAM_001";`;
    await create(world, code);
    await start(world);
    const { operatorService } = analytics.analytics;
    const { EventStream } = await operatorService.handlers.TailApplication(
      { ...NAMED, StreamNames: ['OUT'] },
      call(),
    );
    const events = EventStream[Symbol.asyncIterator]();
    const first = events.next();
    world.source.put('s/shardId-000000000000', ...Array.from({ length: 12 }, (_, at) => tick('a', at)));
    await analytics.pass(500);
    const [shown] = (await first).value?.TailEvent.Streams ?? [];
    assert.equal(shown?.StreamName, 'OUT');
    assert.equal((shown?.Rows.length ?? 0) + (shown?.More ?? 0), 12);
    assert.ok((shown?.More ?? 0) > 0, 'of many rows a few are shown');
    const quiet = events.next();
    await analytics.pass(6000);
    assert.deepEqual((await quiet).value?.TailEvent.Streams, []);
    const last = events.next();
    await analytics.turn();
    analytics.analytics.drain();
    for (let next = await last; next.done !== true;) next = await events.next();
  });
});
