import { required, structure } from '../../../wire/shape/shape.ts';
import { BucketARN, FileKey } from '../both.ts';
import { RoleARN } from './names.ts';

export const S3Configuration = structure('S3Configuration', {
  RoleARN: required(RoleARN),
  BucketARN: required(BucketARN),
  FileKey: required(FileKey),
});
