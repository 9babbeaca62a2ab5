/** Server-side encryption of what a delivery stream keeps. */
import { enumeration, optional, required, string, structure } from '../../wire/shape/shape.ts';
import { FailureDescription } from './names.ts';

export const AWSKMSKeyARNForSSE = string({
  min: 1,
  max: 512,
  pattern: 'arn:.*:kms:[a-zA-Z0-9\\-]+:\\d{12}:key/[a-zA-Z_0-9+=,.@\\-_/]+',
});

export const KeyType = enumeration('AWS_OWNED_CMK', 'CUSTOMER_MANAGED_CMK');

export const DeliveryStreamEncryptionStatus = enumeration(
  'ENABLED',
  'ENABLING',
  'ENABLING_FAILED',
  'DISABLED',
  'DISABLING',
  'DISABLING_FAILED',
);

export const DeliveryStreamEncryptionConfiguration = structure('DeliveryStreamEncryptionConfiguration', {
  KeyARN: optional(AWSKMSKeyARNForSSE),
  KeyType: optional(KeyType),
  Status: optional(DeliveryStreamEncryptionStatus),
  FailureDescription: optional(FailureDescription),
});

export const DeliveryStreamEncryptionConfigurationInput = structure(
  'DeliveryStreamEncryptionConfigurationInput',
  {
    KeyARN: optional(AWSKMSKeyARNForSSE),
    KeyType: required(KeyType),
  },
);
