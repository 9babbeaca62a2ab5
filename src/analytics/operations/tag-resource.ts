import { operation, type Call, type Handler } from '../../wire/shape/operation.ts';
import { arnResource, resolveResource } from '../directory/resolve-application.ts';
import { required, structure, type TypeOf } from '../../wire/shape/shape.ts';
import { Tags } from '../shapes/both.ts';
import { KinesisAnalyticsARN as KinesisAnalyticsARNV1 } from '../shapes/v1/names.ts';
import { KinesisAnalyticsARN as KinesisAnalyticsARNV2 } from '../shapes/v2/names.ts';
import { changeApplication } from '../directory/change-application.ts';
import type { OperationParts } from './parts.ts';
import { putTags } from '../directory/tags.ts';

export const TagResourceV1 = operation({
  name: 'TagResource',
  action: 'kinesisanalytics:TagResource',
  resources: arnResource,
  input: structure('TagResourceRequest', {
    ResourceARN: required(KinesisAnalyticsARNV1),
    Tags: required(Tags),
  }),
  output: structure('TagResourceResponse', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'TooManyTagsException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
  ],
});

export const TagResourceV2 = operation({
  name: 'TagResource',
  action: 'kinesisanalytics:TagResource',
  resources: arnResource,
  input: structure('TagResourceRequest', {
    ResourceARN: required(KinesisAnalyticsARNV2),
    Tags: required(Tags),
  }),
  output: structure('TagResourceResponse', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'TooManyTagsException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
  ],
});

export function tagResourceV1(parts: OperationParts): Handler<typeof TagResourceV1> {
  return (input, call) => tagResource(parts, input, call);
}

export function tagResourceV2(parts: OperationParts): Handler<typeof TagResourceV2> {
  return (input, call) => tagResource(parts, input, call);
}

async function tagResource(
  parts: OperationParts,
  input: TypeOf<typeof TagResourceV1.input>,
  call: Call,
): Promise<object> {
  const application = resolveResource(parts.directory, input, call);
  await changeApplication(parts, application, async (_row, transaction) => {
    await putTags(transaction, application.arn, input.Tags, parts.limits.tagsPerApplication);
    return {};
  });
  return {};
}
