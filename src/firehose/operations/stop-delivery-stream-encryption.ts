import { operation, type Handler } from '../../wire/shape/operation.ts';
import { required, structure } from '../../wire/shape/shape.ts';
import { deliveryStreamResource } from '../directory/resolve-delivery-stream.ts';
import { changeEncryption, type EncryptionParts } from '../encryption/change-encryption.ts';
import { DeliveryStreamName } from '../shapes/names.ts';

export const StopDeliveryStreamEncryption = operation({
  name: 'StopDeliveryStreamEncryption',
  action: 'firehose:StopDeliveryStreamEncryption',
  resources: deliveryStreamResource,
  input: structure('StopDeliveryStreamEncryptionInput', {
    DeliveryStreamName: required(DeliveryStreamName),
  }),
  output: structure('StopDeliveryStreamEncryptionOutput', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'LimitExceededException',
  ],
});

export function stopDeliveryStreamEncryption(
  parts: EncryptionParts,
): Handler<typeof StopDeliveryStreamEncryption> {
  return (input, call) => changeEncryption(parts, input, call, undefined);
}
