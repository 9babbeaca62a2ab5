import { operation, type Handler } from '../../wire/shape/operation.ts';
import { list, required, structure, timestamp } from '../../wire/shape/shape.ts';
import { requireKeeper } from '../keeper.ts';
import { BucketName, fromObjects, OBJECT_ERRORS, type BucketParts } from './buckets.ts';

export const ListBuckets = operation({
  name: 'ListBuckets',
  action: 'millrace:ListBuckets',
  resources: () => ['*'],
  input: structure('ListBucketsInput', {}),
  output: structure('ListBucketsOutput', {
    Buckets: required(
      list(structure('Bucket', { Name: required(BucketName), CreationDate: required(timestamp()) })),
    ),
  }),
  errors: OBJECT_ERRORS,
});

export function listBuckets({ objects, config }: BucketParts): Handler<typeof ListBuckets> {
  return async (_input, call) => {
    requireKeeper(config, call, ListBuckets);
    const buckets = await fromObjects(() => objects.listBuckets(call.signal));
    return { Buckets: buckets.map(({ name, createdMs }) => ({ Name: name, CreationDate: createdMs })) };
  };
}
