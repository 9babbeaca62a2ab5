/** Names, ARNs and the small shapes that all destinations share, as the model of `Firehose_20150804` declares them. */
import {
  boolean,
  enumeration,
  integer,
  list,
  optional,
  required,
  string,
  structure,
  timestamp,
} from '../../wire/shape/shape.ts';

export const BooleanObject = boolean();

export const LogGroupName = string({ min: 0, max: 512, pattern: '[\\.\\-_/#A-Za-z0-9]*' });

export const LogStreamName = string({ min: 0, max: 512, pattern: '[^:*]*' });

export const CloudWatchLoggingOptions = structure('CloudWatchLoggingOptions', {
  Enabled: optional(BooleanObject),
  LogGroupName: optional(LogGroupName),
  LogStreamName: optional(LogStreamName),
});

export const DeliveryStreamARN = string({
  min: 1,
  max: 512,
  pattern: 'arn:.*:firehose:[a-zA-Z0-9\\-]+:\\d{12}:deliverystream/[a-zA-Z0-9._-]+',
});

export const DeliveryStreamFailureType = enumeration(
  'VPC_ENDPOINT_SERVICE_NAME_NOT_FOUND',
  'VPC_INTERFACE_ENDPOINT_SERVICE_ACCESS_DENIED',
  'RETIRE_KMS_GRANT_FAILED',
  'CREATE_KMS_GRANT_FAILED',
  'KMS_ACCESS_DENIED',
  'DISABLED_KMS_KEY',
  'INVALID_KMS_KEY',
  'KMS_KEY_NOT_FOUND',
  'KMS_OPT_IN_REQUIRED',
  'CREATE_ENI_FAILED',
  'DELETE_ENI_FAILED',
  'SUBNET_NOT_FOUND',
  'SECURITY_GROUP_NOT_FOUND',
  'ENI_ACCESS_DENIED',
  'SUBNET_ACCESS_DENIED',
  'SECURITY_GROUP_ACCESS_DENIED',
  'UNKNOWN_ERROR',
);

export const DeliveryStreamName = string({ min: 1, max: 64, pattern: '[a-zA-Z0-9_.-]+' });

export const NonEmptyString = string({ min: 1, max: 1024, pattern: '^(?!\\s*$).+' });

export const FailureDescription = structure('FailureDescription', {
  Type: required(DeliveryStreamFailureType),
  Details: required(NonEmptyString),
});

export const NonEmptyStringWithoutWhitespace = string({ min: 1, max: 1024, pattern: '^\\S+$' });

export const NonNegativeIntegerObject = integer({ min: 0 });

export const RoleARN = string({
  min: 1,
  max: 512,
  pattern: 'arn:.*:iam::\\d{12}:role/[a-zA-Z_0-9+=,.@\\-_/]+',
});

export const SecretARN = string({
  min: 1,
  max: 2048,
  pattern: 'arn:.*:secretsmanager:[a-zA-Z0-9\\-]+:\\d{12}:secret:[a-zA-Z0-9\\-/_+=.@!]+',
});

export const SecretsManagerConfiguration = structure('SecretsManagerConfiguration', {
  SecretARN: optional(SecretARN),
  RoleARN: optional(RoleARN),
  Enabled: required(BooleanObject),
});

export const SecurityGroupIdList = list(NonEmptyStringWithoutWhitespace, { min: 1, max: 5 });

export const SubnetIdList = list(NonEmptyStringWithoutWhitespace, { min: 1, max: 16 });

export const Timestamp = timestamp();

export const VpcConfiguration = structure('VpcConfiguration', {
  SubnetIds: required(SubnetIdList),
  RoleARN: required(RoleARN),
  SecurityGroupIds: required(SecurityGroupIdList),
});

export const VpcConfigurationDescription = structure('VpcConfigurationDescription', {
  SubnetIds: required(SubnetIdList),
  RoleARN: required(RoleARN),
  SecurityGroupIds: required(SecurityGroupIdList),
  VpcId: required(NonEmptyStringWithoutWhitespace),
});
