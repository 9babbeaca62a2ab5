import { operation, type Call, type Handler } from '../../wire/shape/operation.ts';
import { arnResource, resolveResource } from '../directory/resolve-application.ts';
import { required, structure, type TypeOf } from '../../wire/shape/shape.ts';
import { TagKeys } from '../shapes/both.ts';
import { KinesisAnalyticsARN as KinesisAnalyticsARNV1 } from '../shapes/v1/names.ts';
import { KinesisAnalyticsARN as KinesisAnalyticsARNV2 } from '../shapes/v2/names.ts';
import { changeApplication } from '../directory/change-application.ts';
import type { OperationParts } from './parts.ts';
import { removeTags } from '../../catalog/tag-rows.ts';

export const UntagResourceV1 = operation({
  name: 'UntagResource',
  action: 'kinesisanalytics:UntagResource',
  resources: arnResource,
  input: structure('UntagResourceRequest', {
    ResourceARN: required(KinesisAnalyticsARNV1),
    TagKeys: required(TagKeys),
  }),
  output: structure('UntagResourceResponse', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'TooManyTagsException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
  ],
});

export const UntagResourceV2 = operation({
  name: 'UntagResource',
  action: 'kinesisanalytics:UntagResource',
  resources: arnResource,
  input: structure('UntagResourceRequest', {
    ResourceARN: required(KinesisAnalyticsARNV2),
    TagKeys: required(TagKeys),
  }),
  output: structure('UntagResourceResponse', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'TooManyTagsException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
  ],
});

export function untagResourceV1(parts: OperationParts): Handler<typeof UntagResourceV1> {
  return (input, call) => untagResource(parts, input, call);
}

export function untagResourceV2(parts: OperationParts): Handler<typeof UntagResourceV2> {
  return (input, call) => untagResource(parts, input, call);
}

async function untagResource(
  parts: OperationParts,
  input: TypeOf<typeof UntagResourceV1.input>,
  call: Call,
): Promise<object> {
  const application = resolveResource(parts.directory, input, call);
  await changeApplication(parts, application, async (_row, transaction) => {
    await removeTags(transaction, application.arn, input.TagKeys);
    return {};
  });
  return {};
}
