/**
 * A bucket that a delivery stream delivers to, be it the destination itself, the backup or what COPY reads: defaults and checks of the
 * members that they have in common. Texts: decision 0430.
 */
import type { TypeOf } from '../../wire/shape/shape.ts';
import { PrefixError } from '../object-keys/prefix-expression.ts';
import { checkPrefixes, type Prefixes, type PrefixSettings } from '../object-keys/check-prefixes.ts';
import type { CloudWatchLoggingOptions } from '../shapes/names.ts';
import type { EncryptionConfiguration, S3DestinationConfiguration } from '../shapes/s3.ts';
import type { BufferingSettings, LoggingSettings, S3Settings } from './destination-settings.ts';
import { invalidArgument } from './refusals.ts';

export const S3_HINTS: BufferingSettings = { SizeInMBs: 5, IntervalInSeconds: 300 };

/** What a caller may give where a destination has hints. */
export type GivenHints =
  | { readonly SizeInMBs?: number | undefined; readonly IntervalInSeconds?: number | undefined }
  | undefined;

/** Of a backup or of what COPY reads. Its prefix may have expressions, but no partition keys. */
export function settleS3(
  given: TypeOf<typeof S3DestinationConfiguration>,
  expressionsAllowed: boolean,
): S3Settings {
  const settings = settleS3Members(given, S3_HINTS);
  checkedPrefixes({
    prefix: given.Prefix,
    errorOutputPrefix: given.ErrorOutputPrefix,
    expressionsAllowed,
  });
  return settings;
}

/** Everything but the prefixes. */
export function settleS3Members(
  given: TypeOf<typeof S3DestinationConfiguration>,
  defaultHints: BufferingSettings,
): S3Settings {
  return {
    RoleARN: given.RoleARN,
    BucketARN: given.BucketARN,
    Prefix: given.Prefix,
    ErrorOutputPrefix: given.ErrorOutputPrefix,
    BufferingHints: settleHints(given.BufferingHints, defaultHints),
    CompressionFormat: given.CompressionFormat ?? 'UNCOMPRESSED',
    EncryptionConfiguration: settleEncryption(given.EncryptionConfiguration),
    CloudWatchLoggingOptions: settleLogging(given.CloudWatchLoggingOptions),
  };
}

/** "If you specify a value for one of them, you must also specify a value for the other" (model). */
export function settleHints(given: GivenHints, defaults: BufferingSettings): BufferingSettings {
  const size = given?.SizeInMBs;
  const interval = given?.IntervalInSeconds;
  if ((size === undefined) !== (interval === undefined)) {
    throw invalidArgument('Both SizeInMBs and IntervalInSeconds are required to configure buffering hints.');
  }
  if (size === undefined || interval === undefined) return defaults;
  return { SizeInMBs: size, IntervalInSeconds: interval };
}

export function settleLogging(given: TypeOf<typeof CloudWatchLoggingOptions> | undefined): LoggingSettings {
  const Enabled = given?.Enabled ?? false;
  if (Enabled && !given?.LogGroupName) {
    throw invalidArgument('CloudWatch Log Group Name is required if CloudWatch Logging is enabled');
  }
  if (Enabled && !given?.LogStreamName) {
    throw invalidArgument('CloudWatch Log Stream Name is required if CloudWatch Logging is enabled');
  }
  return { ...given, Enabled };
}

function settleEncryption(
  given: TypeOf<typeof EncryptionConfiguration> | undefined,
): TypeOf<typeof EncryptionConfiguration> {
  const { KMSEncryptionConfig: key, NoEncryptionConfig: none } = given ?? {};
  if (key !== undefined && none !== undefined) {
    throw invalidArgument(
      'Exactly one of NoEncryptionConfig and KMSEncryptionConfig is allowed in EncryptionConfiguration.',
    );
  }
  return key === undefined ? { NoEncryptionConfig: 'NoEncryption' } : { KMSEncryptionConfig: key };
}

export function checkedPrefixes(settings: PrefixSettings): Prefixes {
  try {
    return checkPrefixes(settings);
  } catch (error) {
    if (error instanceof PrefixError) throw invalidArgument(error.message);
    throw error;
  }
}
