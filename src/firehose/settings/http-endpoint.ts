/** HTTP endpoints: defaults and checks. Texts: decision 0430. */
import type { TypeOf } from '../../wire/shape/shape.ts';
import type {
  HttpEndpointDestinationConfiguration,
  HttpEndpointRequestConfiguration,
} from '../shapes/http-endpoint.ts';
import type { BufferingSettings, HttpEndpointSettings } from './destination-settings.ts';
import { lambdaRoles } from './extended-s3.ts';
import { checkRoles, type Place } from './place.ts';
import { LAMBDA_BUFFER_MB_DEFAULT, settleProcessing } from './processors.ts';
import { invalidArgument } from './refusals.ts';
import { settleHints, settleLogging, settleS3 } from './s3.ts';
import { checkSecrets } from './secrets.ts';

const HINTS: BufferingSettings = { SizeInMBs: 5, IntervalInSeconds: 300 };
const RETRY_S = 300;

export function settleHttpEndpoint(
  given: TypeOf<typeof HttpEndpointDestinationConfiguration>,
  place: Place,
): HttpEndpointSettings {
  const { EndpointConfiguration } = given;
  if (!URL.canParse(EndpointConfiguration.Url)) {
    throw invalidArgument('Invalid Url in EndpointConfiguration. It has to be an HTTPS URL.');
  }
  checkSecrets(given.SecretsManagerConfiguration, 'HttpEndpointDestinationConfiguration', place);
  const processing = settleProcessing(given.ProcessingConfiguration, {
    roleArn: given.RoleARN ?? given.S3Configuration.RoleARN,
    lambdaBufferMB: LAMBDA_BUFFER_MB_DEFAULT,
    partitioned: false,
  });
  const settings: HttpEndpointSettings = {
    EndpointConfiguration,
    BufferingHints: settleHints(given.BufferingHints, HINTS),
    CloudWatchLoggingOptions: settleLogging(given.CloudWatchLoggingOptions),
    RequestConfiguration: settleRequest(given.RequestConfiguration),
    ProcessingConfiguration: processing,
    RoleARN: given.RoleARN,
    RetryOptions: { DurationInSeconds: given.RetryOptions?.DurationInSeconds ?? RETRY_S },
    S3BackupMode: given.S3BackupMode ?? 'FailedDataOnly',
    S3Configuration: settleS3(given.S3Configuration, true),
    SecretsManagerConfiguration: given.SecretsManagerConfiguration,
  };
  checkRoles([given.RoleARN, given.S3Configuration.RoleARN, ...lambdaRoles(processing)], place);
  return settings;
}

function settleRequest(
  given: TypeOf<typeof HttpEndpointRequestConfiguration> | undefined,
): HttpEndpointSettings['RequestConfiguration'] {
  const attributes = given?.CommonAttributes;
  const names = (attributes ?? []).map(({ AttributeName }) => AttributeName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw invalidArgument(`Http Endpoint Common Attributes have duplicate name ${twice}`);
  }
  return {
    ContentEncoding: given?.ContentEncoding ?? 'NONE',
    ...(attributes === undefined ? {} : { CommonAttributes: attributes }),
  };
}
