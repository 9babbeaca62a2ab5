import type { Clock } from '../../host/host.ts';
import { checkCreationTimestamp, resolveStream } from '../directory/resolve-stream.ts';
import { invalidArgument, requireUsable, resourceNotFound } from '../directory/stream-errors.ts';
import { describeShard } from '../directory/describe.ts';
import type { Stream, StreamDirectory } from '../directory/stream.ts';
import type { Tokens } from '../reading/tokens.ts';
import { openNextToken, sealNextToken } from '../directory/paging.ts';
import { filteredShards, shardIndexOf, type ShardFilter as Filter } from '../directory/shard-lists.ts';
import { operation, type Call, type Handler } from '../../wire/shape/operation.ts';
import { optional, structure, type TypeOf } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
import {
  ListShardsInputLimit,
  NextToken,
  ShardFilter,
  ShardId,
  ShardList,
  StreamARN,
  StreamId,
  StreamName,
  Timestamp,
} from '../shapes.ts';

export const ListShards = operation({
  name: 'ListShards',
  action: 'kinesis:ListShards',
  resources: streamResource,
  input: structure('ListShardsInput', {
    StreamName: optional(StreamName),
    NextToken: optional(NextToken),
    ExclusiveStartShardId: optional(ShardId),
    MaxResults: optional(ListShardsInputLimit),
    StreamCreationTimestamp: optional(Timestamp),
    ShardFilter: optional(ShardFilter),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
  }),
  output: structure('ListShardsOutput', {
    Shards: optional(ShardList),
    NextToken: optional(NextToken),
  }),
  errors: [
    'ResourceNotFoundException',
    'InvalidArgumentException',
    'LimitExceededException',
    'ExpiredNextTokenException',
    'ResourceInUseException',
    'AccessDeniedException',
  ],
});

const SHARDS_MAX = 1000;
const FROM_TRIM_HORIZON: Filter = { type: 'FROM_TRIM_HORIZON' };

type Input = TypeOf<typeof ListShards.input>;
/** What is listed: a stream, its filter, and the index after which to go on. */
type Listing = { readonly stream: Stream; readonly filter: Filter; readonly after: number };

export function listShards(parts: {
  readonly directory: StreamDirectory;
  readonly tokens: Tokens;
  readonly clock: Clock;
}): Handler<typeof ListShards> {
  return (input, call) => {
    const nowMs = parts.clock.now();
    const { stream, filter, after } =
      input.NextToken === undefined
        ? begin(parts.directory, input, call)
        : goOn(parts, input, call, nowMs, input.NextToken);
    // The KCL waits on this answer "until stream is in Active or Updating".
    requireUsable(stream);
    const shards = filteredShards(stream, filter, nowMs).filter((shard) => shard.index > after);
    const page = shards.slice(0, Math.min(input.MaxResults ?? SHARDS_MAX, SHARDS_MAX));
    const more = page.length < shards.length;
    return {
      Shards: page.map(describeShard),
      ...(more
        ? {
            NextToken: sealNextToken(parts.tokens, 'list-shards', call, nowMs, [
              stream.id,
              page.at(-1)!.index,
              filter.type,
              'shardId' in filter ? filter.shardId : 'timeMs' in filter ? filter.timeMs : null,
            ]),
          }
        : {}),
    };
  };
}

function begin(directory: StreamDirectory, input: Input, call: Call): Listing {
  if (input.StreamName === undefined && input.StreamARN === undefined && input.StreamId === undefined) {
    throw invalidArgument('Either NextToken or StreamName should be provided.');
  }
  const filter = input.ShardFilter === undefined ? FROM_TRIM_HORIZON : filterOf(input.ShardFilter);
  if (input.ExclusiveStartShardId !== undefined && filter.type === 'AFTER_SHARD_ID') {
    throw invalidArgument(
      'ExclusiveStartShardId and a ShardFilter of type AFTER_SHARD_ID cannot be provided together.',
    );
  }
  const stream = resolveStream(directory, input, call);
  checkCreationTimestamp(stream, input.StreamCreationTimestamp);
  const start = input.ExclusiveStartShardId;
  // An id that is no shard's compares as text: nothing sorts after it, or everything does.
  const after = start === undefined ? -1 : (shardIndexOf(start) ?? (start > 'shardId-' ? Infinity : -1));
  return { stream, filter, after };
}

function goOn(
  parts: { readonly directory: StreamDirectory; readonly tokens: Tokens },
  input: Input,
  call: Call,
  nowMs: number,
  token: string,
): Listing {
  if (input.StreamName !== undefined) {
    throw invalidArgument('NextToken and StreamName cannot be provided together.');
  }
  for (const name of ['StreamCreationTimestamp', 'ExclusiveStartShardId', 'ShardFilter'] as const) {
    if (input[name] !== undefined) {
      throw invalidArgument(`NextToken and ${name} cannot be provided together.`);
    }
  }
  const [id, after, type, value] = openNextToken(parts.tokens, 'list-shards', call, nowMs, token);
  const stream = parts.directory.byId(String(id));
  if (stream === undefined) throw resourceNotFound(`The stream of the NextToken was not found.`);
  if (
    (input.StreamARN !== undefined || input.StreamId !== undefined) &&
    resolveStream(parts.directory, { StreamARN: input.StreamARN, StreamId: input.StreamId }, call) !== stream
  ) {
    throw invalidArgument('NextToken and StreamARN do not identify the same stream.');
  }
  return { stream, filter: { type, shardId: value, timeMs: value } as Filter, after: Number(after) };
}

function filterOf(filter: TypeOf<typeof ShardFilter>): Filter {
  const { Type: type, ShardId: shardId, Timestamp: timeMs } = filter;
  if (type === 'AFTER_SHARD_ID') {
    if (shardId === undefined)
      throw invalidArgument(`ShardId must be provided when ShardFilter type is ${type}.`);
    return { type, shardId };
  }
  if (shardId !== undefined)
    throw invalidArgument(`ShardId cannot be provided when ShardFilter type is ${type}.`);
  if (type === 'AT_TIMESTAMP' || type === 'FROM_TIMESTAMP') {
    if (timeMs === undefined)
      throw invalidArgument(`Timestamp must be provided when ShardFilter type is ${type}.`);
    return { type, timeMs };
  }
  if (timeMs !== undefined)
    throw invalidArgument(`Timestamp cannot be provided when ShardFilter type is ${type}.`);
  return { type };
}
