/**
 * Objects in a bucket: what is delivered to S3, backups and the error output alike. A batch is compressed or converted by a worker thread and put in one go
 * under the key that was made for it, so that a repeated put replaces the same object by the same records.
 *
 * "If data delivery to your Amazon S3 bucket fails, Firehose retries every few seconds for up to 24 hours … data is lost after that": what no
 * retry can help is lost at once, and all else is repeated, a bucket that is not there too. Objects of dynamic partitioning are repeated for the duration
 * that is set, and what is not delivered by then goes to the error output (decision 0451).
 */
import type { Clock, Dice } from '../../../host/host.ts';
import { WorkerDied, type Workers } from '../../../host/workers.ts';
import { ObjectStoreError } from '../../../objects/object-store-error.ts';
import type { ObjectStore } from '../../../objects/objects.ts';
import type { TableName, TableSchemas } from '../../../tables/tables.ts';
import { COMPRESSION_FORMATS, type CompressionFormat } from '../../compression/formats.ts';
import type { ConversionConfiguration } from '../../conversion/conversion-options.ts';
import { RecordBuffer } from '../../delivery/buffer.ts';
import type { Batch } from '../../delivery/delivery-record.ts';
import type { Delivery, Destination, Outcome, RefusedRecord } from '../../delivery/destination.ts';
import { objectName, type PartitionKeys } from '../../object-keys/object-key.ts';
import type { TimeZone } from '../../object-keys/time-zone.ts';
import { backOff } from '../back-off.ts';
import { failedAttempt, rawDataOf } from '../failed-attempt.ts';
import { conversionErrorRecord } from './conversion-errors.ts';
import { compressTask, convertTask, type Converted } from './object-tasks.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A buffer of the largest hint, and the record that filled it. */
const OBJECT_BYTES_MAX = 192 * 1024 * 1024;
const OBJECT_RECORDS_MAX = 4_000_000;
const COMPRESSION_LEVEL = 6;
/** No other attempt at the same object can have another end. */
const HOPELESS = new Set(['KeyTooLongError', 'EntityTooLarge', 'MetadataTooLarge', 'InvalidArgument']);

export type Conversion = {
  readonly table: TableName;
  readonly roleArn: string | undefined;
  readonly formats: ConversionConfiguration;
};

export type ObjectDeliveryParts = {
  readonly objects: ObjectStore;
  readonly workers: Workers;
  readonly tables: TableSchemas;
  readonly clock: Pick<Clock, 'now'>;
  readonly dice: Dice;
};

export type ObjectSettings = {
  readonly bucket: string;
  readonly kmsKeyArn: string | undefined;
  readonly compression: CompressionFormat;
  /** Takes the place of the compression's. */
  readonly fileExtension: string | undefined;
  readonly conversion: Conversion | undefined;
  /** Each record ends with so many bytes that stand between the records of an object, and not behind its last one. */
  readonly delimiterBytes?: number | undefined;
  /** Of dynamic partitioning: after so long records go to the error output, instead of being lost after a day. */
  readonly partitionRetryMs?: number | undefined;
  /** What stands before the object's name. */
  readonly prefixOf: (oldestArrivalMs: number, keys: PartitionKeys | undefined) => string;
  readonly deliveryStream: string;
  readonly versionId: string;
  readonly timeZone: TimeZone;
  /** An object is there. `convertedBytes` of records went into conversion. */
  readonly onPut: (put: { readonly bytes: number; readonly convertedBytes: number }) => void;
};

type Made = { readonly body: readonly Uint8Array[]; readonly refused: readonly RefusedRecord[] };

export function createObjectDelivery(settings: ObjectSettings, parts: ObjectDeliveryParts): Destination {
  const { conversion, compression, kmsKeyArn, bucket, partitionRetryMs } = settings;
  const { objects, workers, tables, clock, dice } = parts;
  const isPartitioned = partitionRetryMs !== undefined;
  const { extension, contentEncoding } =
    conversion === undefined
      ? COMPRESSION_FORMATS[compression]
      : // As the service does, though a Parquet file is nothing of the kind.
        { extension: '.parquet', contentEncoding: 'hadoop-snappy' };

  /** An outcome when there is no body. */
  async function make(delivery: Delivery, signal: AbortSignal): Promise<Made | Outcome> {
    const { batch, id } = delivery;
    const pieces = batch.pieces();
    if (conversion !== undefined) {
      const schema = await tables.find(conversion.table);
      if (schema === undefined) {
        const { database, table } = conversion.table;
        return retry(
          delivery,
          'DataFormatConversion.EntityNotFound',
          `There is no table ${database}.${table}.`,
        );
      }
      const input = { pieces, ends: endsOf(batch), columns: schema.columns, formats: conversion.formats };
      const converted = await workers.run(convertTask, input, { signal });
      return { body: converted.rows === 0 ? [] : [converted.body], refused: refusedOf(converted) };
    }
    const plain = settings.delimiterBytes ? withoutEnd(pieces, settings.delimiterBytes) : pieces;
    if (compression === 'UNCOMPRESSED') return { body: plain, refused: [] };
    const options = { level: COMPRESSION_LEVEL, entryName: id, timeMs: clock.now() };
    const input = { pieces: plain, format: compression, options };
    return { body: [await workers.run(compressTask, input, { signal })], refused: [] };
  }

  return {
    recordsMax: OBJECT_RECORDS_MAX,
    bytesMax: OBJECT_BYTES_MAX,
    retry: { durationMs: partitionRetryMs ?? DAY_MS, pauseMs: (attempt) => backOff(attempt - 2, dice) },
    errorOutputType:
      conversion !== undefined ? 'format-conversion-failed' : isPartitioned ? 'processing-failed' : undefined,
    losesGivenUp: !isPartitioned,
    objectKey({ id, oldestArrivalMs, keys }) {
      const { deliveryStream, versionId, timeZone, fileExtension } = settings;
      const name = objectName({
        ...{ deliveryStream, versionId, oldestArrivalMs, timeZone },
        uuid: id,
        extension: fileExtension ?? extension,
      });
      return `${settings.prefixOf(oldestArrivalMs, keys)}${name}`;
    },
    async attempt(delivery, signal) {
      try {
        const made = await make(delivery, signal);
        if ('kind' in made) return made;
        const { body, refused } = made;
        if (conversion === undefined || body.length > 0) {
          const properties = { contentType: 'application/octet-stream', contentEncoding, kmsKeyArn };
          await objects.put(bucket, delivery.objectKey!, body, properties, signal);
        }
        const { bytes } = delivery.batch;
        settings.onPut({ bytes, convertedBytes: conversion === undefined ? 0 : bytes });
        return { kind: 'done', refused };
      } catch (error) {
        if (signal.aborted) throw error;
        return outcomeOf(error, delivery, isPartitioned);
      }
    },
    errorRecord: (failed) =>
      conversion === undefined && isPartitioned
        ? { ...failedAttempt(failed), rawData: rawDataOf(failed) }
        : conversionErrorRecord(failed, conversion?.table, conversion?.roleArn),
  };
}

function outcomeOf(error: unknown, delivery: Delivery, isPartitioned: boolean): Outcome {
  if (error instanceof ObjectStoreError) {
    const told = { code: `S3.${error.code}`, message: error.message };
    if (HOPELESS.has(error.code)) return { kind: isPartitioned ? 'failed' : 'lost', error: told };
    return retry(delivery, told.code, told.message);
  }
  if (error instanceof WorkerDied)
    return retry(delivery, 'DataFormatConversion.InternalError', error.message);
  throw error;
}

function retry({ remaining }: Delivery, code: string, message: string): Outcome {
  return { kind: 'retry', error: { code, message }, remaining, refused: [] };
}

function refusedOf({ faults }: Converted): readonly RefusedRecord[] {
  return faults.map(({ index, code, message }) => ({ index, error: { code, message } }));
}

function withoutEnd(pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  const last = pieces.at(-1);
  // No record lies in two pieces.
  return last === undefined ? pieces : [...pieces.slice(0, -1), last.subarray(0, last.length - bytes)];
}

function endsOf(batch: Batch): Int32Array {
  if (batch instanceof RecordBuffer) return batch.ends();
  let end = 0;
  return Int32Array.from({ length: batch.length }, (_, index) => (end += batch.at(index).data.length));
}
