/** What the engine does for a delivery stream, from its settings: its processing, its destination, its backup and its error output. */
import type { Clock, Dice } from '../host/host.ts';
import type { HttpClient } from '../host/http.ts';
import type { SqlClient } from '../host/sql.ts';
import type { Functions } from '../functions/functions.ts';
import type { DeliveryMeters } from '../metering/meter.ts';
import type { RecordSource } from '../readers/record-source.ts';
import type { DeliveryStream } from './delivery-stream.ts';
import type { DeliveryPlan, Lane } from './delivery/lane.ts';
import { createDestination } from './destinations/create-destination.ts';
import type { Addresses } from './destinations/exchange.ts';
import { createRedshiftDestination } from './destinations/redshift/redshift-destination.ts';
import {
  createObjectDelivery,
  type Conversion,
  type ObjectDeliveryParts,
  type ObjectSettings,
} from './destinations/s3/object-delivery.ts';
import { PREFIX_CHARACTERS_MAX, type Prefixes } from './object-keys/check-prefixes.ts';
import { evaluateErrorPrefix, evaluatePrefix, type PartitionKeys } from './object-keys/object-key.ts';
import { createProcessing } from './processing/create-processing.ts';
import { formatsOf, tableNameOf } from './settings/conversion-table.ts';
import { processingPlan } from './processing/processing-plan.ts';
import { PARTITIONING_RETRY_S } from './settings/extended-s3.ts';
import type { PartitioningSettings } from './settings/destination-settings.ts';
import { backupOf, bucketOf, bufferingOf, conversionOf, type Bucket } from './settings/delivery-settings.ts';

export type PlanParts = ObjectDeliveryParts &
  Addresses & {
    readonly clock: Clock;
    readonly dice: Dice;
    readonly http: HttpClient;
    readonly sql?: SqlClient | undefined;
    readonly functions: Functions;
    readonly meter: DeliveryMeters;
  };

export function deliveryPlan(stream: DeliveryStream, source: RecordSource, parts: PlanParts): DeliveryPlan {
  const { destination } = stream;
  const bucket = bucketOf(destination);
  const backup = backupOf(destination);
  const partitioning =
    destination.kind === 'ExtendedS3' ? destination.settings.DynamicPartitioningConfiguration : undefined;
  const isPartitioned = partitioning?.Enabled === true;
  const { prefixes } = bucket;
  return {
    processing: createProcessing(
      {
        processing: destination.settings.ProcessingConfiguration,
        partitionedBy: isPartitioned ? prefixes.prefix : undefined,
      },
      {
        ...parts,
        deliveryStream: stream,
        source: {
          kinesisStreamArn:
            stream.source.kind === 'KinesisStreamAsSource' ? stream.source.streamArn : undefined,
          sequenceNumber: source.sequenceNumber.bind(source),
        },
      },
    ),
    main: mainLane(stream, bucket, isPartitioned ? partitioning : undefined, parts),
    backup: backup && { ...objectLane(stream, backup.bucket, parts), of: backup.of },
    error: (type) =>
      objectLane(stream, bucket, parts, {
        compression: 'UNCOMPRESSED',
        prefixOf: (oldestArrivalMs) => evaluateErrorPrefix(prefixes, type, oldestArrivalMs, parts.dice),
      }),
    partitionOf: isPartitioned ? partitionsOf(prefixes, parts) : undefined,
    opensAggregates: stream.source.kind === 'KinesisStreamAsSource',
  };
}

function mainLane(
  stream: DeliveryStream,
  bucket: Bucket,
  partitioning: PartitioningSettings | undefined,
  parts: PlanParts,
): Lane {
  const { destination } = stream;
  const hints = bufferingOf(destination);
  if (destination.kind === 'ExtendedS3') {
    const meter = parts.meter.deliveryStream(stream.id);
    const lane = objectLane(stream, bucket, parts, {
      compression: destination.settings.CompressionFormat,
      // Empty counts as none.
      fileExtension: destination.settings.FileExtension || undefined,
      conversion: conversionFor(stream),
      delimiterBytes: processingPlan(destination.settings.ProcessingConfiguration).delimiter?.length,
      partitionRetryMs:
        partitioning && (partitioning.RetryOptions?.DurationInSeconds ?? PARTITIONING_RETRY_S) * 1000,
      onPut({ bytes, convertedBytes }) {
        meter.deliveryConvertedBytes += convertedBytes;
        if (partitioning === undefined) return;
        meter.deliveryPartitionedBytes += bytes;
        meter.deliveryPartitionedObjects += 1;
      },
    });
    return { ...lane, hints };
  }
  if (destination.kind === 'Redshift') {
    const object = objectLane(stream, bucket, parts).destination;
    const into = { ...parts, object, bucket: bucket.name };
    return { destination: createRedshiftDestination(destination.settings, into), hints };
  }
  return { destination: createDestination(destination, { ...parts, deliveryStream: stream }), hints };
}

function objectLane(
  { name, versionId }: DeliveryStream,
  bucket: Bucket,
  parts: PlanParts,
  more: Partial<ObjectSettings> = {},
): Lane {
  const { prefixes, settings } = bucket;
  const destination = createObjectDelivery(
    {
      bucket: bucket.name,
      kmsKeyArn: bucket.kmsKeyArn,
      compression: settings.CompressionFormat,
      fileExtension: undefined,
      conversion: undefined,
      prefixOf: (oldestArrivalMs, keys) => evaluatePrefix(prefixes, oldestArrivalMs, parts.dice, keys),
      deliveryStream: name,
      versionId,
      timeZone: prefixes.timeZone,
      onPut: () => {},
      ...more,
    },
    parts,
  );
  return { destination, hints: bucket.buffering };
}

function conversionFor(stream: DeliveryStream): Conversion | undefined {
  const conversion = conversionOf(stream.destination);
  if (conversion === undefined) return undefined;
  return {
    table: tableNameOf(conversion, stream),
    roleArn: conversion.SchemaConfiguration?.RoleARN,
    formats: formatsOf(conversion),
  };
}

/** A partition is the prefix with its keys in it; its times are those of the oldest record in a buffer, and open before. */
function partitionsOf({ prefix, timeZone }: Prefixes, { clock, dice }: PlanParts) {
  let openLength = 0;
  const parts = prefix.map((part) => {
    if (part.kind === 'literal') return part.text;
    if (part.kind === 'partitionKeyFromQuery' || part.kind === 'partitionKeyFromLambda') return part;
    const evaluated = { prefix: [part], errorOutputPrefix: undefined, timeZone };
    openLength += evaluatePrefix(evaluated, clock.now(), dice).length - OPEN.length;
    return OPEN;
  });
  return ({ fromQuery, fromLambda }: PartitionKeys): string | undefined => {
    let partition = '';
    for (const part of parts) {
      if (typeof part === 'string') partition += part;
      else partition += (part.kind === 'partitionKeyFromQuery' ? fromQuery : fromLambda).get(part.key);
    }
    return partition.length + openLength > PREFIX_CHARACTERS_MAX ? undefined : partition;
  };
}

const OPEN = '…';
