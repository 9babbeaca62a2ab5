import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { deliveryStreamResource } from '../directory/resolve-delivery-stream.ts';
import { changeEncryption, type EncryptionParts } from '../encryption/change-encryption.ts';
import { DeliveryStreamEncryptionConfigurationInput } from '../shapes/encryption.ts';
import { DeliveryStreamName } from '../shapes/names.ts';

export const StartDeliveryStreamEncryption = operation({
  name: 'StartDeliveryStreamEncryption',
  action: 'firehose:StartDeliveryStreamEncryption',
  resources: deliveryStreamResource,
  input: structure('StartDeliveryStreamEncryptionInput', {
    DeliveryStreamName: required(DeliveryStreamName),
    DeliveryStreamEncryptionConfigurationInput: optional(DeliveryStreamEncryptionConfigurationInput),
  }),
  output: structure('StartDeliveryStreamEncryptionOutput', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'LimitExceededException',
    'InvalidKMSResourceException',
  ],
});

export function startDeliveryStreamEncryption(
  parts: EncryptionParts,
): Handler<typeof StartDeliveryStreamEncryption> {
  return (input, call) =>
    changeEncryption(
      parts,
      input,
      call,
      input.DeliveryStreamEncryptionConfigurationInput ?? { KeyType: 'AWS_OWNED_CMK' },
    );
}
