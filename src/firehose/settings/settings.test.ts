import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceError } from '../../wire/shape/service-error.ts';
import { compileValidator } from '../../wire/shape/validator.ts';
import { DestinationDescription } from '../shapes/descriptions.ts';
import { checkDestination, type DestinationConfigurations } from './check-destination.ts';
import { backupOf, bucketOf, bufferingOf, conversionOf } from './delivery-settings.ts';
import { describeDestination } from './describe-destination.ts';
import type { DestinationSettings, SettingsOf } from './destination-settings.ts';

const PLACE = { account: '000000000000', region: 'us-east-1' };
const ROLE = 'arn:aws:iam::000000000000:role/delivery';
const BUCKET = { RoleARN: ROLE, BucketARN: 'arn:aws:s3:::landing' };
const LAMBDA = 'arn:aws:lambda:us-east-1:000000000000:function:transform';

type Extended = NonNullable<DestinationConfigurations['ExtendedS3DestinationConfiguration']>;
type Processing = NonNullable<Extended['ProcessingConfiguration']>;
type Processor = NonNullable<Processing['Processors']>[number];
type Parameters = Readonly<Record<string, string>>;

const extended = (members: Partial<Extended> = {}): DestinationConfigurations => ({
  ExtendedS3DestinationConfiguration: { ...BUCKET, ...members },
});

const processor = (Type: Processor['Type'], parameters: Parameters = {}): Processor => ({
  Type,
  Parameters: Object.entries(parameters).map(([ParameterName, ParameterValue]) => ({
    ParameterName: ParameterName as NonNullable<Processor['Parameters']>[number]['ParameterName'],
    ParameterValue,
  })),
});

const processing = (...Processors: Processor[]): Processing => ({ Enabled: true, Processors });

const QUERY = processor('MetadataExtraction', {
  MetadataExtractionQuery: '{customer: .customer, "kind": .type.kind}',
  JsonParsingEngine: 'JQ-1.6',
});

const PARTITIONED: Partial<Extended> = {
  DynamicPartitioningConfiguration: { Enabled: true },
  ProcessingConfiguration: processing(QUERY),
  Prefix: 'c=!{partitionKeyFromQuery:customer}/k=!{partitionKeyFromQuery:kind}/',
  ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
};

const CONVERSION: NonNullable<Extended['DataFormatConversionConfiguration']> = {
  SchemaConfiguration: { RoleARN: ROLE, DatabaseName: 'db', TableName: 'clicks' },
  InputFormatConfiguration: {
    Deserializer: { OpenXJsonSerDe: { ColumnToJsonKeyMappings: new Map([['ts', 'timestamp']]) } },
  },
  OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
};

/** One of each kind, with no more than is needed. */
const LEAST: readonly DestinationConfigurations[] = [
  { S3DestinationConfiguration: BUCKET },
  extended(),
  {
    RedshiftDestinationConfiguration: {
      RoleARN: ROLE,
      ClusterJDBCURL: 'jdbc:redshift://c.abc.us-east-1.redshift.amazonaws.com:5439/dev',
      CopyCommand: { DataTableName: 'clicks' },
      Username: 'loader',
      Password: 'secret-password',
      S3Configuration: BUCKET,
    },
  },
  {
    ElasticsearchDestinationConfiguration: {
      RoleARN: ROLE,
      ClusterEndpoint: 'https://search.example:9200',
      IndexName: 'clicks',
      S3Configuration: BUCKET,
    },
  },
  {
    AmazonopensearchserviceDestinationConfiguration: {
      RoleARN: ROLE,
      DomainARN: 'arn:aws:es:us-east-1:000000000000:domain/clicks',
      IndexName: 'clicks',
      S3Configuration: BUCKET,
      VpcConfiguration: { SubnetIds: ['subnet-0a1'], RoleARN: ROLE, SecurityGroupIds: ['sg-1'] },
    },
  },
  {
    AmazonOpenSearchServerlessDestinationConfiguration: {
      RoleARN: ROLE,
      CollectionEndpoint: 'https://x.us-east-1.aoss.amazonaws.com',
      IndexName: 'clicks',
      S3Configuration: BUCKET,
    },
  },
  {
    SplunkDestinationConfiguration: {
      HECEndpoint: 'https://splunk.example:8088',
      HECEndpointType: 'Raw',
      HECToken: 'a-token',
      S3Configuration: BUCKET,
    },
  },
  {
    HttpEndpointDestinationConfiguration: {
      EndpointConfiguration: { Url: 'https://collect.example/v1', AccessKey: 'an-access-key' },
      S3Configuration: BUCKET,
    },
  },
];

function settled<K extends DestinationSettings['kind']>(
  input: DestinationConfigurations,
  kind: K,
): SettingsOf<K> {
  const destination = checkDestination(input, PLACE);
  assert.equal(destination.kind, kind);
  return destination.settings as SettingsOf<K>;
}

function refused(input: DestinationConfigurations, message: string, code = 'InvalidArgumentException'): void {
  assert.throws(
    () => checkDestination(input, PLACE),
    (error) => error instanceof ServiceError && error.code === code && error.message === message,
    `not refused with: ${message}`,
  );
}

test('the least of each kind is settled, kept as JSON, settled again to the same, and described within the model', () => {
  const check = compileValidator(DestinationDescription, 'com.amazonaws.firehose');
  for (const input of LEAST) {
    const destination = checkDestination(input, PLACE);
    const kept = JSON.parse(JSON.stringify(destination)) as DestinationSettings;
    assert.deepEqual(
      JSON.parse(JSON.stringify(describeDestination(kept))),
      JSON.parse(JSON.stringify(describeDestination(destination))),
    );
    check(JSON.parse(JSON.stringify(describeDestination(kept))));
    const known = Object.values(DestinationDescription.members).flatMap(({ shape }) =>
      shape.kind === 'structure' ? Object.keys(shape.members) : [],
    );
    for (const described of Object.values(describeDestination(destination))) {
      if (typeof described !== 'object') continue;
      for (const member of Object.keys(described)) assert.ok(known.includes(member), member);
    }
  }
});

test('an S3 destination is described with its defaults, and twice', () => {
  const mirror = {
    ...BUCKET,
    BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
    CompressionFormat: 'UNCOMPRESSED',
    EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
    CloudWatchLoggingOptions: { Enabled: false },
  };
  for (const input of LEAST.slice(0, 2)) {
    assert.deepEqual(JSON.parse(JSON.stringify(describeDestination(checkDestination(input, PLACE)))), {
      DestinationId: 'destinationId-000000000001',
      S3DestinationDescription: mirror,
      ExtendedS3DestinationDescription: { ...mirror, S3BackupMode: 'Disabled' },
    });
  }
});

test('defaults of the other kinds', () => {
  const [, , redshift, elasticsearch, opensearch, serverless, splunk, http] = LEAST;
  assert.deepEqual(settled(redshift!, 'Redshift').RetryOptions, { DurationInSeconds: 3600 });
  assert.equal(settled(redshift!, 'Redshift').S3BackupMode, 'Disabled');
  for (const settings of [
    settled(elasticsearch!, 'Elasticsearch'),
    settled(opensearch!, 'Amazonopensearchservice'),
    settled(serverless!, 'AmazonOpenSearchServerless'),
  ]) {
    assert.deepEqual(settings.BufferingHints, { SizeInMBs: 5, IntervalInSeconds: 300 });
    assert.deepEqual(settings.RetryOptions, { DurationInSeconds: 300 });
    assert.equal(settings.S3BackupMode, 'FailedDocumentsOnly');
  }
  assert.equal(settled(elasticsearch!, 'Elasticsearch').IndexRotationPeriod, 'OneDay');
  const { S3Configuration: _, ...splunkSettings } = settled(splunk!, 'Splunk');
  assert.deepEqual(JSON.parse(JSON.stringify(splunkSettings)), {
    HECEndpoint: 'https://splunk.example:8088',
    HECEndpointType: 'Raw',
    HECToken: 'a-token',
    HECAcknowledgmentTimeoutInSeconds: 180,
    RetryOptions: { DurationInSeconds: 300 },
    S3BackupMode: 'FailedEventsOnly',
    CloudWatchLoggingOptions: { Enabled: false },
    BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 60 },
  });
  assert.deepEqual(settled(http!, 'HttpEndpoint').RequestConfiguration, { ContentEncoding: 'NONE' });
  assert.equal(settled(http!, 'HttpEndpoint').S3BackupMode, 'FailedDataOnly');
});

test('secrets are described where the model has them', () => {
  const texts = LEAST.map((input) => JSON.stringify(describeDestination(checkDestination(input, PLACE))));
  assert.match(texts[2]!, /"Username":"loader"/);
  assert.doesNotMatch(texts[2]!, /secret-password/);
  assert.match(texts[6]!, /"HECToken":"a-token"/);
  assert.match(texts[7]!, /"Url":"https:\/\/collect.example\/v1"/);
  assert.doesNotMatch(texts[7]!, /an-access-key/);
  assert.match(texts[4]!, /"VpcId":"vpc-0a1"/);
});

test('exactly one destination', () => {
  const message = 'Exactly one destination configuration is supported for a Firehose';
  refused({}, message);
  refused({ ...extended(), S3DestinationConfiguration: BUCKET }, message);
});

test('what an S3 destination is refused for', () => {
  refused(
    extended({ BufferingHints: { SizeInMBs: 5 } }),
    'Both SizeInMBs and IntervalInSeconds are required to configure buffering hints.',
  );
  refused(
    extended({ S3BackupMode: 'Enabled' }),
    'S3 backup destination configuration is required when enabling S3 backup.',
  );
  refused(
    extended({ CloudWatchLoggingOptions: { Enabled: true } }),
    'CloudWatch Log Group Name is required if CloudWatch Logging is enabled',
  );
  refused(
    extended({ Prefix: '!{timestamp:yyyy}/' }),
    'ErrorOutputPrefix cannot be null or empty when Prefix contains expressions',
  );
  refused(
    extended({ S3BackupMode: 'Enabled', S3BackupConfiguration: { ...BUCKET, Prefix: '!{x:y}' } }),
    'Namespace to the left of colon (x) is an invalid keyword!',
  );
  const other = 'arn:aws:iam::111111111111:role/delivery';
  for (const input of [
    extended({ RoleARN: other }),
    extended({ S3BackupMode: 'Enabled', S3BackupConfiguration: { ...BUCKET, RoleARN: other } }),
    extended({
      ProcessingConfiguration: processing(processor('Lambda', { LambdaArn: LAMBDA, RoleArn: other })),
    }),
    extended({
      DataFormatConversionConfiguration: {
        ...CONVERSION,
        SchemaConfiguration: { ...CONVERSION.SchemaConfiguration, RoleARN: other },
      },
    }),
  ]) {
    refused(input, 'Cross-account pass role is not allowed.', 'AccessDeniedException');
  }
});

test('processors: texts and their order', () => {
  const with_ = (...processors: Processor[]): DestinationConfigurations =>
    extended({ ProcessingConfiguration: processing(...processors) });
  const lambda = (parameters: Parameters): DestinationConfigurations =>
    with_(processor('Lambda', parameters));
  const both =
    'Both BufferSizeInMBs and BufferIntervalInSeconds are required to configure buffering for lambda processor.';
  const twice: Processor = {
    Type: 'Lambda',
    Parameters: [
      { ParameterName: 'NumberOfRetries', ParameterValue: '2' },
      { ParameterName: 'NumberOfRetries', ParameterValue: '3' },
    ],
  };
  refused(with_(twice), 'Duplicate ProcessorParameter passed to ProcessingConfiguration.');
  refused(
    with_(),
    'A maximum of 5 and a minimum of 1 processor needs to be supplied when processing is enabled.',
  );
  refused(
    with_(processor('Lambda', { LambdaArn: LAMBDA }), processor('Lambda')),
    'Cannot have more than 1 Lambda processor.',
  );
  refused(lambda({ NumberOfRetries: '1' }), 'LambdaArn is required when Lambda processor is used.');
  for (const arn of ['x', `${LAMBDA} x`, `${LAMBDA}/x`, `${LAMBDA}?`]) {
    refused(lambda({ LambdaArn: arn }), 'Invalid lambda ARN.');
  }
  refused(lambda({ LambdaArn: LAMBDA, BufferSizeInMBs: '1' }), both);
  refused(lambda({ LambdaArn: LAMBDA, BufferIntervalInSeconds: '1' }), both);
  refused(
    lambda({ LambdaArn: LAMBDA, NumberOfRetries: '301' }),
    'Number of retries for lambda must be between 0 and 300.',
  );
  refused(
    lambda({ LambdaArn: LAMBDA, BufferSizeInMBs: '3.1', BufferIntervalInSeconds: '60' }),
    'BufferSizeInMBs for lambda processor must be between 0.2 and 3.',
  );
  refused(
    lambda({ LambdaArn: LAMBDA, BufferSizeInMBs: '3', BufferIntervalInSeconds: '901' }),
    'BufferIntervalInSeconds for lambda processor must be between 0 and 900.',
  );
  refused(
    with_(processor('CloudWatchLogProcessing', { DataMessageExtraction: 'true' })),
    'CloudWatchLogProcessingProcessor can only be enabled with DecompressionProcessor',
  );
  refused(
    with_(processor('Decompression'), processor('CloudWatchLogProcessing')),
    'Invalid parameter value for DataMessageExtraction. Allowed values are True and False.',
  );
  refused(
    with_(processor('RecordDeAggregation', { SubRecordType: 'JSON' })),
    'class com.amazonaws.services.firehose.internal.model.RecordDeAggregationProcessor can only be present when Dynamic Partitioning is enabled.',
  );
});

test("a Lambda processor's parameters get AWS's order and defaults", () => {
  const given = processing(
    processor('Lambda', { BufferIntervalInSeconds: '70', BufferSizeInMBs: '2', LambdaArn: LAMBDA }),
  );
  const parameters = (input: DestinationConfigurations): unknown =>
    checkDestination(input, PLACE).settings.ProcessingConfiguration?.Processors[0]?.Parameters?.map(
      ({ ParameterName, ParameterValue }) => `${ParameterName}=${ParameterValue}`,
    );
  assert.deepEqual(parameters(extended({ ProcessingConfiguration: given })), [
    `LambdaArn=${LAMBDA}`,
    'NumberOfRetries=3',
    `RoleArn=${ROLE}`,
    'BufferSizeInMBs=2',
    'BufferIntervalInSeconds=70',
  ]);
  const splunk = LEAST[6]!.SplunkDestinationConfiguration!;
  const plain = processing(processor('Lambda', { LambdaArn: LAMBDA }));
  assert.deepEqual(
    parameters({ SplunkDestinationConfiguration: { ...splunk, ProcessingConfiguration: plain } }),
    [
      `LambdaArn=${LAMBDA}`,
      'NumberOfRetries=3',
      `RoleArn=${ROLE}`,
      'BufferSizeInMBs=0.25',
      'BufferIntervalInSeconds=60',
    ],
  );
  const { Enabled: _, ...without } = plain;
  const settings = settled(extended({ ProcessingConfiguration: without }), 'ExtendedS3');
  assert.equal(settings.ProcessingConfiguration?.Enabled, false);
});

test('dynamic partitioning', () => {
  const settings = settled(extended(PARTITIONED), 'ExtendedS3');
  assert.deepEqual(settings.BufferingHints, { SizeInMBs: 128, IntervalInSeconds: 300 });
  assert.deepEqual(settings.DynamicPartitioningConfiguration, {
    Enabled: true,
    RetryOptions: { DurationInSeconds: 300 },
  });
  const with_ = (members: Partial<Extended>): DestinationConfigurations =>
    extended({ ...PARTITIONED, ...members });
  refused(
    with_({ ProcessingConfiguration: { Enabled: false } }),
    'Processing Configuration is not enabled when DataPartitioning is enabled',
  );
  refused(
    with_({ BufferingHints: { SizeInMBs: 63, IntervalInSeconds: 60 } }),
    'BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled.',
  );
  refused(
    with_({ Prefix: undefined }),
    'S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is enabled',
  );
  refused(
    with_({ Prefix: 'c=!{partitionKeyFromQuery:customer}/' }),
    "MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix expression",
  );
  refused(
    with_({ Prefix: `${PARTITIONED.Prefix}!{partitionKeyFromLambda:day}/` }),
    'Lambda should be present when S3 Prefix contains keys from partitionKeyFromLambda namespace',
  );
  refused(
    with_({ ProcessingConfiguration: processing(processor('MetadataExtraction')) }),
    'MetaDataExtraction JSON Parsing Engine has to be one of JQ-1.6',
  );
  const query = processor('MetadataExtraction', {
    MetadataExtractionQuery: '{customer: .customer',
    JsonParsingEngine: 'JQ-1.6',
  });
  assert.throws(
    () => checkDestination(with_({ ProcessingConfiguration: processing(query) }), PLACE),
    /MetadataExtractionQuery is not served: .*line 1/,
  );
  const split = (parameters: Parameters): DestinationConfigurations =>
    with_({ ProcessingConfiguration: processing(QUERY, processor('RecordDeAggregation', parameters)) });
  refused(split({}), 'SubRecordType has to be one of JSON, DELIMITED');
  refused(split({ SubRecordType: 'DELIMITED' }), 'Delimiter should be present for DELIMITED');
});

test('conversion: texts and their order', () => {
  const with_ = (
    conversion: Extended['DataFormatConversionConfiguration'],
    members: Partial<Extended> = {},
  ): DestinationConfigurations => extended({ DataFormatConversionConfiguration: conversion, ...members });
  const converting = settled(with_(CONVERSION), 'ExtendedS3');
  assert.deepEqual(converting.BufferingHints, { SizeInMBs: 128, IntervalInSeconds: 300 });
  assert.equal(converting.DataFormatConversionConfiguration?.Enabled, true);
  refused(
    with_({}, { CompressionFormat: 'GZIP', BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 60 } }),
    "The S3 destination's compression format must be set to UNCOMPRESSED when data format conversion is enabled. To enable compression within the converted output format, set the appropriate serialization option in the output format configuration.",
  );
  refused(
    with_({}, { BufferingHints: { SizeInMBs: 63, IntervalInSeconds: 60 } }),
    'BufferingHints.SizeInMBs must be at least 64 when data format conversion is enabled.',
  );
  const { InputFormatConfiguration, OutputFormatConfiguration, SchemaConfiguration } = CONVERSION;
  refused(with_({}), 'InputFormatConfiguration must not be null');
  refused(with_({ InputFormatConfiguration }), 'OutputFormatConfiguration must not be null');
  refused(
    with_({ InputFormatConfiguration, OutputFormatConfiguration }),
    'SchemaConfiguration must not be null',
  );
  refused(with_({ ...CONVERSION, InputFormatConfiguration: {} }), 'Deserializer must not be null');
  refused(
    with_({ ...CONVERSION, OutputFormatConfiguration: { Serializer: {} } }),
    'Serializer must not be null',
  );
  refused(
    with_({
      ...CONVERSION,
      InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {}, HiveJsonSerDe: {} } },
    }),
    'More than one deserializer specified. Only one may be chosen.',
  );
  for (const [member, name] of [
    ['RoleARN', 'RoleArn'],
    ['DatabaseName', 'DatabaseName'],
    ['TableName', 'TableName'],
  ]) {
    refused(
      with_({ ...CONVERSION, SchemaConfiguration: { ...SchemaConfiguration, [member!]: undefined } }),
      `SchemaConfiguration.${name} must not be null or empty`,
    );
  }
  const orc = { ...CONVERSION, OutputFormatConfiguration: { Serializer: { OrcSerDe: {} } } };
  refused(
    with_(orc),
    'DataFormatConversionConfiguration is not served by Millrace: OrcSerDe: ORC is not written yet',
  );
  const off = checkDestination(with_({ ...orc, Enabled: false }, { CompressionFormat: 'GZIP' }), PLACE);
  assert.equal(conversionOf(off), undefined);
});

test('mappings of a conversion survive the catalog, whatever their keys', () => {
  const mappings = new Map([
    ['__proto__', 'a'],
    ['b', 'constructor'],
  ]);
  const input = extended({
    DataFormatConversionConfiguration: {
      ...CONVERSION,
      InputFormatConfiguration: {
        Deserializer: { OpenXJsonSerDe: { ColumnToJsonKeyMappings: mappings } },
      },
    },
  });
  const kept = JSON.parse(JSON.stringify(checkDestination(input, PLACE))) as DestinationSettings;
  const described = describeDestination(kept).ExtendedS3DestinationDescription;
  assert.deepEqual(
    described?.DataFormatConversionConfiguration?.InputFormatConfiguration?.Deserializer?.OpenXJsonSerDe
      ?.ColumnToJsonKeyMappings,
    mappings,
  );
});

test('what the other destinations are refused for', () => {
  const redshift = LEAST[2]!.RedshiftDestinationConfiguration!;
  const elasticsearch = LEAST[3]!.ElasticsearchDestinationConfiguration!;
  const serverless = LEAST[5]!.AmazonOpenSearchServerlessDestinationConfiguration!;
  const splunk = LEAST[6]!.SplunkDestinationConfiguration!;
  const http = LEAST[7]!.HttpEndpointDestinationConfiguration!;
  const cases: readonly [DestinationConfigurations, string][] = [
    [
      {
        RedshiftDestinationConfiguration: {
          ...redshift,
          S3Configuration: { ...BUCKET, CompressionFormat: 'Snappy' },
        },
      },
      'Only the following compression formats are allowed when using Redshift: [UNCOMPRESSED, GZIP]',
    ],
    [
      {
        RedshiftDestinationConfiguration: {
          ...redshift,
          S3Configuration: { ...BUCKET, ErrorOutputPrefix: 'x/' },
        },
      },
      'Prefix Expressions or ErrorOutputPrefix is currently not supported for this destination',
    ],
    [
      { RedshiftDestinationConfiguration: { ...redshift, Password: undefined } },
      'Redshift Database Password is required for Redshift Destination',
    ],
    [
      {
        RedshiftDestinationConfiguration: {
          ...redshift,
          CopyCommand: { DataTableName: 'clicks; drop table clicks' },
        },
      },
      'CopyCommand.DataTableName is not served by Millrace: it has to be a name, at most database.schema.table.',
    ],
    [
      {
        RedshiftDestinationConfiguration: {
          ...redshift,
          CopyCommand: { DataTableName: 'clicks', CopyOptions: "delimiter ','; --" },
        },
      },
      'CopyCommand.CopyOptions is not served by Millrace: they have to be words, numbers and texts in single quotes with white space between them.',
    ],
    [
      { ElasticsearchDestinationConfiguration: { ...elasticsearch, ClusterEndpoint: undefined } },
      'Provide either the Elasticsearch cluster endpoint or domain arn.',
    ],
    [
      {
        ElasticsearchDestinationConfiguration: {
          ...elasticsearch,
          DomainARN: 'arn:aws:es:us-east-1:000000000000:domain/clicks',
        },
      },
      'Cannot provide both Elasticsearch cluster endpoint and domain ARN. Provide either the cluster endpoint or domain arn.',
    ],
    [
      {
        AmazonOpenSearchServerlessDestinationConfiguration: {
          ...serverless,
          CollectionEndpoint: undefined,
        },
      },
      'Must specify collection endpoint for delivery to OpenSearch serverless.',
    ],
    [
      { SplunkDestinationConfiguration: { ...splunk, HECEndpoint: 'http://splunk.example:8088' } },
      'Invalid HECEndpoint. Supported endpoint format is https://<domain>:<port>.',
    ],
    [
      { SplunkDestinationConfiguration: { ...splunk, SecretsManagerConfiguration: { Enabled: true } } },
      'Invalid secret ARN: null',
    ],
    [
      {
        SplunkDestinationConfiguration: {
          ...splunk,
          SecretsManagerConfiguration: {
            Enabled: true,
            SecretARN: 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:s',
          },
        },
      },
      'Cross-region secrets are not allowed. Please provide a secret in the same region as firehose',
    ],
    [
      {
        SplunkDestinationConfiguration: {
          ...splunk,
          SecretsManagerConfiguration: {
            Enabled: true,
            SecretARN: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:s',
          },
        },
      },
      'SecretsManagerConfiguration is not served by Millrace: there is no Secrets Manager here; give the credentials in SplunkDestinationConfiguration.',
    ],
    [
      {
        HttpEndpointDestinationConfiguration: {
          ...http,
          RequestConfiguration: {
            CommonAttributes: [
              { AttributeName: 'a', AttributeValue: '1' },
              { AttributeName: 'a', AttributeValue: '2' },
            ],
          },
        },
      },
      'Http Endpoint Common Attributes have duplicate name a',
    ],
  ];
  for (const [input, message] of cases) refused(input, message);
  const options = String.raw`delimiter '\t' lzop;`;
  checkDestination(
    {
      RedshiftDestinationConfiguration: {
        ...redshift,
        CopyCommand: { DataTableName: 'Shop."Click s"', DataTableColumns: 'a, b', CopyOptions: options },
      },
    },
    PLACE,
  );
  const secrets = { Enabled: false };
  const kept = checkDestination(
    { SplunkDestinationConfiguration: { ...splunk, SecretsManagerConfiguration: secrets } },
    PLACE,
  );
  assert.deepEqual(
    describeDestination(kept).SplunkDestinationDescription?.SecretsManagerConfiguration,
    secrets,
  );
});

test('what deliveries are told', () => {
  const s3 = checkDestination(
    extended({
      ...PARTITIONED,
      S3BackupMode: 'Enabled',
      S3BackupConfiguration: { ...BUCKET, BucketARN: 'arn:aws-cn:s3:::raw' },
      EncryptionConfiguration: {
        KMSEncryptionConfig: { AWSKMSKeyARN: 'arn:aws:kms:us-east-1:111111111111:key/k' },
      },
      ProcessingConfiguration: processing(QUERY),
    }),
    PLACE,
  );
  assert.deepEqual(bufferingOf(s3), { bytes: 128 * 1024 * 1024, intervalMs: 300_000 });
  assert.equal(bucketOf(s3).name, 'landing');
  assert.equal(bucketOf(s3).kmsKeyArn, 'arn:aws:kms:us-east-1:111111111111:key/k');
  assert.equal(backupOf(s3)?.of, 'source');
  assert.equal(backupOf(s3)?.bucket.name, 'raw');
  const all = checkDestination(
    {
      SplunkDestinationConfiguration: {
        ...LEAST[6]!.SplunkDestinationConfiguration!,
        S3BackupMode: 'AllEvents',
      },
    },
    PLACE,
  );
  assert.equal(backupOf(all)?.of, 'all');
  assert.equal(backupOf(checkDestination(LEAST[6]!, PLACE)), undefined);
  assert.deepEqual(bufferingOf(checkDestination(LEAST[2]!, PLACE)), {
    bytes: 5 * 1024 * 1024,
    intervalMs: 300_000,
  });
});
