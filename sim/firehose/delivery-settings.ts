/** What delivery streams are set to, as their operator asks for it and as it is described. */
import type { Answer } from '../client.ts';
import type { DeliveryKind, DeliveryModel } from './delivery-model.ts';
import { BUCKET } from './bucket.ts';
import { DOMAIN } from './domain.ts';
import { ENDPOINT } from './endpoint.ts';
import { FUNCTION } from './function.ts';

/** What may be changed. */
export type Settings = {
  readonly intervalS: number;
  readonly compression: string;
  /** A part of the prefix. */
  readonly place: string;
  /** Of an endpoint or a domain; 0 elsewhere. */
  readonly retryS: number;
};

type Parts = DeliveryModel['parts'];

const ROLE = 'arn:aws:iam::000000000000:role/firehose';
/** Partitioning asks for a large buffer. */
const SIZE_MB: Readonly<Record<DeliveryKind, number>> = { s3: 1, partitioned: 64, endpoint: 1, search: 1 };

export function sourceOf(stream: string | undefined): object {
  if (stream === undefined) return {};
  return {
    DeliveryStreamType: 'KinesisStreamAsSource',
    KinesisStreamSourceConfiguration: {
      KinesisStreamARN: `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`,
      RoleARN: ROLE,
    },
  };
}

export function configurationOf(parts: Parts, settings: Settings): object {
  const bucket = { RoleARN: ROLE, BucketARN: `arn:aws:s3:::${BUCKET}` };
  const backup = `${parts.root}/backup/`;
  const S3Configuration = { ...bucket, Prefix: backup, ...changeable('s3', parts, settings) };
  const RetryOptions = { DurationInSeconds: settings.retryS };
  if (parts.kind === 'endpoint') {
    return {
      HttpEndpointDestinationConfiguration: {
        EndpointConfiguration: { Url: `${ENDPOINT}/${parts.root}` },
        S3BackupMode: parts.keepsBackup ? 'AllData' : 'FailedDataOnly',
        ...hintsOf(parts.kind, settings),
        ...processingOf(parts),
        ...{ RetryOptions, S3Configuration },
      },
    };
  }
  if (parts.kind === 'search') {
    return {
      AmazonopensearchserviceDestinationConfiguration: {
        RoleARN: ROLE,
        ClusterEndpoint: `${DOMAIN}/${parts.root}`,
        IndexName: 'logs',
        S3BackupMode: parts.keepsBackup ? 'AllDocuments' : 'FailedDocumentsOnly',
        ...hintsOf(parts.kind, settings),
        ...processingOf(parts),
        ...{ RetryOptions, S3Configuration },
      },
    };
  }
  const S3BackupConfiguration = { ...bucket, ...hintsOf('s3', settings), Prefix: backup };
  return {
    ExtendedS3DestinationConfiguration: {
      ...bucket,
      ...changeable(parts.kind, parts, settings),
      ...(parts.keepsBackup ? { S3BackupMode: 'Enabled', S3BackupConfiguration } : {}),
      ...(parts.kind === 'partitioned' ? PARTITIONING : {}),
      ...processingOf(parts),
    },
  };
}

export function updateOf(parts: Parts, settings: Settings): object {
  if (parts.kind === 's3' || parts.kind === 'partitioned') {
    return { ExtendedS3DestinationUpdate: changeable(parts.kind, parts, settings) };
  }
  const update = {
    ...hintsOf(parts.kind, settings),
    RetryOptions: { DurationInSeconds: settings.retryS },
    S3Update: changeable('s3', parts, settings),
  };
  return parts.kind === 'endpoint'
    ? { HttpEndpointDestinationUpdate: update }
    : { AmazonopensearchserviceDestinationUpdate: update };
}

/** Read from the description. */
export function settingsIn(described: Answer): Settings {
  const [destination] = described['Destinations'] as readonly Answer[];
  const endpoint = (destination!['HttpEndpointDestinationDescription'] ??
    destination!['AmazonopensearchserviceDestinationDescription']) as Answer | undefined;
  const bucket = (endpoint?.['S3DestinationDescription'] ??
    destination!['ExtendedS3DestinationDescription']) as Answer;
  const hints = (endpoint ?? bucket)['BufferingHints'] as Answer;
  const retry = endpoint?.['RetryOptions'] as Answer | undefined;
  const [, place = ''] = /\/(p\d)\/$/.exec(String(bucket['ErrorOutputPrefix'])) ?? [];
  return {
    intervalS: Number(hints['IntervalInSeconds']),
    compression: String(bucket['CompressionFormat']),
    place,
    retryS: Number(retry?.['DurationInSeconds'] ?? 0),
  };
}

function changeable(kind: DeliveryKind, { root, ...parts }: Parts, settings: Settings): object {
  const { compression, place } = settings;
  const end = kind === 'partitioned' ? 'k=!{partitionKeyFromQuery:k}/' : '';
  return {
    ...hintsOf(kind, settings),
    CompressionFormat: compression,
    ...(parts.kind === 'endpoint' || parts.kind === 'search'
      ? {}
      : { Prefix: `${root}/main/${place}/${end}` }),
    ErrorOutputPrefix: `${root}/errors/!{firehose:error-output-type}/${place}/`,
  };
}

function hintsOf(kind: DeliveryKind, { intervalS }: Settings): object {
  return { BufferingHints: { SizeInMBs: SIZE_MB[kind], IntervalInSeconds: intervalS } };
}

function processingOf({ kind, transforms }: Parts): object {
  const Processors = [
    ...(transforms ? [processor('Lambda', LAMBDA)] : []),
    ...(kind === 'partitioned'
      ? [processor('MetadataExtraction', EXTRACTION), processor('AppendDelimiterToRecord', {})]
      : []),
  ];
  return Processors.length === 0 ? {} : { ProcessingConfiguration: { Enabled: true, Processors } };
}

const PARTITIONING = {
  DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds: 10 } },
};
const LAMBDA = {
  LambdaArn: FUNCTION,
  NumberOfRetries: '1',
  BufferSizeInMBs: '0.2',
  BufferIntervalInSeconds: '1',
};
const EXTRACTION = { MetadataExtractionQuery: '{k: .k}', JsonParsingEngine: 'JQ-1.6' };

function processor(Type: string, parameters: Readonly<Record<string, string>>): object {
  const Parameters = Object.entries(parameters).map(([ParameterName, ParameterValue]) => ({
    ParameterName,
    ParameterValue,
  }));
  return { Type, Parameters };
}
