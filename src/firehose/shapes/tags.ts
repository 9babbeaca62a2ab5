/** Tags of a delivery stream. */
import { integer, list, optional, required, string, structure } from '../../wire/shape/shape.ts';

export const ListTagsForDeliveryStreamInputLimit = integer({ min: 1, max: 50 });

export const TagKey = string({ min: 1, max: 128, pattern: '^(?!aws:)[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@%]*$' });

export const TagValue = string({ min: 0, max: 256, pattern: '^[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@%]*$' });

export const Tag = structure('Tag', {
  Key: required(TagKey),
  Value: optional(TagValue),
});

export const ListTagsForDeliveryStreamOutputTagList = list(Tag, { min: 0, max: 50 });

export const TagDeliveryStreamInputTagList = list(Tag, { min: 1, max: 50 });

export const TagKeyList = list(TagKey, { min: 1, max: 50 });
