import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import type { ChangeParts } from '../directory/change-delivery-stream.ts';
import { deliveryStreamResource, resolveDeliveryStream } from '../directory/resolve-delivery-stream.ts';
import { tagsOf } from '../../catalog/tag-rows.ts';
import { BooleanObject, DeliveryStreamName } from '../shapes/names.ts';
import {
  ListTagsForDeliveryStreamInputLimit,
  ListTagsForDeliveryStreamOutputTagList,
  TagKey,
} from '../shapes/tags.ts';

export const ListTagsForDeliveryStream = operation({
  name: 'ListTagsForDeliveryStream',
  action: 'firehose:ListTagsForDeliveryStream',
  resources: deliveryStreamResource,
  input: structure('ListTagsForDeliveryStreamInput', {
    DeliveryStreamName: required(DeliveryStreamName),
    ExclusiveStartTagKey: optional(TagKey),
    Limit: optional(ListTagsForDeliveryStreamInputLimit),
  }),
  output: structure('ListTagsForDeliveryStreamOutput', {
    Tags: required(ListTagsForDeliveryStreamOutputTagList),
    HasMoreTags: required(BooleanObject),
  }),
  errors: ['ResourceNotFoundException', 'InvalidArgumentException', 'LimitExceededException'],
});

const TAGS_MAX = 50;

export function listTagsForDeliveryStream(parts: ChangeParts): Handler<typeof ListTagsForDeliveryStream> {
  return async (input, call) => {
    const { arn } = resolveDeliveryStream(parts.directory, input, call);
    const after = input.ExclusiveStartTagKey;
    const all = await parts.catalog.read((transaction) => tagsOf(transaction, arn));
    const tags = after === undefined ? all : all.filter(({ Key }) => Key > after);
    const page = tags.slice(0, input.Limit ?? TAGS_MAX);
    return { Tags: page, HasMoreTags: page.length < tags.length };
  };
}
