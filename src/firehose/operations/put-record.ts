import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import type { DeliveryStreamDirectory } from '../directory/delivery-stream-state.ts';
import { slowDown } from '../directory/delivery-stream-errors.ts';
import { deliveryStreamResource, resolveDeliveryStream } from '../directory/resolve-delivery-stream.ts';
import type { PutLog } from '../intake/put-log.ts';
import { packRecord, requirePutting } from '../intake/put-rules.ts';
import { BooleanObject, DeliveryStreamName } from '../shapes/names.ts';
import { PutResponseRecordId, Record } from '../shapes/put.ts';

export const PutRecord = operation({
  name: 'PutRecord',
  action: 'firehose:PutRecord',
  resources: deliveryStreamResource,
  input: structure('PutRecordInput', {
    DeliveryStreamName: required(DeliveryStreamName),
    Record: required(Record),
  }),
  output: structure('PutRecordOutput', {
    RecordId: required(PutResponseRecordId),
    Encrypted: optional(BooleanObject),
  }),
  errors: [
    'ResourceNotFoundException',
    'InvalidArgumentException',
    'InvalidKMSResourceException',
    'InvalidSourceException',
    'ServiceUnavailableException',
  ],
});

export function putRecord(parts: {
  readonly directory: DeliveryStreamDirectory;
  readonly putLog: PutLog;
}): Handler<typeof PutRecord> {
  return async (input, call) => {
    const stream = resolveDeliveryStream(parts.directory, input, call);
    requirePutting(stream);
    const { recordId } = await parts.putLog.put(stream, packRecord(input.Record));
    if (recordId === undefined) throw slowDown();
    return { RecordId: recordId, Encrypted: stream.encryption.status === 'ENABLED' };
  };
}
