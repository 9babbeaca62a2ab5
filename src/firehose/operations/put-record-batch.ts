import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import type { DeliveryStreamDirectory } from '../directory/delivery-stream-state.ts';
import { deliveryStreamResource, resolveDeliveryStream } from '../directory/resolve-delivery-stream.ts';
import { INTERNAL_FAILURE, type PutLog } from '../intake/put-log.ts';
import { checkBatchSize, packRecords, requirePutting } from '../intake/put-rules.ts';
import { BooleanObject, DeliveryStreamName, NonNegativeIntegerObject } from '../shapes/names.ts';
import { PutRecordBatchRequestEntryList, PutRecordBatchResponseEntryList } from '../shapes/put.ts';

export const PutRecordBatch = operation({
  name: 'PutRecordBatch',
  action: 'firehose:PutRecordBatch',
  resources: deliveryStreamResource,
  input: structure('PutRecordBatchInput', {
    DeliveryStreamName: required(DeliveryStreamName),
    Records: required(PutRecordBatchRequestEntryList),
  }),
  output: structure('PutRecordBatchOutput', {
    FailedPutCount: required(NonNegativeIntegerObject),
    Encrypted: optional(BooleanObject),
    RequestResponses: required(PutRecordBatchResponseEntryList),
  }),
  errors: [
    'ResourceNotFoundException',
    'InvalidArgumentException',
    'InvalidKMSResourceException',
    'InvalidSourceException',
    'ServiceUnavailableException',
  ],
});

export function putRecordBatch(parts: {
  readonly directory: DeliveryStreamDirectory;
  readonly putLog: PutLog;
}): Handler<typeof PutRecordBatch> {
  return async (input, call) => {
    const stream = resolveDeliveryStream(parts.directory, input, call);
    requirePutting(stream);
    const records = packRecords(input.Records);
    checkBatchSize(records);
    const answer = { Encrypted: stream.encryption.status === 'ENABLED' };
    try {
      const results = await parts.putLog.put(stream, records);
      return { ...answer, FailedPutCount: results.refused, RequestResponses: results.entries() };
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== INTERNAL_FAILURE) throw error;
      // Nobody knows of any of them whether it was kept.
      const { length } = records;
      const failure = { ErrorCode: error.code, ErrorMessage: error.message };
      return { ...answer, FailedPutCount: length, RequestResponses: Array.from({ length }, () => failure) };
    }
  };
}
