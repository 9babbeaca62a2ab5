import { required, structure } from '../../../wire/shape/shape.ts';
import { BucketARN, FileKey } from '../both.ts';

export const S3Configuration = structure('S3Configuration', {
  BucketARN: required(BucketARN),
  FileKey: required(FileKey),
});
