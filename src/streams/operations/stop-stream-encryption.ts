import { changeEncryption, type EncryptionParts } from '../settings/encryption.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
import { EncryptionType, KeyId, StreamARN, StreamId, StreamName } from '../shapes.ts';

export const StopStreamEncryption = operation({
  name: 'StopStreamEncryption',
  action: 'kinesis:StopStreamEncryption',
  resources: streamResource,
  input: structure('StopStreamEncryptionInput', {
    StreamName: optional(StreamName),
    EncryptionType: required(EncryptionType),
    KeyId: required(KeyId),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
  }),
  output: structure('StopStreamEncryptionOutput', {}),
  errors: [
    'InvalidArgumentException',
    'LimitExceededException',
    'ResourceInUseException',
    'ResourceNotFoundException',
    'AccessDeniedException',
  ],
});

export function stopStreamEncryption(parts: EncryptionParts): Handler<typeof StopStreamEncryption> {
  return (input, call) => changeEncryption(parts, input, call, 'stop-encryption');
}
