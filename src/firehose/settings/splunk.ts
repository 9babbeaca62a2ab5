/** Splunk: defaults and checks. Texts: decision 0430. */
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { SplunkDestinationConfiguration } from '../shapes/splunk.ts';
import type { BufferingSettings, SplunkSettings } from './destination-settings.ts';
import { lambdaRoles } from './extended-s3.ts';
import { checkRoles, type Place } from './place.ts';
import { settleProcessing } from './processors.ts';
import { invalidArgument } from './refusals.ts';
import { settleHints, settleLogging, settleS3 } from './s3.ts';
import { checkSecrets } from './secrets.ts';

const HINTS: BufferingSettings = { SizeInMBs: 5, IntervalInSeconds: 60 };
const RETRY_S = 300;
const ACKNOWLEDGMENT_S = 180;
/** "For Splunk, the default buffering hint is 256 KB" (model, ProcessorParameter). */
const LAMBDA_BUFFER_MB = '0.25';

export function settleSplunk(
  given: TypeOf<typeof SplunkDestinationConfiguration>,
  place: Place,
): SplunkSettings {
  if (!isHttpsUrl(given.HECEndpoint)) {
    throw invalidArgument('Invalid HECEndpoint. Supported endpoint format is https://<domain>:<port>.');
  }
  checkSecrets(given.SecretsManagerConfiguration, 'SplunkDestinationConfiguration', place);
  const { HECToken } = given;
  if (!HECToken) throw invalidArgument('HECToken is required for Splunk Destination');
  const processing = settleProcessing(given.ProcessingConfiguration, {
    // The destination itself has no role.
    roleArn: given.S3Configuration.RoleARN,
    lambdaBufferMB: LAMBDA_BUFFER_MB,
    partitioned: false,
  });
  const settings: SplunkSettings = {
    HECEndpoint: given.HECEndpoint,
    HECEndpointType: given.HECEndpointType,
    HECToken,
    HECAcknowledgmentTimeoutInSeconds: given.HECAcknowledgmentTimeoutInSeconds ?? ACKNOWLEDGMENT_S,
    RetryOptions: { DurationInSeconds: given.RetryOptions?.DurationInSeconds ?? RETRY_S },
    S3BackupMode: given.S3BackupMode ?? 'FailedEventsOnly',
    S3Configuration: settleS3(given.S3Configuration, true),
    ProcessingConfiguration: processing,
    CloudWatchLoggingOptions: settleLogging(given.CloudWatchLoggingOptions),
    BufferingHints: settleHints(given.BufferingHints, HINTS),
    SecretsManagerConfiguration: given.SecretsManagerConfiguration,
  };
  checkRoles([given.S3Configuration.RoleARN, ...lambdaRoles(processing)], place);
  return settings;
}

function isHttpsUrl(text: string): boolean {
  return text.startsWith('https://') && URL.canParse(text);
}
