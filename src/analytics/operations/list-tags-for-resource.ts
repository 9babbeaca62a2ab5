import { operation, type Handler } from '../../wire/shape/operation.ts';
import { arnResource, resolveResource } from '../directory/resolve-application.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { Tags } from '../shapes/both.ts';
import { KinesisAnalyticsARN as KinesisAnalyticsARNV1 } from '../shapes/v1/names.ts';
import { KinesisAnalyticsARN as KinesisAnalyticsARNV2 } from '../shapes/v2/names.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { tagsOf } from '../../catalog/tag-rows.ts';
import type { OperationParts } from './parts.ts';

export const ListTagsForResourceV1 = operation({
  name: 'ListTagsForResource',
  action: 'kinesisanalytics:ListTagsForResource',
  resources: arnResource,
  input: structure('ListTagsForResourceRequest', { ResourceARN: required(KinesisAnalyticsARNV1) }),
  output: structure('ListTagsForResourceResponse', { Tags: optional(Tags) }),
  errors: ['ResourceNotFoundException', 'InvalidArgumentException', 'ConcurrentModificationException'],
});

export const ListTagsForResourceV2 = operation({
  name: 'ListTagsForResource',
  action: 'kinesisanalytics:ListTagsForResource',
  resources: arnResource,
  input: structure('ListTagsForResourceRequest', { ResourceARN: required(KinesisAnalyticsARNV2) }),
  output: structure('ListTagsForResourceResponse', { Tags: optional(Tags) }),
  errors: ['ResourceNotFoundException', 'InvalidArgumentException', 'ConcurrentModificationException'],
});

export function listTagsForResourceV1(parts: OperationParts): Handler<typeof ListTagsForResourceV1> {
  return (input, call) => listTags(parts.catalog, resolveResource(parts.directory, input, call).arn);
}

export function listTagsForResourceV2(parts: OperationParts): Handler<typeof ListTagsForResourceV2> {
  return (input, call) => listTags(parts.catalog, resolveResource(parts.directory, input, call).arn);
}

async function listTags(catalog: Catalog, arn: string) {
  return { Tags: await catalog.read((transaction) => tagsOf(transaction, arn)) };
}
