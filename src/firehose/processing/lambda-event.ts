/** The event that a transforming function gets. Its members, their names and their order are AWS's (decision 0462). */
import type { Item } from './processing-run.ts';

export type LambdaSource = {
  /** Of the Kinesis stream that the records come from; undefined for DirectPut. */
  readonly kinesisStreamArn: string | undefined;
  /** The number that a record is shown under: 56 digits. */
  sequenceNumber(unit: string, position: number, arrivalMs: number): string;
};

/** What an item takes of the payload, at most, beside its data: names, numbers, a partition key. */
const RECORD_BYTES = 600;

/** Base64 takes four bytes for three. */
export function eventBytesOf(item: Item): number {
  return Math.ceil(item.data.length / 3) * 4 + RECORD_BYTES + 6 * (item.source.partitionKey?.length ?? 0);
}

/** Opaque to the function, and the same at every attempt, also after a restart. */
export function recordIdOf(item: Item, source: LambdaSource): string {
  const { unit, position, sub } = item.identity;
  return `${source.sequenceNumber(unit, position, item.source.arrivalMs)}${String(sub).padStart(6, '0')}`;
}

/** The stream's id stands before it. What was put again is of no shard, and functions want one. */
function shardOf(unit: string): string {
  const at = unit.lastIndexOf('/');
  return at < 0 ? 'shardId-000000000000' : unit.slice(at + 1);
}

export function lambdaEvent(
  invocationId: string,
  items: readonly Item[],
  deliveryStream: { readonly arn: string; readonly region: string },
  source: LambdaSource,
): Uint8Array {
  const { kinesisStreamArn } = source;
  const head = {
    invocationId,
    ...(kinesisStreamArn === undefined ? {} : { sourceKinesisStreamArn: kinesisStreamArn }),
    deliveryStreamArn: deliveryStream.arn,
    region: deliveryStream.region,
  };
  const records = items.map((item) => {
    const { data, identity } = item;
    const { arrivalMs, partitionKey, unit, position, sub } = item.source;
    return {
      recordId: recordIdOf(item, source),
      approximateArrivalTimestamp: arrivalMs,
      data: Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64'),
      ...(kinesisStreamArn === undefined
        ? {}
        : {
            kinesisRecordMetadata: {
              sequenceNumber: source.sequenceNumber(identity.unit, position, arrivalMs),
              subsequenceNumber: sub,
              partitionKey: partitionKey ?? '',
              shardId: shardOf(unit),
              approximateArrivalTimestamp: arrivalMs,
            },
          }),
    };
  });
  return new TextEncoder().encode(JSON.stringify({ ...head, records }));
}
