import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceError } from '../../wire/shape/service-error.ts';
import { checkDestination, type DestinationConfigurations } from './check-destination.ts';
import type { DestinationSettings } from './destination-settings.ts';
import { updateDestination, type DestinationUpdates } from './update-destination.ts';

const PLACE = { account: '000000000000', region: 'us-east-1' };
const ROLE = 'arn:aws:iam::000000000000:role/delivery';
const BUCKET = { RoleARN: ROLE, BucketARN: 'arn:aws:s3:::landing' };
const LAMBDA = 'arn:aws:lambda:us-east-1:000000000000:function:transform';
const COMPRESSION =
  "The S3 destination's compression format must be set to UNCOMPRESSED when data format conversion is enabled. To enable compression within the converted output format, set the appropriate serialization option in the output format configuration.";

type Extended = NonNullable<DestinationConfigurations['ExtendedS3DestinationConfiguration']>;
type ExtendedUpdate = NonNullable<DestinationUpdates['ExtendedS3DestinationUpdate']>;

const CONVERSION: NonNullable<Extended['DataFormatConversionConfiguration']> = {
  SchemaConfiguration: { RoleARN: ROLE, DatabaseName: 'db', TableName: 'clicks' },
  InputFormatConfiguration: {
    Deserializer: { OpenXJsonSerDe: { ColumnToJsonKeyMappings: new Map([['ts', 'timestamp']]) } },
  },
  OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
};

const HTTP = checkDestination(
  {
    HttpEndpointDestinationConfiguration: {
      EndpointConfiguration: { Url: 'https://one.example', AccessKey: 'key-of-one' },
      S3Configuration: { ...BUCKET, Prefix: 'failed/' },
      RequestConfiguration: { CommonAttributes: [{ AttributeName: 'a', AttributeValue: '1' }] },
    },
  },
  PLACE,
);
const SPLUNK = checkDestination(
  {
    SplunkDestinationConfiguration: {
      HECEndpoint: 'https://splunk.example:8088',
      HECEndpointType: 'Raw',
      HECToken: 'a-token',
      S3Configuration: BUCKET,
    },
  },
  PLACE,
);

/** As the catalog gives it back. */
function kept(destination: DestinationSettings): DestinationSettings {
  return JSON.parse(JSON.stringify(destination)) as DestinationSettings;
}

function extended(members: Partial<Extended> = {}): DestinationSettings {
  return kept(checkDestination({ ExtendedS3DestinationConfiguration: { ...BUCKET, ...members } }, PLACE));
}

function updated(before: DestinationSettings, update: ExtendedUpdate): Partial<Extended> {
  const after = updateDestination(before, { ExtendedS3DestinationUpdate: update }, PLACE);
  return kept(after).settings as unknown as Partial<Extended>;
}

function refused(before: DestinationSettings, updates: DestinationUpdates, message: string): void {
  assert.throws(
    () => updateDestination(before, updates, PLACE),
    (error) =>
      error instanceof ServiceError && error.code === 'InvalidArgumentException' && error.message === message,
    `not refused with: ${message}`,
  );
}

test('an update that changes nothing leaves the settings as they are', () => {
  for (const before of [extended(), extended({ DataFormatConversionConfiguration: CONVERSION })]) {
    assert.deepEqual(updated(before, {}), before.settings);
  }
  const same = updateDestination(HTTP, { HttpEndpointDestinationUpdate: {} }, PLACE);
  assert.deepEqual(kept(same), kept(HTTP));
});

test('what is not given stays, and what is given is merged member by member', () => {
  const before = extended({
    Prefix: 'a/',
    CompressionFormat: 'GZIP',
    EncryptionConfiguration: {
      KMSEncryptionConfig: { AWSKMSKeyARN: 'arn:aws:kms:us-east-1:000000000000:key/k' },
    },
    CloudWatchLoggingOptions: { Enabled: true, LogGroupName: 'g', LogStreamName: 's' },
  });
  const after = updated(before, {
    Prefix: 'b/',
    EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
    CloudWatchLoggingOptions: { LogStreamName: 't' },
  });
  assert.deepEqual(after, {
    ...before.settings,
    Prefix: 'b/',
    EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
    CloudWatchLoggingOptions: { Enabled: true, LogGroupName: 'g', LogStreamName: 't' },
  });
  assert.equal(updated(before, { Prefix: '' }).Prefix, '');
});

test('the older update changes an S3 destination too', () => {
  const after = updateDestination(
    extended({ FileExtension: '.jsonl' }),
    { S3DestinationUpdate: { Prefix: 'old/' } },
    PLACE,
  );
  assert.equal(after.kind === 'ExtendedS3' && after.settings.Prefix, 'old/');
  assert.equal(after.kind === 'ExtendedS3' && after.settings.FileExtension, '.jsonl');
});

test('a processing block is replaced whole, and keeps the role that it got', () => {
  const before = extended({
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [{ Type: 'Lambda', Parameters: [{ ParameterName: 'LambdaArn', ParameterValue: LAMBDA }] }],
    },
  });
  const other = 'arn:aws:iam::000000000000:role/other';
  const after = updated(before, { RoleARN: other });
  assert.deepEqual(after.ProcessingConfiguration, before.settings.ProcessingConfiguration);
  assert.equal(after.RoleARN, other);
  assert.deepEqual(updated(before, { ProcessingConfiguration: { Enabled: false } }).ProcessingConfiguration, {
    Enabled: false,
    Processors: [],
  });
  refused(
    before,
    {
      ExtendedS3DestinationUpdate: {
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [
            { Type: 'Lambda', Parameters: [{ ParameterName: 'NumberOfRetries', ParameterValue: '7' }] },
          ],
        },
      },
    },
    'LambdaArn is required when Lambda processor is used.',
  );
});

test('a conversion is merged, and the whole is checked', () => {
  const before = extended({ DataFormatConversionConfiguration: CONVERSION });
  refused(before, { ExtendedS3DestinationUpdate: { CompressionFormat: 'GZIP' } }, COMPRESSION);
  refused(
    extended(),
    { ExtendedS3DestinationUpdate: { DataFormatConversionConfiguration: CONVERSION } },
    'BufferingHints.SizeInMBs must be at least 64 when data format conversion is enabled.',
  );
  const off = updateDestination(
    before,
    { ExtendedS3DestinationUpdate: { DataFormatConversionConfiguration: { Enabled: false } } },
    PLACE,
  );
  assert.deepEqual((kept(off).settings as unknown as Extended).DataFormatConversionConfiguration, {
    ...(before.settings as unknown as Extended).DataFormatConversionConfiguration,
    Enabled: false,
  });
  const zipped = updateDestination(
    off,
    { ExtendedS3DestinationUpdate: { CompressionFormat: 'GZIP' } },
    PLACE,
  );
  refused(
    zipped,
    { ExtendedS3DestinationUpdate: { DataFormatConversionConfiguration: { Enabled: true } } },
    COMPRESSION,
  );
  const table = updated(before, {
    DataFormatConversionConfiguration: { SchemaConfiguration: { TableName: 'other' } },
  });
  assert.deepEqual(table.DataFormatConversionConfiguration?.SchemaConfiguration, {
    ...CONVERSION.SchemaConfiguration,
    TableName: 'other',
  });
});

test('backups are not given up, and dynamic partitioning neither begins nor ends', () => {
  const backedUp = extended({ S3BackupMode: 'Enabled', S3BackupConfiguration: BUCKET });
  const message = 'Disabling S3 backup is not currently supported.';
  refused(backedUp, { ExtendedS3DestinationUpdate: { S3BackupMode: 'Disabled' } }, message);
  const all = updateDestination(SPLUNK, { SplunkDestinationUpdate: { S3BackupMode: 'AllEvents' } }, PLACE);
  refused(all, { SplunkDestinationUpdate: { S3BackupMode: 'FailedEventsOnly' } }, message);
  refused(
    extended(),
    { ExtendedS3DestinationUpdate: { S3BackupMode: 'Enabled' } },
    'S3 backup destination configuration is required when enabling S3 backup.',
  );
  const begun = updated(extended(), { S3BackupMode: 'Enabled', S3BackupUpdate: BUCKET });
  assert.equal(begun.S3BackupConfiguration?.BucketARN, BUCKET.BucketARN);
  refused(
    extended(),
    { ExtendedS3DestinationUpdate: { DynamicPartitioningConfiguration: { Enabled: true } } },
    'Dynamic Partitioning can only be enabled when a Firehose stream is created.',
  );
});

test('another kind takes the place of the old one, with all that it needs', () => {
  const splunk = {
    HECEndpoint: 'https://splunk.example:8088',
    HECEndpointType: 'Raw',
    HECToken: 'a-token',
  } as const;
  const after = updateDestination(
    extended(),
    { SplunkDestinationUpdate: { ...splunk, S3Update: BUCKET } },
    PLACE,
  );
  assert.deepEqual(kept(after), kept(SPLUNK));
  refused(
    extended(),
    { SplunkDestinationUpdate: splunk },
    'S3Update must be given in SplunkDestinationUpdate: there is none to keep.',
  );
  refused(
    extended(),
    { SplunkDestinationUpdate: { ...splunk, S3Update: { Prefix: 'x/' } } },
    'RoleARN must be given in S3Update: there is none to keep.',
  );
  const fixed = (kind: string): string =>
    `Changing the destination type to or from ${kind} is not supported at this time.`;
  refused(HTTP, { ExtendedS3DestinationUpdate: BUCKET }, fixed('HttpEndpoint'));
  refused(SPLUNK, { ElasticsearchDestinationUpdate: { IndexName: 'x' } }, fixed('Elasticsearch'));
});

test('none, or more than one', () => {
  refused(extended(), {}, 'At least one destination or source configuration update must be provided');
  refused(
    extended(),
    { S3DestinationUpdate: {}, ExtendedS3DestinationUpdate: {} },
    'Exactly one destination configuration is supported for a Firehose',
  );
  refused(
    extended(),
    { IcebergDestinationUpdate: {} },
    'IcebergDestinationUpdate is not served by Millrace: it does not deliver there yet.',
  );
});

test('an access key never goes to an endpoint that it was not given for', () => {
  const after = updateDestination(
    HTTP,
    {
      HttpEndpointDestinationUpdate: {
        EndpointConfiguration: { Url: 'https://two.example' },
        RequestConfiguration: { ContentEncoding: 'GZIP' },
        S3Update: { CompressionFormat: 'GZIP' },
      },
    },
    PLACE,
  );
  assert.equal(after.kind, 'HttpEndpoint');
  if (after.kind !== 'HttpEndpoint') return;
  assert.deepEqual(after.settings.EndpointConfiguration, { Url: 'https://two.example' });
  assert.deepEqual(after.settings.RequestConfiguration, {
    ContentEncoding: 'GZIP',
    CommonAttributes: [{ AttributeName: 'a', AttributeValue: '1' }],
  });
  assert.equal(after.settings.S3Configuration.Prefix, 'failed/');
  assert.equal(after.settings.S3Configuration.CompressionFormat, 'GZIP');
});

test('a cluster by its endpoint takes the place of one by its domain', () => {
  const search = checkDestination(
    {
      ElasticsearchDestinationConfiguration: {
        RoleARN: ROLE,
        DomainARN: 'arn:aws:es:us-east-1:000000000000:domain/clicks',
        IndexName: 'clicks',
        S3Configuration: BUCKET,
      },
    },
    PLACE,
  );
  const after = updateDestination(
    search,
    { ElasticsearchDestinationUpdate: { ClusterEndpoint: 'https://search.example' } },
    PLACE,
  );
  assert.equal(after.kind === 'Elasticsearch' && after.settings.ClusterEndpoint, 'https://search.example');
  assert.equal(after.kind === 'Elasticsearch' && after.settings.DomainARN, undefined);
});
