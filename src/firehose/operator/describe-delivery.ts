import type { RecordLog } from '../../log/log.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import {
  integer,
  list,
  long,
  optional,
  required,
  string,
  structure,
  timestamp,
} from '../../wire/shape/shape.ts';
import type { DeliveryEngine } from '../delivery/engine.ts';
import type { DeliveryStreamDirectory } from '../directory/delivery-stream-state.ts';
import { deliveryStreamResource, resolveDeliveryStream } from '../directory/resolve-delivery-stream.ts';
import { DeliveryStreamStatus } from '../shapes/descriptions.ts';
import { DeliveryStreamName } from '../shapes/names.ts';

/** Of buffers and of deliveries: the largest, and the oldest. */
const SHOWN_MAX = 100;

const Lane = structure('Lane', {
  /** main, backup, or error:TYPE. */
  Lane: required(string()),
  Deliveries: required(long()),
  Records: required(long()),
  Bytes: required(long()),
});

const Buffer = structure('Buffer', {
  Lane: required(string()),
  /** The evaluated prefix, with dynamic partitioning. */
  Partition: optional(string()),
  Records: required(long()),
  Bytes: required(long()),
});

const Delivery = structure('Delivery', {
  DeliveryId: required(string()),
  Lane: required(string()),
  ObjectKey: optional(string()),
  Phase: required(string()),
  Attempts: required(integer()),
  Records: required(long()),
  Bytes: required(long()),
});

const SeenError = structure('SeenError', {
  Time: required(timestamp()),
  Lane: required(string()),
  Code: required(string()),
  Message: required(string()),
  Records: required(long()),
});

/** What a delivery stream is doing, and what it has done since the server was started. */
export const DescribeDelivery = operation({
  name: 'DescribeDelivery',
  action: 'millrace:DescribeDelivery',
  resources: deliveryStreamResource,
  input: structure('DescribeDeliveryInput', { DeliveryStreamName: required(DeliveryStreamName) }),
  output: structure('DescribeDeliveryOutput', {
    DeliveryStreamStatus: required(DeliveryStreamStatus),
    /** Put directly and not delivered yet, about. */
    KeptBytes: required(long()),
    RecordsRead: required(long()),
    BytesRead: required(long()),
    RecordsDropped: required(long()),
    RecordsFailed: required(long()),
    RecordsLost: required(long()),
    Retries: required(long()),
    ActivePartitions: required(long()),
    BufferCount: required(long()),
    DeliveryCount: required(long()),
    Lanes: required(list(Lane)),
    Buffers: required(list(Buffer)),
    Deliveries: required(list(Delivery)),
    /** The last ones, newest last. */
    Errors: required(list(SeenError)),
  }),
  errors: ['ResourceNotFoundException'],
});

export function describeDelivery(parts: {
  readonly directory: DeliveryStreamDirectory;
  readonly engine: DeliveryEngine;
  readonly log: RecordLog;
}): Handler<typeof DescribeDelivery> {
  return (input, call) => {
    const { id, status } = resolveDeliveryStream(parts.directory, input, call);
    const activity = parts.engine.activity(id);
    const { buffers = [], deliveries = [], activePartitions = 0 } = parts.engine.state(id) ?? {};
    return {
      DeliveryStreamStatus: status,
      KeptBytes: parts.log.storedBytes(id),
      RecordsRead: activity?.recordsRead ?? 0,
      BytesRead: activity?.bytesRead ?? 0,
      RecordsDropped: activity?.recordsDropped ?? 0,
      RecordsFailed: activity?.recordsFailed ?? 0,
      RecordsLost: activity?.recordsLost ?? 0,
      Retries: activity?.retries ?? 0,
      ActivePartitions: activePartitions,
      BufferCount: buffers.length,
      DeliveryCount: deliveries.length,
      Lanes: Array.from(activity?.delivered ?? [], ([lane, counters]) => ({
        Lane: lane,
        Deliveries: counters.deliveries,
        Records: counters.records,
        Bytes: counters.bytes,
      })),
      Buffers: buffers
        .toSorted((left, right) => right.bytes - left.bytes)
        .slice(0, SHOWN_MAX)
        .map(({ lane, partition, records, bytes }) => ({
          ...{ Lane: lane, Partition: partition, Records: records, Bytes: bytes },
        })),
      Deliveries: deliveries.slice(0, SHOWN_MAX).map((one) => ({
        DeliveryId: one.id,
        Lane: one.lane,
        ObjectKey: one.objectKey,
        Phase: one.phase,
        Attempts: one.attempts,
        Records: one.records,
        Bytes: one.bytes,
      })),
      Errors: (activity?.errors ?? []).map(({ timeMs, lane, code, message, records }) => ({
        ...{ Time: timeMs, Lane: lane, Code: code, Message: message, Records: records },
      })),
    };
  };
}
