/** A server as AWS's SDKs see it: an application of each API, from a stream through SQL into another stream. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import * as v1 from '@aws-sdk/client-kinesis-analytics';
import * as v2 from '@aws-sdk/client-kinesis-analytics-v2';
import { assemble, type Server } from '../assemble.ts';
import { readConfig } from '../config/read-config.ts';
import { createRealHost } from '../host/real/host.ts';
import { createLog } from '../logging.ts';

const ACCOUNT = '000000000000';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/analytics`;
const streamArn = (name: string): string => `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/${name}`;

const CODE = `
  CREATE OR REPLACE STREAM "DESTINATION_SQL_STREAM" (ticker VARCHAR(8), price DECIMAL(10,2));
  CREATE OR REPLACE PUMP "STREAM_PUMP" AS INSERT INTO "DESTINATION_SQL_STREAM"
    SELECT STREAM "ticker", "price" * 2 FROM "SOURCE_SQL_STREAM_001" WHERE "price" > 10;`;
const SCHEMA = {
  RecordFormat: {
    RecordFormatType: 'JSON',
    MappingParameters: { JSONMappingParameters: { RecordRowPath: '$' } },
  },
  RecordEncoding: 'UTF-8',
  RecordColumns: [
    { Name: 'ticker', Mapping: '$.ticker', SqlType: 'VARCHAR(8)' },
    { Name: 'price', Mapping: '$.price', SqlType: 'DECIMAL(10,2)' },
  ],
} as const;

let server: Server;
let kinesis: KinesisClient;
let one: v1.KinesisAnalyticsClient;
let two: v2.KinesisAnalyticsV2Client;

before(async () => {
  const config = readConfig(
    ['--port', '0', '--durability', 'memory', '--state-duration-ms', '10', '--data', '/nowhere'],
    {},
    () => {
      throw new Error('no file');
    },
  );
  server = await assemble({
    config,
    host: createRealHost(),
    logger: createLog('silent', process.stdout).logger,
    version: '0.0.0',
  });
  const options = {
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  kinesis = new KinesisClient(options);
  one = new v1.KinesisAnalyticsClient(options);
  two = new v2.KinesisAnalyticsV2Client(options);
  for (const StreamName of ['ticks', 'doubled', 'again']) {
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  }
  await sleep(50);
});

after(async () => {
  for (const client of [kinesis, one, two]) client.destroy();
  await server[Symbol.asyncDispose]();
});

async function put(...records: readonly object[]): Promise<void> {
  const Records = records.map((record) => ({ Data: Buffer.from(JSON.stringify(record)), PartitionKey: 'p' }));
  await kinesis.send(new PutRecordsCommand({ StreamName: 'ticks', Records }));
}

/** Waits until there are so many. */
async function recordsOf(StreamName: string, count: number): Promise<readonly string[]> {
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({
      StreamName,
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  for (let attempt = 0; ; attempt++) {
    const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    if (Records.length >= count) return Records.map(({ Data }) => Buffer.from(Data!).toString());
    assert.ok(attempt < 40, `${Records.length} of ${count} records are in ${StreamName}`);
    await sleep(250);
  }
}

async function statusIs(ApplicationName: string, status: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const { ApplicationDetail } = await two.send(new v2.DescribeApplicationCommand({ ApplicationName }));
    if (ApplicationDetail?.ApplicationStatus === status) return;
    assert.ok(attempt < 200, `it is ${ApplicationDetail?.ApplicationStatus}`);
    await sleep(25);
  }
}

test('the first API: rows flow, stop, and go on where they stopped', async () => {
  const ApplicationName = 'first';
  await one.send(
    new v1.CreateApplicationCommand({
      ApplicationName,
      ApplicationCode: CODE,
      Inputs: [
        {
          NamePrefix: 'SOURCE_SQL_STREAM',
          KinesisStreamsInput: { ResourceARN: streamArn('ticks'), RoleARN: ROLE },
          InputSchema: SCHEMA as unknown as v1.SourceSchema,
        },
      ],
      Outputs: [
        {
          Name: 'DESTINATION_SQL_STREAM',
          KinesisStreamsOutput: { ResourceARN: streamArn('doubled'), RoleARN: ROLE },
          DestinationSchema: { RecordFormatType: 'JSON' },
        },
      ],
    }),
  );
  await put({ ticker: 'AMZN', price: 12.5 }, { ticker: 'low', price: 1 }, { ticker: 'TBV', price: 11 });
  const start = (InputStartingPosition: v1.InputStartingPosition) =>
    one.send(
      new v1.StartApplicationCommand({
        ApplicationName,
        InputConfigurations: [{ Id: '1.1', InputStartingPositionConfiguration: { InputStartingPosition } }],
      }),
    );
  await start('TRIM_HORIZON');
  await statusIs(ApplicationName, 'RUNNING');
  assert.deepEqual(await recordsOf('doubled', 2), [
    '{"TICKER":"AMZN","PRICE":25.00}',
    '{"TICKER":"TBV","PRICE":22.00}',
  ]);
  await one.send(new v1.StopApplicationCommand({ ApplicationName }));
  await statusIs(ApplicationName, 'READY');
  await put({ ticker: 'WHILE', price: 20 });
  await start('LAST_STOPPED_POINT');
  assert.deepEqual((await recordsOf('doubled', 3))[2], '{"TICKER":"WHILE","PRICE":40.00}');
  const { ApplicationDetail } = await one.send(new v1.DescribeApplicationCommand({ ApplicationName }));
  await one.send(
    new v1.DeleteApplicationCommand({
      ApplicationName,
      CreateTimestamp: ApplicationDetail?.CreateTimestamp,
    }),
  );
});

test('the second API: an update of running code goes on where the old one was', async () => {
  const ApplicationName = 'second';
  const { ApplicationDetail: created } = await two.send(
    new v2.CreateApplicationCommand({
      ApplicationName,
      RuntimeEnvironment: 'SQL-1_0',
      ServiceExecutionRole: ROLE,
      ApplicationConfiguration: {
        ApplicationCodeConfiguration: { CodeContentType: 'PLAINTEXT', CodeContent: { TextContent: CODE } },
        SqlApplicationConfiguration: {
          Inputs: [
            {
              NamePrefix: 'SOURCE_SQL_STREAM',
              KinesisStreamsInput: { ResourceARN: streamArn('ticks') },
              InputSchema: SCHEMA as unknown as v2.SourceSchema,
            },
          ],
          Outputs: [
            {
              Name: 'DESTINATION_SQL_STREAM',
              KinesisStreamsOutput: { ResourceARN: streamArn('again') },
              DestinationSchema: { RecordFormatType: 'CSV' },
            },
          ],
        },
      },
    }),
  );
  await two.send(new v2.StartApplicationCommand({ ApplicationName, RunConfiguration: {} }));
  await statusIs(ApplicationName, 'RUNNING');
  await put({ ticker: 'NOW', price: 30 });
  assert.deepEqual(await recordsOf('again', 1), ['NOW,60.00']);
  await two.send(
    new v2.UpdateApplicationCommand({
      ApplicationName,
      ConditionalToken: created?.ConditionalToken,
      ApplicationConfigurationUpdate: {
        ApplicationCodeConfigurationUpdate: {
          CodeContentUpdate: { TextContentUpdate: CODE.replace('* 2', '* 3') },
        },
      },
    }),
  );
  await statusIs(ApplicationName, 'RUNNING');
  await put({ ticker: 'LATER', price: 30 });
  assert.deepEqual(await recordsOf('again', 2), ['NOW,60.00', 'LATER,90.00']);
  await two.send(new v2.StopApplicationCommand({ ApplicationName }));
  await statusIs(ApplicationName, 'READY');
});

describe('both', () => {
  test('say where the code is wrong', async () => {
    const wrong = two.send(
      new v2.CreateApplicationCommand({
        ApplicationName: 'wrong',
        RuntimeEnvironment: 'SQL-1_0',
        ServiceExecutionRole: ROLE,
        ApplicationConfiguration: {
          ApplicationCodeConfiguration: {
            CodeContentType: 'PLAINTEXT',
            CodeContent: { TextContent: 'CREATE STREEM x (a INTEGER);' },
          },
        },
      }),
    );
    await assert.rejects(wrong, (error: Error) => {
      assert.ok(error instanceof v2.CodeValidationException, error.message);
      assert.match(error.message, /line 1, column 8/);
      return true;
    });
  });

  test('discover the schema of a stream, and say what they saw of one that has none', async () => {
    await put({ ticker: 'AMZN', price: 12.5, n: 3 });
    const found = await one.send(
      new v1.DiscoverInputSchemaCommand({
        ResourceARN: streamArn('ticks'),
        RoleARN: ROLE,
        InputStartingPositionConfiguration: { InputStartingPosition: 'TRIM_HORIZON' },
      }),
    );
    const columns = found.InputSchema?.RecordColumns?.map(({ Name, Mapping }) => [Name, Mapping]);
    assert.deepEqual(columns, [
      ['ticker', '$.ticker'],
      ['price', '$.price'],
      ['n', '$.n'],
    ]);
    assert.equal(found.InputSchema?.RecordFormat?.RecordFormatType, 'JSON');
    assert.ok((found.RawInputRecords?.length ?? 0) > 3);
    await kinesis.send(new CreateStreamCommand({ StreamName: 'noise', ShardCount: 1 }));
    await sleep(50);
    const Records = [{ Data: Uint8Array.of(0, 1, 255, 254), PartitionKey: 'p' }];
    await kinesis.send(new PutRecordsCommand({ StreamName: 'noise', Records }));
    const none = two.send(
      new v2.DiscoverInputSchemaCommand({
        ResourceARN: streamArn('noise'),
        ServiceExecutionRole: ROLE,
        InputStartingPositionConfiguration: { InputStartingPosition: 'TRIM_HORIZON' },
      }),
    );
    await assert.rejects(none, (error: Error) => {
      assert.ok(error instanceof v2.UnableToDetectSchemaException, error.message);
      assert.equal(error.RawInputRecords?.length, 1);
      return true;
    });
  });
});
