/**
 * What deliveries need to know of a destination's settings, alike for all kinds, in bytes and milliseconds: buffers, buckets and their prefixes,
 * backups, retries, and what processing does.
 */
import { checkPrefixes, type Prefixes } from '../object-keys/check-prefixes.ts';
import type {
  BufferingSettings,
  ConversionSettings,
  DestinationSettings,
  ProcessingSettings,
  S3Settings,
} from './destination-settings.ts';
import { parameterOf } from './processors.ts';

const MIB = 1024 * 1024;

export type Buffering = { readonly bytes: number; readonly intervalMs: number };

export type Bucket = {
  readonly name: string;
  readonly settings: S3Settings;
  readonly prefixes: Prefixes;
  /** Of the hints of the bucket's own configuration. */
  readonly buffering: Buffering;
  /** AWS's `x-amz-server-side-encryption-aws-kms-key-id`; undefined without encryption. */
  readonly kmsKeyArn: string | undefined;
};

/** Of the destination: closes the buffers of what is delivered to it. */
export function bufferingOf(destination: DestinationSettings): Buffering {
  switch (destination.kind) {
    case 'ExtendedS3':
      return bufferingOfHints(destination.settings.BufferingHints);
    case 'Redshift':
      return bufferingOfHints(destination.settings.S3Configuration.BufferingHints);
    default:
      return bufferingOfHints(destination.settings.BufferingHints);
  }
}

function bufferingOfHints(hints: BufferingSettings): Buffering {
  return { bytes: hints.SizeInMBs * MIB, intervalMs: hints.IntervalInSeconds * 1000 };
}

/** Where an S3 destination's objects go, what COPY reads, and where failed records of the others go. */
export function bucketOf(destination: DestinationSettings): Bucket {
  if (destination.kind !== 'ExtendedS3') {
    return bucket(destination.settings.S3Configuration);
  }
  const { settings } = destination;
  return bucket(
    settings,
    prefixesOf(
      settings,
      settings.CustomTimeZone,
      settings.DynamicPartitioningConfiguration?.Enabled === true,
    ),
  );
}

/**
 * Where all records are kept beside the destination: before they are transformed ('source', of S3 and Redshift), or all that is sent to it ('all').
 * Undefined when only what failed is kept.
 */
export function backupOf(
  destination: DestinationSettings,
): { readonly of: 'source' | 'all'; readonly bucket: Bucket } | undefined {
  const { kind, settings } = destination;
  if (kind === 'ExtendedS3' || kind === 'Redshift') {
    const backup = settings.S3BackupConfiguration;
    if (settings.S3BackupMode !== 'Enabled' || backup === undefined) return undefined;
    return { of: 'source', bucket: bucket(backup) };
  }
  return settings.S3BackupMode.startsWith('All')
    ? { of: 'all', bucket: bucket(settings.S3Configuration) }
    : undefined;
}

function bucket(settings: S3Settings, prefixes = prefixesOf(settings, undefined, false)): Bucket {
  return {
    name: settings.BucketARN.slice(settings.BucketARN.lastIndexOf(':') + 1),
    settings,
    prefixes,
    buffering: bufferingOfHints(settings.BufferingHints),
    kmsKeyArn: settings.EncryptionConfiguration.KMSEncryptionConfig?.AWSKMSKeyARN,
  };
}

/** They were checked when they were settled. */
function prefixesOf(settings: S3Settings, zone: string | undefined, partitioned: boolean): Prefixes {
  return checkPrefixes({
    prefix: settings.Prefix,
    errorOutputPrefix: settings.ErrorOutputPrefix,
    customTimeZone: zone,
    expressionsAllowed: true,
    partitioning: partitioned ? { queryKeys: undefined, hasQuery: true, hasLambda: true } : undefined,
  });
}

/** How long failed deliveries are repeated. Of S3 it is a constant of the engine's, and with dynamic partitioning this. */
export function retryDurationMsOf(destination: DestinationSettings): number | undefined {
  const retry =
    destination.kind === 'ExtendedS3'
      ? destination.settings.DynamicPartitioningConfiguration?.RetryOptions
      : destination.settings.RetryOptions;
  return retry === undefined ? undefined : retry.DurationInSeconds * 1000;
}

/** Undefined unless records are converted. */
export function conversionOf(destination: DestinationSettings): ConversionSettings | undefined {
  if (destination.kind !== 'ExtendedS3') return undefined;
  const conversion = destination.settings.DataFormatConversionConfiguration;
  return conversion?.Enabled === true ? conversion : undefined;
}

/** Processing in AWS's order; what is undefined or false is not done. */
export type ProcessingSteps = {
  readonly decompresses: boolean;
  /** Of CloudWatch Logs: whether only the messages of their events go on. */
  readonly cloudWatchLogs: { readonly extractsMessages: boolean } | undefined;
  /** JSON texts one after another when there is no delimiter. */
  readonly deaggregation: { readonly delimiter: Uint8Array | undefined } | undefined;
  readonly lambda: LambdaStep | undefined;
  /** jq's program that gives the partition keys. */
  readonly query: string | undefined;
  /** Put behind each record. */
  readonly delimiter: Uint8Array | undefined;
};

export type LambdaStep = {
  readonly arn: string;
  readonly roleArn: string | undefined;
  /** Tries after the first. */
  readonly retries: number;
  /** What one invocation gets at most, before base64. */
  readonly buffering: Buffering;
};

const NONE: ProcessingSteps = {
  decompresses: false,
  cloudWatchLogs: undefined,
  deaggregation: undefined,
  lambda: undefined,
  query: undefined,
  delimiter: undefined,
};

export function processingStepsOf({ settings }: DestinationSettings): ProcessingSteps {
  const processing = settings.ProcessingConfiguration;
  if (processing?.Enabled !== true) return NONE;
  const named = (type: Processor['Type']): Processor | undefined =>
    processing.Processors.find(({ Type }) => Type === type);
  const logs = named('CloudWatchLogProcessing');
  const deaggregation = named('RecordDeAggregation');
  const lambda = named('Lambda');
  const query = named('MetadataExtraction');
  const delimiter = named('AppendDelimiterToRecord');
  return {
    decompresses: named('Decompression') !== undefined,
    cloudWatchLogs: logs && {
      extractsMessages: parameterOf(logs, 'DataMessageExtraction')?.toLowerCase() === 'true',
    },
    deaggregation: deaggregation && { delimiter: splitsAt(deaggregation) },
    lambda: lambda && lambdaStep(lambda),
    query: query && parameterOf(query, 'MetadataExtractionQuery'),
    delimiter: delimiter && Buffer.from(unescaped(parameterOf(delimiter, 'Delimiter') ?? '\n')),
  };
}

type Processor = ProcessingSettings['Processors'][number];

function splitsAt(processor: Processor): Uint8Array | undefined {
  if (parameterOf(processor, 'SubRecordType') !== 'DELIMITED') return undefined;
  return Buffer.from(parameterOf(processor, 'Delimiter') ?? '', 'base64');
}

function lambdaStep(processor: Processor): LambdaStep {
  return {
    arn: parameterOf(processor, 'LambdaArn')!,
    roleArn: parameterOf(processor, 'RoleArn'),
    retries: Number(parameterOf(processor, 'NumberOfRetries')),
    buffering: {
      bytes: Math.floor(Number(parameterOf(processor, 'BufferSizeInMBs')) * MIB),
      intervalMs: Number(parameterOf(processor, 'BufferIntervalInSeconds')) * 1000,
    },
  };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };

/** The parameter cannot be white space, so a newline is given as `\n`, two characters. */
function unescaped(text: string): string {
  return text.replace(/\\([nrt\\])/g, (_, letter: string) => ESCAPES[letter]!);
}
