/** Delivery streams that exist in a world, and the values that name them and fit their settings: what an input may hit. */
import type { Dictionary } from './make/tree.ts';
import { passTime } from './dictionary.ts';
import { ACCOUNT, FIREHOSE, REGION, type World } from './world.ts';

const BUCKET = 'lake';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/firehose`;
const STREAM = `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/source`;

/** Makes the delivery streams afresh; `settle` of a target calls it again. */
export async function populateFirehose(world: World): Promise<Dictionary> {
  await removeAll(world);
  const S3 = {
    RoleARN: ROLE,
    BucketARN: `arn:aws:s3:::${BUCKET}`,
    BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 1 },
  };
  await world.call(
    'CreateDeliveryStream',
    { DeliveryStreamName: 'base', ExtendedS3DestinationConfiguration: S3 },
    FIREHOSE,
  );
  await world.call(
    'CreateDeliveryStream',
    {
      DeliveryStreamName: 'other',
      HttpEndpointDestinationConfiguration: {
        EndpointConfiguration: { Url: 'https://example.com/' },
        BufferingHints: S3.BufferingHints,
        S3Configuration: S3,
      },
    },
    FIREHOSE,
  );
  await passTime(world);
  return DICTIONARY;
}

/** The first two of each are those that a careful client uses. */
const DICTIONARY: Dictionary = {
  DeliveryStreamName: ['base', 'other', 'new1', 'new2', 'gone', 'a'.repeat(64), 'a'.repeat(65), 'a b'],
  ExclusiveStartDeliveryStreamName: ['base', 'other', 'zzz'],
  CurrentDeliveryStreamVersionId: ['1', '2', '3', '01', '9'.repeat(50)],
  DestinationId: ['destinationId-000000000001', 'destinationId-000000000001', 'destinationId-000000000002'],
  RoleARN: [ROLE, ROLE, ROLE.replace(ACCOUNT, '111122223333'), `${ROLE}/`, 'arn:aws:iam::1:role/x'],
  BucketARN: [`arn:aws:s3:::${BUCKET}`, 'arn:aws:s3:::nowhere', 'arn:aws:s3:::../x', 'arn:aws:s3:::A'],
  KinesisStreamARN: [STREAM, STREAM, STREAM.replace('source', 'gone'), STREAM.replace(REGION, 'eu-west-1')],
  KeyARN: [`arn:aws:kms:${REGION}:${ACCOUNT}:key/1`, `arn:aws:kms:${REGION}:${ACCOUNT}:key/2`, 'key'],
  AWSKMSKeyARN: [`arn:aws:kms:${REGION}:${ACCOUNT}:key/1`, `arn:aws:kms:${REGION}:${ACCOUNT}:key/2`],
  Prefix: [
    'p/',
    '!{timestamp:yyyy/MM/dd}/',
    '!{partitionKeyFromQuery:k}/',
    '!{partitionKeyFromLambda:k}/!{firehose:random-string}/',
    '!{timestamp:',
    '!{x:y}',
    "!{timestamp:qqqq'}",
    '../',
    '/',
    '\u0000',
    'x'.repeat(1024),
  ],
  ErrorOutputPrefix: [
    'e/',
    '!{firehose:error-output-type}/',
    '!{timestamp:HH}/!{firehose:error-output-type}/',
    '!{partitionKeyFromQuery:k}/',
    '!{firehose:x}',
  ],
  CustomTimeZone: ['UTC', 'Europe/Zurich', 'Mars/Olympus', '', 'GMT+25'],
  FileExtension: ['.json', '.gz', 'json', '.', `.${'x'.repeat(200)}`],
  ParameterName: [
    'MetadataExtractionQuery',
    'JsonParsingEngine',
    'LambdaArn',
    'NumberOfRetries',
    'RoleArn',
    'BufferSizeInMBs',
    'BufferIntervalInSeconds',
    'SubRecordType',
    'Delimiter',
    'CompressionFormat',
    'DataMessageExtraction',
  ],
  ParameterValue: [
    '{k: .k}',
    'JQ-1.6',
    `arn:aws:lambda:${REGION}:${ACCOUNT}:function:f`,
    '3',
    'JSON',
    'DELIMITED',
    'GZIP',
    'true',
    'Cg==',
    '{k: (.a|',
    '{k: [limit(5; repeat(1))]}',
    'def f: f; {k: f}',
    '{k: "\\(.a)"}',
    '..',
    '',
    '-1',
    '1e9',
    '999999999999999999999',
  ],
  Url: ['https://example.com/', 'https://example.com:8443/a?b', 'https://', 'https://[', 'https://10.0.0.1/'],
  HECEndpoint: ['https://example.com:8088', 'https://example.com', 'not a url', 'https://['],
  HECToken: ['11111111-2222-3333-4444-555555555555', '11111111-2222-3333-4444-555555555555', ''],
  ClusterJDBCURL: [
    'jdbc:redshift://example.us-east-1.redshift.amazonaws.com:5439/db',
    'jdbc:redshift://example.com:5439/db',
    'jdbc:redshift://',
    'jdbc:postgresql://x:1/y',
  ],
  DataTableName: ['t', 'public.t', 't; drop table t', '"'],
  DataTableColumns: ['a,b', 'a', 'a,,b', '"'],
  CopyOptions: ["json 'auto'", 'gzip', "delimiter '", ''],
  Username: ['u', 'user', ''],
  Password: ['Passw0rd', 'Passw0rd1', 'x'],
  DomainARN: [
    `arn:aws:es:${REGION}:${ACCOUNT}:domain/d1`,
    `arn:aws:es:${REGION}:${ACCOUNT}:domain/d2`,
    'arn:x',
  ],
  ClusterEndpoint: ['https://example.com', 'https://search.example.com', 'http://x', 'https://['],
  CollectionEndpoint: ['https://example.com', 'https://x.aoss.amazonaws.com'],
  IndexName: ['index', 'logs', 'A', '_x', '', '*'],
  TypeName: ['', 'type', '_doc'],
  SizeInMBs: [1, 64],
  IntervalInSeconds: [1, 2],
  DurationInSeconds: [0, 2],
  DatabaseName: ['db', 'web', ''],
  TableName: ['t', 'clicks', ''],
  Key: ['k1', 'k2', 'aws:x', ''],
  TagKeys: ['k1', 'k2', ''],
  LogGroupName: ['/aws/firehose', 'group', ':'],
  LogStreamName: ['stream', 'other', ':'],
  SubnetIds: ['subnet-1', 'subnet-2'],
  SecurityGroupIds: ['sg-1', 'sg-2'],
};

async function removeAll(world: World): Promise<void> {
  for (;;) {
    const { DeliveryStreamNames } = (await world.call('ListDeliveryStreams', {}, FIREHOSE)) as {
      DeliveryStreamNames: readonly string[];
    };
    if (DeliveryStreamNames.length === 0) break;
    for (const DeliveryStreamName of DeliveryStreamNames) {
      // One that is still changing refuses; it is asked again.
      await world.call('DeleteDeliveryStream', { DeliveryStreamName }, FIREHOSE).catch(() => {});
    }
    await passTime(world);
  }
  const { objects } = world;
  await objects.createBucket(BUCKET).catch(() => {});
  for (;;) {
    const { objects: listed } = await objects.list(BUCKET, '', '', 1000);
    if (listed.length === 0) break;
    for (const { key } of listed) await objects.delete(BUCKET, key);
  }
  await world.call('CreateStream', { StreamName: 'source', ShardCount: 1 }).catch(() => {});
  await passTime(world);
}
