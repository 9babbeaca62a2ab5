import { operation, type Handler } from '../../wire/shape/operation.ts';
import { required, structure } from '../../wire/shape/shape.ts';
import { requireKeeper } from '../keeper.ts';
import { BucketName, bucketResource, fromObjects, OBJECT_ERRORS, type BucketParts } from './buckets.ts';

export const CreateBucket = operation({
  name: 'CreateBucket',
  action: 'millrace:CreateBucket',
  resources: bucketResource,
  input: structure('CreateBucketInput', { Bucket: required(BucketName) }),
  output: structure('CreateBucketOutput', {}),
  errors: OBJECT_ERRORS,
});

export function createBucket({ objects, config }: BucketParts): Handler<typeof CreateBucket> {
  return async (input, call) => {
    requireKeeper(config, call, CreateBucket);
    await fromObjects(() => objects.createBucket(input.Bucket, call.signal));
    return {};
  };
}
