/** Every operation of the service `Firehose_20150804`. */
import { CreateDeliveryStream } from './operations/create-delivery-stream.ts';
import { DeleteDeliveryStream } from './operations/delete-delivery-stream.ts';
import { DescribeDeliveryStream } from './operations/describe-delivery-stream.ts';
import { ListDeliveryStreams } from './operations/list-delivery-streams.ts';
import { ListTagsForDeliveryStream } from './operations/list-tags-for-delivery-stream.ts';
import { PutRecordBatch } from './operations/put-record-batch.ts';
import { PutRecord } from './operations/put-record.ts';
import { StartDeliveryStreamEncryption } from './operations/start-delivery-stream-encryption.ts';
import { StopDeliveryStreamEncryption } from './operations/stop-delivery-stream-encryption.ts';
import { TagDeliveryStream } from './operations/tag-delivery-stream.ts';
import { UntagDeliveryStream } from './operations/untag-delivery-stream.ts';
import { UpdateDestination } from './operations/update-destination.ts';

export const operations = {
  CreateDeliveryStream,
  DeleteDeliveryStream,
  DescribeDeliveryStream,
  ListDeliveryStreams,
  ListTagsForDeliveryStream,
  PutRecord,
  PutRecordBatch,
  StartDeliveryStreamEncryption,
  StopDeliveryStreamEncryption,
  TagDeliveryStream,
  UntagDeliveryStream,
  UpdateDestination,
} as const;
