import type { Limits } from '../../config/limits.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { required, structure } from '../../wire/shape/shape.ts';
import { changeDeliveryStream, type ChangeParts } from '../directory/change-delivery-stream.ts';
import { requireActive } from '../directory/delivery-stream-errors.ts';
import { deliveryStreamResource, resolveDeliveryStream } from '../directory/resolve-delivery-stream.ts';
import { putTags } from '../directory/tags.ts';
import { DeliveryStreamName } from '../shapes/names.ts';
import { TagDeliveryStreamInputTagList } from '../shapes/tags.ts';

export const TagDeliveryStream = operation({
  name: 'TagDeliveryStream',
  action: 'firehose:TagDeliveryStream',
  resources: deliveryStreamResource,
  input: structure('TagDeliveryStreamInput', {
    DeliveryStreamName: required(DeliveryStreamName),
    Tags: required(TagDeliveryStreamInputTagList),
  }),
  output: structure('TagDeliveryStreamOutput', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'LimitExceededException',
  ],
});

export function tagDeliveryStream(
  parts: ChangeParts & { readonly limits: Pick<Limits, 'tagsPerStream'> },
): Handler<typeof TagDeliveryStream> {
  return async (input, call) => {
    const stream = resolveDeliveryStream(parts.directory, input, call);
    await changeDeliveryStream(parts, stream, async (row, transaction) => {
      requireActive(row);
      await putTags(transaction, stream, input.Tags, parts.limits.tagsPerStream);
      return {};
    });
    return {};
  };
}
