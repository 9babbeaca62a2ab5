import { changeEncryption, type EncryptionParts } from '../settings/encryption.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
import { EncryptionType, KeyId, StreamARN, StreamId, StreamName } from '../shapes.ts';

export const StartStreamEncryption = operation({
  name: 'StartStreamEncryption',
  action: 'kinesis:StartStreamEncryption',
  resources: streamResource,
  input: structure('StartStreamEncryptionInput', {
    StreamName: optional(StreamName),
    EncryptionType: required(EncryptionType),
    KeyId: required(KeyId),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
  }),
  output: structure('StartStreamEncryptionOutput', {}),
  errors: [
    'InvalidArgumentException',
    'LimitExceededException',
    'ResourceInUseException',
    'ResourceNotFoundException',
    'KMSDisabledException',
    'KMSInvalidStateException',
    'KMSAccessDeniedException',
    'KMSNotFoundException',
    'KMSOptInRequired',
    'KMSThrottlingException',
    'AccessDeniedException',
  ],
});

export function startStreamEncryption(parts: EncryptionParts): Handler<typeof StartStreamEncryption> {
  return (input, call) => changeEncryption(parts, input, call, 'start-encryption');
}
