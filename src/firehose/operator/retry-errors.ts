/**
 * RetryErrors: what lies under the error prefix is put once more, as it came, and its objects are deleted. It goes into the delivery stream's own log, also
 * where a Kinesis stream is the source, whose other readers are not to see it twice. A record that fails again gets into a new
 * error object. An object goes only when all its records are durable, so that a crash between the two repeats records and loses none.
 */
import type { Clock } from '../../host/host.ts';
import { ObjectStoreError } from '../../objects/object-store-error.ts';
import type { ObjectStore } from '../../objects/objects.ts';
import { operation, type Call, type Handler, type Operation } from '../../wire/shape/operation.ts';
import {
  boolean,
  long,
  optional,
  required,
  string,
  structure,
  timestamp,
  type TypeOf,
} from '../../wire/shape/shape.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import type { DeliveryStreamDirectory, DeliveryStreamState } from '../directory/delivery-stream-state.ts';
import { invalidArgument, requireActive } from '../directory/delivery-stream-errors.ts';
import { deliveryStreamResource, resolveDeliveryStream } from '../directory/resolve-delivery-stream.ts';
import type { PutLog } from '../intake/put-log.ts';
import { packRecords } from '../intake/put-rules.ts';
import { errorObjectKeys } from '../object-keys/error-object-keys.ts';
import { bucketOf } from '../settings/delivery-settings.ts';
import type { StreamExists } from '../sources/check-source.ts';
import { DeliveryStreamName } from '../shapes/names.ts';
import type { Record } from '../shapes/put.ts';

/** A call takes so many objects, so that it ends; whoever wants all goes on from there. */
const OBJECTS_MAX = 20;
const KEYS_MAX = 1000;
/** Of one append. */
const RECORDS_MAX = 500;
const BYTES_MAX = 4 * 1024 * 1024;

export const RetryErrors = operation({
  name: 'RetryErrors',
  action: 'millrace:RetryErrors',
  resources: deliveryStreamResource,
  input: structure('RetryErrorsInput', {
    DeliveryStreamName: required(DeliveryStreamName),
    /** Only what failed in this way, such as processing-failed. */
    ErrorOutputType: optional(string({ min: 1, max: 64 })),
    /** Only objects of before; now, unless it is given. Give what the first call answered, so that nothing is tried for ever. */
    Before: optional(timestamp()),
    /** Where the call before ended. */
    StartAfter: optional(string({ min: 1, max: 1024 })),
    /** Counts, and changes nothing. */
    DryRun: optional(boolean()),
  }),
  output: structure('RetryErrorsOutput', {
    Objects: required(long()),
    Records: required(long()),
    Bytes: required(long()),
    /** Objects that hold something else than error records. */
    SkippedObjects: required(long()),
    Before: required(timestamp()),
    /** Absent when there are no more. */
    NextKey: optional(string()),
  }),
  errors: [
    'AccessDeniedException',
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
  ],
});

type Input = TypeOf<typeof RetryErrors.input>;
type Entry = TypeOf<typeof Record>;

export type RetryParts = {
  readonly directory: DeliveryStreamDirectory;
  readonly putLog: PutLog;
  readonly objects: ObjectStore;
  readonly streamExists: StreamExists;
  readonly clock: Clock;
  /** Throws AccessDeniedException unless the caller keeps the server: buckets are everybody's, and what lies in them must not come to another account. */
  readonly requireKeeper: (call: Call, operation: Pick<Operation, 'action'>) => void;
};

export function retryErrors(parts: RetryParts): Handler<typeof RetryErrors> {
  return async (input, call) => {
    parts.requireKeeper(call, RetryErrors);
    const stream = resolveDeliveryStream(parts.directory, input, call);
    requireActive(stream);
    if (stream.source.kind === 'KinesisStreamAsSource') {
      const [, , , region = '', account = '', resource = ''] = stream.source.streamArn.split(':');
      // Nothing is delivered without it.
      if (!parts.streamExists(account, region, resource.slice('stream/'.length)))
        throw invalidArgument(`The stream that Firehose ${stream.name} reads is not there.`);
    }
    try {
      return await retry(parts, stream, input, call);
    } catch (error) {
      if (!(error instanceof ObjectStoreError)) throw error;
      throw new ServiceError(error.code, error.message, {
        fault: error.retry === 'soon' ? 'server' : 'client',
      });
    }
  };
}

async function retry(
  { objects, putLog, clock }: RetryParts,
  stream: DeliveryStreamState,
  input: Input,
  { signal }: Call,
): Promise<TypeOf<typeof RetryErrors.output>> {
  const beforeMs = input.Before ?? clock.now();
  const { name: bucket, prefixes } = bucketOf(stream.destination);
  const { begin, isErrorObject } = errorObjectKeys(prefixes, stream.name, input.ErrorOutputType);
  const page = await objects.list(bucket, begin, input.StartAfter ?? '', KEYS_MAX, signal);
  const done = { Objects: 0, Records: 0, Bytes: 0, SkippedObjects: 0, Before: beforeMs };
  let last: string | undefined;
  for (const { key, lastModifiedMs } of page.objects) {
    if (done.Objects + done.SkippedObjects === OBJECTS_MAX) return { ...done, NextKey: last };
    last = key;
    if (!isErrorObject(key) || lastModifiedMs > beforeMs) continue;
    const { body } = await objects.get(bucket, key, signal);
    const records = recordsOf(body);
    if (records === undefined) {
      done.SkippedObjects++;
      continue;
    }
    if (input.DryRun !== true) {
      for (const batch of batchesOf(records)) await putLog.putAgain(stream, packRecords(batch));
      await objects.delete(bucket, key, signal);
    }
    done.Objects++;
    done.Records += records.length;
    for (const { Data } of records) done.Bytes += Data.length;
  }
  return { ...done, NextKey: page.hasMore ? last : undefined };
}

/** The records as they came; undefined when these are no error records. */
function recordsOf(body: Uint8Array): readonly Entry[] | undefined {
  const records: Entry[] = [];
  for (const line of Buffer.from(body).toString('utf8').split('\n')) {
    if (line === '') continue;
    const data = rawDataOf(line);
    if (data === undefined) return undefined;
    records.push({ Data: data });
  }
  return records;
}

function rawDataOf(line: string): Uint8Array | undefined {
  try {
    const { rawData } = JSON.parse(line) as { readonly rawData?: unknown };
    return typeof rawData === 'string' ? Buffer.from(rawData, 'base64') : undefined;
  } catch {
    return undefined;
  }
}

function* batchesOf(records: readonly Entry[]): Generator<readonly Entry[]> {
  let batch: Entry[] = [];
  let bytes = 0;
  for (const record of records) {
    if (batch.length === RECORDS_MAX || (batch.length > 0 && bytes + record.Data.length > BYTES_MAX)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(record);
    bytes += record.Data.length;
  }
  if (batch.length > 0) yield batch;
}
