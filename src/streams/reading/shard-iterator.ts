/**
 * Shard iterators: where a reader stands in a shard, sealed. An iterator holds the stream's creation id (so one of a deleted
 * stream never reads its successor), the shard, the position read so far, and the time of its issue; it is valid for five
 * minutes, reusable, and knows nothing of the server that gave it.
 */
import { SIZES } from '../../config/limits.ts';
import type { Position, RecordLog } from '../../log/log.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import { parseSequenceNumber } from '../records/sequence-number.ts';
import { invalidArgument } from '../directory/stream-errors.ts';
import type { Shard, Stream } from '../directory/stream.ts';
import type { Tokens } from './tokens.ts';

export type ShardIterator = {
  readonly streamId: string;
  /** For messages. */
  readonly streamName: string;
  readonly shardIndex: number;
  /** The reader has had everything up to here. */
  readonly after: Position;
  readonly issuedMs: number;
};

export function sealIterator(tokens: Tokens, iterator: ShardIterator): string {
  const { streamId, shardIndex, after, issuedMs, streamName } = iterator;
  return tokens.seal('shard-iterator', `${streamId}/${shardIndex}/${after}/${issuedMs}/${streamName}`);
}

/** Throws InvalidArgumentException when it is none of ours, ExpiredIteratorException when it is too old. */
export function openIterator(tokens: Tokens, token: string, nowMs: number): ShardIterator {
  const payload = tokens.open('shard-iterator', token);
  if (payload === undefined) throw invalidArgument('Invalid ShardIterator.');
  const [streamId = '', shardIndex, after, issued, streamName = ''] = payload.split('/');
  const issuedMs = Number(issued);
  if (nowMs - issuedMs > SIZES.iteratorLifetimeMs) {
    throw new ServiceError(
      'ExpiredIteratorException',
      `Iterator expired. The iterator was created at time ${utcText(issuedMs)} while right now it is ` +
        `${utcText(nowMs)} which is further in the future than the tolerated delay of ` +
        `${SIZES.iteratorLifetimeMs} milliseconds.`,
    );
  }
  return { streamId, streamName, shardIndex: Number(shardIndex), after: Number(after) as Position, issuedMs };
}

/** `Thu Jan 22 01:22:02 UTC 2015`, as Java prints it and AWS's message shows it. */
function utcText(timeMs: number): string {
  const [weekday = '', day, month, year, time] = new Date(timeMs).toUTCString().split(' ');
  return `${weekday.slice(0, 3)} ${month} ${day} ${time} UTC ${year}`;
}

/** Where to start, as GetShardIterator and SubscribeToShard are asked. */
export type Start = {
  readonly type: 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER' | 'TRIM_HORIZON' | 'LATEST' | 'AT_TIMESTAMP';
  readonly sequenceNumber: string | undefined;
  readonly timestampMs: number | undefined;
};

const BEGINNING = 0 as Position;

/**
 * The position after which to read. LATEST is pinned now: what is written from here on is read. Throws
 * InvalidArgumentException with AWS's texts; `operation` is named in them.
 */
export async function startPosition(
  parts: { readonly log: RecordLog; readonly nowMs: number; readonly operation: string },
  stream: Stream,
  shard: Shard,
  start: Start,
): Promise<Position> {
  const { log, nowMs, operation } = parts;
  switch (start.type) {
    case 'AT_SEQUENCE_NUMBER':
    case 'AFTER_SEQUENCE_NUMBER':
      return positionOf(operation, stream, shard, start);
    case 'TRIM_HORIZON':
      refuseSequenceNumber(start);
      return BEGINNING;
    case 'LATEST':
      refuseSequenceNumber(start);
      return log.bounds(stream.id, shard.index).last;
    case 'AT_TIMESTAMP':
      return log.positionBefore(stream.id, shard.index, checkedTimestamp(start, nowMs));
  }
}

function checkedTimestamp(start: Start, nowMs: number): number {
  const { timestampMs } = start;
  if (timestampMs === undefined) {
    throw invalidArgument(
      'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
    );
  }
  if (timestampMs > nowMs) {
    throw invalidArgument(
      'The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. ' +
        `timestampInMillis: ${timestampMs}, currentTimestampInMillis: ${nowMs}`,
    );
  }
  return timestampMs;
}

const EITHER_OR =
  'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or ' +
  '(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. ';

function refuseSequenceNumber(start: Start): void {
  if (start.sequenceNumber === undefined) return;
  throw invalidArgument(`${EITHER_OR}Request specified ${start.type} and also a StartingSequenceNumber.`);
}

function positionOf(operation: string, stream: Stream, shard: Shard, start: Start): Position {
  const { sequenceNumber: text, type } = start;
  if (text === undefined) {
    throw invalidArgument(`${EITHER_OR}Request specified ${type} and no StartingSequenceNumber.`);
  }
  const used =
    `StartingSequenceNumber ${text} used in ${operation} on shard ${shard.id} in stream ${stream.name} ` +
    `under account ${stream.account} is invalid`;
  const parsed = parseSequenceNumber(text);
  if (parsed === undefined) throw invalidArgument(`${used}.`);
  if (parsed.shardIndex !== shard.index) {
    throw invalidArgument(
      `Invalid StartingSequenceNumber. It encodes ${shardIdText(parsed.shardIndex)}, ` +
        `while it was used in a call to a shard with ${shard.id}`,
    );
  }
  if (parsed.version !== 2 || parsed.createdSeconds !== shard.createdSeconds) {
    throw invalidArgument(`${used} because it did not come from this stream.`);
  }
  // To read a record itself is to read after anything below it. Positions are only compared here, not counted: the one
  // below need not be a record's.
  const at = type === 'AT_SEQUENCE_NUMBER' && !parsed.after && parsed.position > 0;
  return at ? ((parsed.position - 1) as Position) : parsed.position;
}

function shardIdText(index: number): string {
  return index < 0
    ? `shardId--${String(-index).padStart(11, '0')}`
    : `shardId-${String(index).padStart(12, '0')}`;
}
