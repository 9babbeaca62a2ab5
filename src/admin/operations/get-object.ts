import { operation, type Handler } from '../../wire/shape/operation.ts';
import { blob, integer, long, optional, required, string, structure } from '../../wire/shape/shape.ts';
import { requireKeeper } from '../keeper.ts';
import {
  BucketName,
  bucketResource,
  fromObjects,
  OBJECT_ERRORS,
  ObjectKey,
  type BucketParts,
} from './buckets.ts';

/** In base64 it must fit into an answer. */
const PIECE_BYTES_MAX = 8 * 1024 * 1024;

/** A piece of an object. Whoever asks for one piece after another compares the ETags: the object may be replaced meanwhile. */
export const GetObject = operation({
  name: 'GetObject',
  action: 'millrace:GetObject',
  resources: bucketResource,
  input: structure('GetObjectInput', {
    Bucket: required(BucketName),
    Key: required(ObjectKey),
    Offset: optional(long({ min: 0 })),
    Length: optional(integer({ min: 1, max: PIECE_BYTES_MAX })),
  }),
  output: structure('GetObjectOutput', {
    Body: required(blob()),
    /** Of the whole object. */
    Size: required(long()),
    ETag: required(string()),
    ContentType: required(string()),
    ContentEncoding: optional(string()),
  }),
  errors: OBJECT_ERRORS,
});

export function getObject({ objects, config }: BucketParts): Handler<typeof GetObject> {
  return async (input, call) => {
    requireKeeper(config, call, GetObject);
    const { Bucket, Key, Offset = 0, Length = PIECE_BYTES_MAX } = input;
    const { head, body } = await fromObjects(() => objects.get(Bucket, Key, call.signal));
    return {
      Body: body.subarray(Offset, Offset + Length),
      Size: head.bytes,
      ETag: head.etag,
      ContentType: head.contentType,
      ContentEncoding: head.contentEncoding,
    };
  };
}
