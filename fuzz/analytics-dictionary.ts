/** Applications that exist in a world, and the values that name them and fit their settings: what an input may hit. */
import type { Dictionary } from './make/tree.ts';
import { passTime } from './dictionary.ts';
import { ACCOUNT, ANALYTICS_V2, FIREHOSE, REGION, type World } from './world.ts';

const ROLE = `arn:aws:iam::${ACCOUNT}:role/analytics`;
const BUCKET = 'lake';
const streamArn = (name: string): string => `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/${name}`;
const DELIVERY = `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/lake`;
const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:f`;

const CODE = `CREATE STREAM "OUT" ("a" INTEGER, total BIGINT);
CREATE PUMP p AS INSERT INTO "OUT" SELECT STREAM "a", COUNT(*) FROM "IN_001"
  GROUP BY "a", STEP("IN_001".ROWTIME BY INTERVAL '1' SECOND);`;

const SCHEMA = {
  RecordFormat: {
    RecordFormatType: 'JSON',
    MappingParameters: { JSONMappingParameters: { RecordRowPath: '$' } },
  },
  RecordColumns: [{ Name: 'a', Mapping: '$.a', SqlType: 'INTEGER' }],
};

/** Makes the applications afresh; `settle` of a target calls it again. */
export async function populateAnalytics(world: World): Promise<Dictionary> {
  await removeAll(world);
  await world.call('CreateStream', { StreamName: 'source', ShardCount: 2 }).catch(() => {});
  await world.call('CreateStream', { StreamName: 'sink', ShardCount: 1 }).catch(() => {});
  await world.objects.createBucket(BUCKET).catch(() => {});
  await world.objects.put(BUCKET, 'a.csv', Buffer.from('1,one\n2,two\n'), { contentType: 'text/csv' });
  await passTime(world);
  const S3 = { RoleARN: ROLE, BucketARN: `arn:aws:s3:::${BUCKET}` };
  await world
    .call(
      'CreateDeliveryStream',
      { DeliveryStreamName: 'lake', ExtendedS3DestinationConfiguration: S3 },
      FIREHOSE,
    )
    .catch(() => {});
  await passTime(world);
  for (const ApplicationName of ['base', 'other']) {
    await world.call(
      'CreateApplication',
      {
        ApplicationName,
        RuntimeEnvironment: 'SQL-1_0',
        ServiceExecutionRole: ROLE,
        ApplicationConfiguration: {
          ApplicationCodeConfiguration: { CodeContentType: 'PLAINTEXT', CodeContent: { TextContent: CODE } },
          SqlApplicationConfiguration: {
            Inputs: [
              {
                NamePrefix: 'IN',
                KinesisStreamsInput: { ResourceARN: streamArn('source') },
                InputSchema: SCHEMA,
              },
            ],
            Outputs: [
              {
                Name: 'OUT',
                KinesisStreamsOutput: { ResourceARN: streamArn('sink') },
                DestinationSchema: { RecordFormatType: 'JSON' },
              },
            ],
          },
        },
      },
      ANALYTICS_V2,
    );
  }
  await world.call('StartApplication', { ApplicationName: 'other', RunConfiguration: {} }, ANALYTICS_V2);
  for (const Data of ['{"a":1}', '{"a":"x"}', 'no json', '[{"a":2},{"a":3}]']) {
    await world.call('PutRecord', {
      StreamName: 'source',
      PartitionKey: Data,
      Data: Buffer.from(Data).toString('base64'),
    });
  }
  await passTime(world);
  return DICTIONARY;
}

/** The first two of each are those that a careful client uses. */
const DICTIONARY: Dictionary = {
  ApplicationName: ['base', 'other', 'new1', 'new2', 'gone', 'a'.repeat(128), 'a b'],
  ExclusiveStartApplicationName: ['base', 'other', 'zzz'],
  NextToken: ['base', 'other', 'x'],
  CurrentApplicationVersionId: [1, 1, 2, 3, 0, -1, 2 ** 40],
  ApplicationVersionId: [1, 2],
  InputId: ['1.1', '1.1', '2.1', 'x'],
  OutputId: ['1.1', '1.1', '3.1'],
  ReferenceId: ['2.1', '1.1', '3.1'],
  Id: ['1.1', '1.1', '2.1'],
  CloudWatchLoggingOptionId: ['2.1', '1.1'],
  RuntimeEnvironment: ['SQL-1_0', 'FLINK-1_20', 'ZEPPELIN-FLINK-3_0', 'SQL-2_0'],
  ServiceExecutionRole: [ROLE, ROLE, 'x'],
  RoleARN: [ROLE, ROLE, 'arn:aws:iam::1:role/x'],
  ReferenceRoleARN: [ROLE, ROLE],
  ResourceARN: [streamArn('source'), streamArn('sink'), DELIVERY, FUNCTION, streamArn('gone'), 'arn:x', 'x'],
  ResourceARNUpdate: [streamArn('sink'), streamArn('source'), DELIVERY, FUNCTION, streamArn('gone')],
  LogStreamARN: [`arn:aws:logs:${REGION}:${ACCOUNT}:log-group:g:log-stream:s`, 'arn:x'],
  LogStreamARNUpdate: [`arn:aws:logs:${REGION}:${ACCOUNT}:log-group:g:log-stream:t`],
  BucketARN: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}`, 'arn:aws:s3:::nowhere', 'arn:'],
  FileKey: ['a.csv', 'a.csv', 'gone', '../x', ''],
  NamePrefix: ['IN', 'IN', 'SOURCE_SQL_STREAM', 'a b', 'x'.repeat(33)],
  NamePrefixUpdate: ['IN', 'OTHER'],
  Name: ['a', 'OUT', 'error_stream', 'SELECT', 'ROWTIME', 'é'],
  TableName: ['t', 'IN_001', 'OUT'],
  Mapping: ['$.a', '$.b', '$.a[0:].b', '$', 'a', '$[', "$['a b']", '$.a[0:].b[0:].c'],
  SqlType: ['INTEGER', 'VARCHAR(8)', 'DECIMAL(30,2)', 'VARCHAR(', 'TIMESTAMP', 'INTERVAL DAY', 'x'],
  RecordRowPath: ['$', '$.rows', '$.rows[0:]', '$[', '$.a[0:].b[0:]'],
  RecordColumnDelimiter: [',', '|', '', 'é', '\u0000'],
  RecordRowDelimiter: ['\n', '|', '\r\n'],
  RecordEncoding: ['UTF-8', 'UTF-8', 'UTF-16'],
  TextContent: [CODE, CODE, `${CODE} --`, 'CREATE STREAM x (', 'SELECT STREAM * FROM "IN_001"', '((((', ''],
  TextContentUpdate: [CODE, `${CODE} -- newer`, 'CREATE PUMP', ''],
  ApplicationCode: [CODE, CODE, 'CREATE STREAM', '\u0000'],
  ApplicationCodeUpdate: [CODE, `${CODE} -- newer`, ')'],
  SnapshotName: ['s', 't'],
  OperationId: ['x', 'y'],
  Key: ['k1', 'k2', 'aws:x', ''],
  TagKeys: ['k1', 'k2', ''],
};

async function removeAll(world: World): Promise<void> {
  for (;;) {
    const { ApplicationSummaries } = (await world.call('ListApplications', {}, ANALYTICS_V2)) as {
      ApplicationSummaries: readonly { readonly ApplicationName: string }[];
    };
    if (ApplicationSummaries.length === 0) return;
    for (const { ApplicationName } of ApplicationSummaries) {
      const { ApplicationDetail } = (await world.call(
        'DescribeApplication',
        { ApplicationName },
        ANALYTICS_V2,
      )) as { ApplicationDetail: { readonly CreateTimestamp: number } };
      const { CreateTimestamp } = ApplicationDetail;
      // One that is being deleted already refuses.
      await world
        .call('DeleteApplication', { ApplicationName, CreateTimestamp }, ANALYTICS_V2)
        .catch(() => {});
    }
    await passTime(world);
  }
}
