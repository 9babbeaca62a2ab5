/**
 * Usage that AWS would bill, counted by cheap adds on the hot path and kept in the catalog in hourly rows.
 * Units are AWS's: see docs/reference/metering.md.
 */

/** Persisted: these names are the `counter` of usage rows; one is never renamed or reused. */
export const STREAM_COUNTERS = Object.freeze([
  'putPayloadUnits',
  'bytesIn',
  'recordsIn',
  'bytesOut',
  'recordsOut',
  'fanOutBytes',
  'shardMs',
  'consumerShardMs',
  'extendedRetentionShardMs',
  'longTermRetentionByteMs',
  'onDemandStreamMs',
  'contentBytesIn',
  'extendedRetentionByteMs',
  'longTermBytesOut',
] as const);

export type StreamMeter = {
  /** PUT payload units of 25 KB (provisioned), counted per record: ceil(bytes / 25600). */
  putPayloadUnits: number;
  /** Bytes written, each record rounded up to 1 KB (on-demand data in). */
  bytesIn: number;
  recordsIn: number;
  /** Bytes read by GetRecords, rounded as bytesIn. */
  bytesOut: number;
  recordsOut: number;
  /** Of the bytes read by GetRecords, those that were older than seven days, not rounded. */
  longTermBytesOut: number;
  /** Bytes pushed by SubscribeToShard, rounded as bytesIn. */
  fanOutBytes: number;
  /** Bytes written, not rounded: what is kept by age is told from its hourly rows. */
  contentBytesIn: number;
  /** Milliseconds of open shards, of consumers (consumer x shard), and of open shards while the retention is above 24 h. */
  shardMs: number;
  consumerShardMs: number;
  extendedRetentionShardMs: number;
  /** Milliseconds times bytes that were kept for more than 24 hours, up to seven days, and for more than seven days. */
  extendedRetentionByteMs: number;
  longTermRetentionByteMs: number;
  /** Milliseconds that the stream was in on-demand mode. */
  onDemandStreamMs: number;
};

/** Persisted, as those of streams. */
export const DELIVERY_COUNTERS = Object.freeze([
  'deliveryRecordsIn',
  'deliveryBytesIn',
  'deliveryBilledBytesIn',
  'deliveryRecordsThrottled',
  'deliveryConvertedBytes',
  'deliveryPartitionedBytes',
  'deliveryPartitionedObjects',
] as const);

export type DeliveryMeter = {
  /** Records and bytes that were put directly, or read from a Kinesis stream. */
  deliveryRecordsIn: number;
  deliveryBytesIn: number;
  /** The same bytes, each record rounded up to 5 KB (5,120 bytes). */
  deliveryBilledBytesIn: number;
  /** Records of PutRecord and PutRecordBatch that the quotas refused. */
  deliveryRecordsThrottled: number;
  /** Bytes that were given to the conversion to Parquet, and bytes and objects that went out by dynamic partitioning. */
  deliveryConvertedBytes: number;
  deliveryPartitionedBytes: number;
  deliveryPartitionedObjects: number;
};

export type CountedUnit = { position: number };

/** Data ingested into Firehose is billed in steps of 5 KB a record: https://aws.amazon.com/firehose/pricing/ */
export function ingestedBytes(recordBytes: number): number {
  return Math.ceil(recordBytes / INGESTED_STEP_BYTES) * INGESTED_STEP_BYTES;
}
const INGESTED_STEP_BYTES = 5 * 1024;

export interface Meter {
  /** The counters of a stream: add to its fields directly. Same object until the stream is forgotten. */
  stream(streamId: string): StreamMeter;
  /** The stream was deleted: its counters go away once they are written. */
  forget(streamId: string): void;
}

/** The same of delivery streams. */
export interface DeliveryMeters {
  deliveryStream(id: string): DeliveryMeter;
  /**
   * Up to where the records of a source's unit are counted: whoever counts them moves it in the same step. It is kept with the counters, so that
   * records that are read again after a restart are counted once. `kept` is what the catalog said when reading began.
   */
  counted(id: string, unit: string, kept: number): CountedUnit;
  forget(id: string): void;
}
