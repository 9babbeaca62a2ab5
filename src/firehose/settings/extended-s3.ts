/** The S3 destination: defaults and checks. The older S3DestinationConfiguration is one with fewer members. */
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { ExtendedS3DestinationConfiguration } from '../shapes/s3.ts';
import { checkConversion, LARGE_HINTS, settleConversion, type GivenConversion } from './conversion.ts';
import type { ExtendedS3Settings, PartitioningSettings, ProcessingSettings } from './destination-settings.ts';
import { checkRoles, type Place } from './place.ts';
import { LAMBDA_BUFFER_MB_DEFAULT, parameterOf, settleProcessing } from './processors.ts';
import { queryKeysOf } from './query-keys.ts';
import { invalidArgument } from './refusals.ts';
import { checkedPrefixes, S3_HINTS, settleS3, settleS3Members } from './s3.ts';

const PARTITIONING_SIZE_MB_MIN = 64;
export const PARTITIONING_RETRY_S = 300;

/** What was given, or settled before and merged with an update. */
export type GivenExtendedS3 = Omit<
  TypeOf<typeof ExtendedS3DestinationConfiguration>,
  'DataFormatConversionConfiguration'
> & { readonly DataFormatConversionConfiguration?: GivenConversion | undefined };

export function settleExtendedS3(given: GivenExtendedS3, place: Place): ExtendedS3Settings {
  const conversion = settleConversion(given.DataFormatConversionConfiguration);
  const partitioning = settlePartitioning(given.DynamicPartitioningConfiguration);
  const isLarge = conversion?.Enabled === true || partitioning?.Enabled === true;
  const members = settleS3Members(given, isLarge ? LARGE_HINTS : S3_HINTS);
  const processing = settleProcessing(given.ProcessingConfiguration, {
    roleArn: given.RoleARN,
    lambdaBufferMB: LAMBDA_BUFFER_MB_DEFAULT,
    partitioned: partitioning?.Enabled === true,
  });
  const backup = given.S3BackupConfiguration;
  const settings: ExtendedS3Settings = {
    ...members,
    S3BackupMode: given.S3BackupMode ?? 'Disabled',
    ProcessingConfiguration: processing,
    S3BackupConfiguration: backup === undefined ? undefined : settleS3(backup, true),
    DataFormatConversionConfiguration: conversion,
    DynamicPartitioningConfiguration: partitioning,
    FileExtension: given.FileExtension,
    CustomTimeZone: given.CustomTimeZone,
  };
  if (settings.S3BackupMode === 'Enabled' && backup === undefined) {
    throw invalidArgument('S3 backup destination configuration is required when enabling S3 backup.');
  }
  checkPartitioning(settings);
  if (conversion?.Enabled === true) checkConversion(conversion, settings);
  checkRoles(
    [
      settings.RoleARN,
      backup?.RoleARN,
      ...lambdaRoles(processing),
      conversion?.Enabled === true ? conversion.SchemaConfiguration?.RoleARN : undefined,
    ],
    place,
  );
  return settings;
}

/** The roles that Lambda processors name. */
export function lambdaRoles(processing: ProcessingSettings | undefined): (string | undefined)[] {
  return (processing?.Processors ?? []).map((processor) => parameterOf(processor, 'RoleArn'));
}

function settlePartitioning(
  given: GivenExtendedS3['DynamicPartitioningConfiguration'],
): PartitioningSettings | undefined {
  if (given === undefined) return undefined;
  const Enabled = given.Enabled ?? false;
  const duration = given.RetryOptions?.DurationInSeconds ?? (Enabled ? PARTITIONING_RETRY_S : undefined);
  return {
    Enabled,
    ...(duration === undefined ? {} : { RetryOptions: { DurationInSeconds: duration } }),
  };
}

function checkPartitioning(settings: ExtendedS3Settings): void {
  const { ProcessingConfiguration: processing, BufferingHints: hints } = settings;
  const isOn = settings.DynamicPartitioningConfiguration?.Enabled === true;
  if (isOn) {
    if (processing?.Enabled !== true) {
      throw invalidArgument('Processing Configuration is not enabled when DataPartitioning is enabled');
    }
    if (hints.SizeInMBs < PARTITIONING_SIZE_MB_MIN) {
      throw invalidArgument(
        `BufferingHints.SizeInMBs must be at least ${PARTITIONING_SIZE_MB_MIN} when Dynamic Partitioning is enabled.`,
      );
    }
    if (hints.IntervalInSeconds === 0) {
      // "Zero buffering feature is not available for dynamic partitioning", says the guide; the text is ours.
      throw invalidArgument(
        'BufferingHints.IntervalInSeconds must be greater than 0 when Dynamic Partitioning is enabled.',
      );
    }
  }
  const query = processing?.Processors.find(({ Type }) => Type === 'MetadataExtraction');
  const text = query === undefined ? undefined : parameterOf(query, 'MetadataExtractionQuery');
  checkedPrefixes({
    prefix: settings.Prefix,
    errorOutputPrefix: settings.ErrorOutputPrefix,
    customTimeZone: settings.CustomTimeZone,
    expressionsAllowed: true,
    partitioning: isOn
      ? {
          queryKeys: text === undefined ? undefined : queryKeysOf(text),
          hasQuery: query !== undefined,
          hasLambda: processing?.Processors.some(({ Type }) => Type === 'Lambda') === true,
        }
      : undefined,
  });
}
