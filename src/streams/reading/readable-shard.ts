/** Which shard a read means: by the names in the input, or by the iterator. */
import { ServiceError } from '../../wire/shape/service-error.ts';
import type { Call } from '../../wire/shape/operation.ts';
import { shardDoesNotExist } from '../records/data-errors.ts';
import { resolveStream } from '../directory/resolve-stream.ts';
import type { ShardIterator } from './shard-iterator.ts';
import { shardIndexOf } from '../directory/shard-lists.ts';
import { invalidArgument, shardNotFound } from '../directory/stream-errors.ts';
import { shardId } from '../directory/stream-rows.ts';
import type { Shard, Stream, StreamDirectory } from '../directory/stream.ts';

type Input = {
  readonly ShardId: string;
  readonly StreamName?: string | undefined;
  readonly StreamARN?: string | undefined;
  readonly StreamId?: string | undefined;
};

/** The stream whose shard is to be read. Of a stream that is not there AWS says that its shard is not. */
export function readableStream(directory: StreamDirectory, input: Input, call: Call): Stream {
  const index = shardIndexOf(input.ShardId);
  try {
    const stream = resolveStream(directory, input, call);
    if (index === undefined) throw shardNotFound(input.ShardId, stream);
    if (isReadable(stream)) return stream;
    throw shardDoesNotExist(shardId(index), stream);
  } catch (error) {
    const absent = error instanceof ServiceError && error.message.startsWith('Stream ');
    if (!absent || error.code !== 'ResourceNotFoundException') throw error;
    const named = nameOf(input, call);
    throw index === undefined
      ? shardNotFound(input.ShardId, named)
      : shardDoesNotExist(shardId(index), named);
  }
}

function nameOf(input: Input, call: Call): { readonly name: string; readonly account: string } {
  const [, , , , account = call.caller.account] = input.StreamARN?.split(':') ?? [];
  const name = input.StreamName ?? input.StreamARN?.split('/')[1] ?? input.StreamId ?? '';
  return { name, account };
}

/** Throws ResourceNotFoundException for an id that names no shard of the stream. */
export function findShard(stream: Stream, id: string): Shard {
  const index = shardIndexOf(id);
  if (index === undefined) throw shardNotFound(id, stream);
  const shard = stream.shards.find((one) => one.index === index);
  if (shard === undefined) throw shardDoesNotExist(shardId(index), stream);
  return shard;
}

/**
 * The iterator's stream and shard. An iterator of another region is none of this one's; the stream must be the caller's own, or the
 * one of the StreamARN, for which the caller was authorized.
 */
export function streamOfIterator(
  directory: StreamDirectory,
  iterator: ShardIterator,
  input: { readonly StreamARN?: string | undefined; readonly StreamId?: string | undefined },
  call: Call,
): { readonly stream: Stream; readonly shard: Shard } {
  const stream = directory.byId(iterator.streamId);
  const id = shardId(iterator.shardIndex);
  if (stream === undefined) {
    throw shardDoesNotExist(id, { name: iterator.streamName, account: call.caller.account });
  }
  const named = input.StreamARN ?? input.StreamId;
  if (named !== undefined && resolveStream(directory, input, call).id !== stream.id) {
    throw invalidArgument(`The ShardIterator was not issued for stream ${named}.`);
  }
  if (stream.region !== call.region) throw invalidArgument('Invalid ShardIterator.');
  if (named === undefined && stream.account !== call.caller.account) {
    throw new ServiceError(
      'AccessDeniedException',
      `User: ${call.caller.arn} is not authorized to perform: kinesis:GetRecords on resource: ${stream.arn} ` +
        'because no resource-based policy allows the kinesis:GetRecords action',
    );
  }
  const shard = stream.shards.find((one) => one.index === iterator.shardIndex);
  if (shard === undefined || !isReadable(stream)) throw shardDoesNotExist(id, stream);
  return { stream, shard };
}

/** Like writes: a stream that is being made or deleted has no shards to its readers. */
export function isReadable(stream: Stream): boolean {
  return stream.status !== 'CREATING' && stream.status !== 'DELETING';
}
