/**
 * What every record that is put must satisfy beyond its shape, in AWS's order and words. Texts marked * are ours, see
 * docs/decisions/0203-texts-of-the-data-plane.md.
 */
import { newHashKey, parseHashKey } from '../../base/hash-key.ts';
import { SIZES } from '../../config/limits.ts';
import type { TypeOf } from '../../wire/shape/shape.ts';
import { type Packed, textAt } from '../../wire/shape/packed.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import { bytesAt, columnsOf, hasKey } from './entries.ts';
import type { PutRecordsRequestEntry } from '../shapes.ts';
import { invalidArgument, streamNotFound } from '../directory/stream-errors.ts';
import type { Stream } from '../directory/stream.ts';

export type Entry = TypeOf<typeof PutRecordsRequestEntry>;
/** The records of a call. */
export type Entries = Packed<Entry>;

const ignoredHashKey = newHashKey();

/**
 * Throws ResourceNotFoundException for a stream that takes no records, ValidationException for a missing partition key,
 * InvalidArgumentException for the rest. `memberOf` names an entry's member in a validation message.
 */
export function checkRecords(
  stream: Stream,
  entries: Entries,
  memberOf: (entry: number, member: string) => string,
): void {
  requireWritable(stream);
  const { keys, hashKeys, data } = columnsOf(entries);
  // AUTO ignores both keys, whatever they are.
  const byKey = stream.recordDistribution !== 'AUTO';
  let totalBytes = 0;
  for (let index = 0; index < entries.length; index++) {
    if (!hasKey(keys, index) && byKey) throw missingKey(memberOf(index, 'partitionKey'));
    const hashKey = byKey ? textAt(hashKeys, index) : undefined;
    if (hashKey !== undefined && !parseHashKey(hashKey, ignoredHashKey)) throw invalidHashKey(hashKey);
    const bytes = bytesAt(keys, index) + bytesAt(data, index);
    if (bytes > stream.maxRecordBytes) throw tooLarge(stream);
    totalBytes += bytes;
  }
  if (totalBytes > SIZES.putRecordsBytesMax) {
    throw invalidArgument(`Records size exceeds ${SIZES.putRecordsBytesMax / 2 ** 20} MB limit`);
  }
}

/** A stream takes records while ACTIVE or UPDATING; before and after, AWS says that there is none. */
export function requireWritable(stream: Stream): void {
  if (stream.status === 'CREATING' || stream.status === 'DELETING') {
    throw streamNotFound(stream.name, stream.account);
  }
}

function missingKey(member: string): ServiceError {
  return new ServiceError(
    'ValidationException',
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

function invalidHashKey(hashKey: string): ServiceError {
  return invalidArgument(
    'Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. ' +
      `Specified value was ${hashKey}`,
  );
}

/** * */
function tooLarge(stream: Stream): ServiceError {
  return invalidArgument(
    `Record size exceeds the maximum record size of ${stream.maxRecordBytes / 1024} KiB ` +
      `of stream ${stream.name} under account ${stream.account}.`,
  );
}
