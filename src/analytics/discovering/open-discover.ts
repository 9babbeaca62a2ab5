/**
 * DiscoverInputSchema: some records of the source, or the beginning of an object, through the preprocessing function where there is one, and what
 * they seem to be. A stream is read from a while ago, because a discovery that waits for the next record mostly waits for nothing.
 */
import type { Clock, Dice } from '../../host/host.ts';
import type { Functions } from '../../functions/functions.ts';
import { ObjectStoreError } from '../../objects/object-store-error.ts';
import type { ObjectStore } from '../../objects/objects.ts';
import { openAggregate } from '../../readers/kpl.ts';
import type { RecordSource, StartingPoint } from '../../readers/record-source.ts';
import { isReserved } from '../../sql/syntax/reserved.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import type { Call } from '../../wire/shape/operation.ts';
import { invalidArgument } from '../directory/application-errors.ts';
import { discoverSchema } from '../discovery/discover-schema.ts';
import { createPreprocessor } from '../inputs/preprocessor.ts';
import { showType } from '../mapping/coerce.ts';
import type { Schema } from '../settings/settings.ts';
import type { Place } from '../settings/check-settings.ts';
import type { Discover, Discovered, DiscoverRequest } from './discover.ts';

const RECORDS_MAX = 200;
const BYTES_MAX = 1024 * 1024;
const LOOK_BACK_MS = 10 * 60 * 1000;
const WAIT_MS = 5_000;
const POLL_MS = 250;
/** Of an object, which may be large. */
const OBJECT_BYTES_MAX = 512 * 1024;
const FUNCTION_MS = 30_000;

export type DiscoverParts = {
  readonly clock: Clock;
  readonly dice: Dice;
  readonly functions: Functions;
  readonly objects: ObjectStore;
  /** Undefined when there is no such stream or delivery stream. */
  readonly openSource: (
    kind: 'stream' | 'delivery-stream',
    arn: string,
    place: Place,
  ) => (RecordSource & Disposable) | undefined;
};

export function openDiscover(parts: DiscoverParts): Discover {
  return async (request, call) => {
    const { ResourceARN: arn, S3Configuration: object, InputProcessingConfiguration: processing } = request;
    if ((arn === undefined) === (object === undefined)) {
      throw invalidArgument('Exactly one of ResourceARN and S3Configuration must be given.');
    }
    const raw =
      object === undefined
        ? await sample(parts, request, call)
        : [await beginning(parts, object, call.signal)];
    const records =
      processing === undefined
        ? raw
        : await processed(parts, processing.InputLambdaProcessor.ResourceARN, arn ?? '', raw, call.signal);
    const found = discoverSchema(records, isReserved);
    const texts = { RawInputRecords: raw.map(textOf), ProcessedInputRecords: records.map(textOf) };
    if (found === undefined) throw undetected(raw.length, texts);
    return discovered(
      found,
      processing === undefined ? { ...texts, ProcessedInputRecords: undefined } : texts,
    );
  };
}

type Texts = Pick<Discovered, 'RawInputRecords' | 'ProcessedInputRecords'>;

function discovered(found: NonNullable<ReturnType<typeof discoverSchema>>, texts: Texts): Discovered {
  const { format } = found;
  const schema: Schema = {
    RecordFormat:
      format.kind === 'json'
        ? {
            RecordFormatType: 'JSON',
            MappingParameters: { JSONMappingParameters: { RecordRowPath: format.rowPath } },
          }
        : {
            RecordFormatType: 'CSV',
            MappingParameters: {
              CSVMappingParameters: {
                RecordRowDelimiter: format.rowDelimiter,
                RecordColumnDelimiter: format.columnDelimiter,
              },
            },
          },
    RecordEncoding: 'UTF-8',
    RecordColumns: found.columns.map(({ name, type, mapping }) => ({
      Name: name,
      SqlType: showType(type),
      Mapping: mapping,
    })),
  };
  const rows = found.rows.slice(0, RECORDS_MAX);
  return {
    InputSchema: schema,
    // A list has no nulls on the wire.
    ParsedInputRecords: rows.map((row) => row.map((text) => text ?? '')),
    ...texts,
  };
}

function undetected(count: number, texts: Texts): ServiceError {
  const message =
    count === 0
      ? 'No records were found in the source, so that no schema can be detected.'
      : 'The records have no schema that can be detected: they are neither JSON nor delimited text.';
  return new ServiceError('UnableToDetectSchemaException', message, { members: texts });
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
}

async function sample(
  { clock, openSource }: DiscoverParts,
  request: DiscoverRequest,
  { caller, region, signal }: Call,
): Promise<readonly Uint8Array[]> {
  const arn = request.ResourceARN!;
  const kind = arn.split(':')[2] === 'firehose' ? 'delivery-stream' : 'stream';
  using source = openSource(kind, arn, { account: caller.account, region });
  if (source === undefined) throw invalidArgument(`${arn} is not there, or is no source of records.`);
  const start = request.InputStartingPositionConfiguration?.InputStartingPosition;
  const point: StartingPoint =
    start === 'TRIM_HORIZON' ? { kind: 'oldest' } : { kind: 'time', timeMs: clock.now() - LOOK_BACK_MS };
  const units = await Promise.all(
    source.units().map(async ({ id }) => ({ id, after: await source.positionAt(id, point) })),
  );
  const untilMs = clock.monotonic() + WAIT_MS;
  const records: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    for (const unit of units) {
      const read = await source.read(unit.id, unit.after, RECORDS_MAX, BYTES_MAX);
      unit.after = read.after;
      for (const { data } of read.records) {
        for (const part of openAggregate(data)?.map((user) => user.data) ?? [data]) {
          if (records.length === RECORDS_MAX || bytes + part.length > BYTES_MAX) return records;
          records.push(part);
          bytes += part.length;
        }
      }
    }
    if (records.length > 0 || clock.monotonic() >= untilMs) return records;
    await clock.sleep(POLL_MS, signal);
  }
}

/** Up to the last whole line, where it is cut. */
async function beginning(
  { objects }: DiscoverParts,
  { BucketARN: bucketArn, FileKey: key }: NonNullable<DiscoverRequest['S3Configuration']>,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const bucket = bucketArn.slice(bucketArn.lastIndexOf(':') + 1);
  try {
    const { body } = await objects.get(bucket, key, signal);
    if (body.length <= OBJECT_BYTES_MAX) return body;
    const end = body.lastIndexOf(0x0a, OBJECT_BYTES_MAX);
    return body.subarray(0, end === -1 ? OBJECT_BYTES_MAX : end);
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error;
    throw invalidArgument(`The object ${key} of bucket ${bucket} cannot be read: ${error.message}`);
  }
}

async function processed(
  parts: DiscoverParts,
  arn: string,
  streamArn: string,
  data: readonly Uint8Array[],
  signal: AbortSignal,
): Promise<readonly Uint8Array[]> {
  const waiting = new AbortController();
  let reason = 'it did not answer in time';
  const preprocessor = createPreprocessor({
    ...parts,
    ...{ arn, streamArn, applicationArn: '' },
    // Who discovers is told at once; only an application tries again.
    onState(told) {
      if (told === undefined) return;
      reason = told;
      waiting.abort(new Error(told));
    },
  });
  const timer = parts.clock.timer(FUNCTION_MS, () => waiting.abort(new Error('too late')));
  const arrivalsMs = data.map(() => parts.clock.now());
  const records = { data, arrivalsMs, partitionKeys: undefined, sequenceNumbers: undefined };
  try {
    const either = AbortSignal.any([signal, waiting.signal]);
    const { records: kept } = await preprocessor.process(records, undefined, either);
    return kept.data;
  } catch (error) {
    if (!waiting.signal.aborted) throw error;
    throw invalidArgument(`The function ${arn} does not process the records: ${reason}`);
  } finally {
    timer.cancel();
  }
}
