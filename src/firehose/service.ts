/** The service `Firehose_20150804`: every operation with its handler. One that is missing does not compile. */
import { CallRates } from '../base/call-rates.ts';
import type { Limits } from '../config/limits.ts';
import type { Call, Service } from '../wire/shape/operation.ts';
import { ServiceError } from '../wire/shape/service-error.ts';
import type { PutLog } from './intake/put-log.ts';
import { operations } from './operations.ts';
import { createDeliveryStream, type CreateParts } from './operations/create-delivery-stream.ts';
import { deleteDeliveryStream } from './operations/delete-delivery-stream.ts';
import { describeDeliveryStream } from './operations/describe-delivery-stream.ts';
import { listDeliveryStreams } from './operations/list-delivery-streams.ts';
import { listTagsForDeliveryStream } from './operations/list-tags-for-delivery-stream.ts';
import { putRecordBatch } from './operations/put-record-batch.ts';
import { putRecord } from './operations/put-record.ts';
import { startDeliveryStreamEncryption } from './operations/start-delivery-stream-encryption.ts';
import { stopDeliveryStreamEncryption } from './operations/stop-delivery-stream-encryption.ts';
import { tagDeliveryStream } from './operations/tag-delivery-stream.ts';
import { untagDeliveryStream } from './operations/untag-delivery-stream.ts';
import { updateDestination } from './operations/update-destination.ts';

export type FirehoseService = Service<typeof operations>;

export type ServiceParts = CreateParts & {
  readonly limits: Limits;
  readonly putLog: PutLog;
};

export function firehoseService(parts: ServiceParts): FirehoseService {
  const handlers: FirehoseService['handlers'] = {
    CreateDeliveryStream: createDeliveryStream(parts),
    DeleteDeliveryStream: deleteDeliveryStream(parts),
    DescribeDeliveryStream: describeDeliveryStream(parts),
    ListDeliveryStreams: listDeliveryStreams(parts),
    ListTagsForDeliveryStream: listTagsForDeliveryStream(parts),
    PutRecord: putRecord(parts),
    PutRecordBatch: putRecordBatch(parts),
    StartDeliveryStreamEncryption: startDeliveryStreamEncryption(parts),
    StopDeliveryStreamEncryption: stopDeliveryStreamEncryption(parts),
    TagDeliveryStream: tagDeliveryStream(parts),
    UntagDeliveryStream: untagDeliveryStream(parts),
    UpdateDestination: updateDestination(parts),
  };
  return {
    targetPrefix: 'Firehose_20150804',
    signingName: 'firehose',
    // Measured at AWS (decision 0430).
    hidesValues: true,
    operations,
    handlers: limitCalls(handlers, parts),
  };
}

/** The same handlers, each after the call rate of its operation, of an account in a region. */
function limitCalls(
  handlers: FirehoseService['handlers'],
  { clock, limits }: Pick<ServiceParts, 'clock' | 'limits'>,
): FirehoseService['handlers'] {
  const rates = new CallRates();
  const limited = Object.entries(handlers).map(([name, handler]) => {
    const rate = limits.accountCallsPerSecond[name];
    if (rate === undefined || rate === Infinity) return [name, handler];
    const served = handler as (input: object, call: Call) => unknown;
    return [
      name,
      (input: object, call: Call) => {
        const bucket = `${name}/${call.caller.account}/${call.region}`;
        if (!rates.admit(bucket, rate, clock.monotonic())) {
          throw new ServiceError('ThrottlingException', 'Rate exceeded');
        }
        return served(input, call);
      },
    ];
  });
  return Object.fromEntries(limited) as FirehoseService['handlers'];
}
