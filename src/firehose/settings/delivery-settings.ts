/**
 * What deliveries need to know of a destination's settings, alike for all kinds, in bytes and milliseconds: buffers, buckets and their prefixes,
 * backups and conversions.
 */
import { checkPrefixes, type Prefixes } from '../object-keys/check-prefixes.ts';
import type {
  BufferingSettings,
  ConversionSettings,
  DestinationSettings,
  S3Settings,
} from './destination-settings.ts';

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

/** Undefined unless records are converted. */
export function conversionOf(destination: DestinationSettings): ConversionSettings | undefined {
  if (destination.kind !== 'ExtendedS3') return undefined;
  const conversion = destination.settings.DataFormatConversionConfiguration;
  return conversion?.Enabled === true ? conversion : undefined;
}
