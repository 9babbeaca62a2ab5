import { operation, type Handler } from '../../wire/shape/operation.ts';
import { required, structure } from '../../wire/shape/shape.ts';
import { changeDeliveryStream, type ChangeParts } from '../directory/change-delivery-stream.ts';
import { requireActive } from '../directory/delivery-stream-errors.ts';
import { deliveryStreamResource, resolveDeliveryStream } from '../directory/resolve-delivery-stream.ts';
import { removeTags } from '../../catalog/tag-rows.ts';
import { DeliveryStreamName } from '../shapes/names.ts';
import { TagKeyList } from '../shapes/tags.ts';

export const UntagDeliveryStream = operation({
  name: 'UntagDeliveryStream',
  action: 'firehose:UntagDeliveryStream',
  resources: deliveryStreamResource,
  input: structure('UntagDeliveryStreamInput', {
    DeliveryStreamName: required(DeliveryStreamName),
    TagKeys: required(TagKeyList),
  }),
  output: structure('UntagDeliveryStreamOutput', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'LimitExceededException',
  ],
});

export function untagDeliveryStream(parts: ChangeParts): Handler<typeof UntagDeliveryStream> {
  return async (input, call) => {
    const stream = resolveDeliveryStream(parts.directory, input, call);
    await changeDeliveryStream(parts, stream, async (row, transaction) => {
      requireActive(row);
      await removeTags(transaction, stream.arn, input.TagKeys);
      return {};
    });
    return {};
  };
}
