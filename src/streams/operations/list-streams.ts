import type { Clock } from '../../host/host.ts';
import { invalidArgument } from '../directory/stream-errors.ts';
import { creationTimestamp } from '../directory/describe.ts';
import type { Stream, StreamDirectory } from '../directory/stream.ts';
import type { Tokens } from '../reading/tokens.ts';
import { openNextToken, sealNextToken } from '../directory/paging.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { anyResource } from '../directory/resources.ts';
import {
  BooleanObject,
  ListStreamsInputLimit,
  NextToken,
  StreamName,
  StreamNameList,
  StreamSummaryList,
} from '../shapes.ts';

export const ListStreams = operation({
  name: 'ListStreams',
  action: 'kinesis:ListStreams',
  resources: anyResource,
  input: structure('ListStreamsInput', {
    Limit: optional(ListStreamsInputLimit),
    ExclusiveStartStreamName: optional(StreamName),
    NextToken: optional(NextToken),
  }),
  output: structure('ListStreamsOutput', {
    StreamNames: required(StreamNameList),
    HasMoreStreams: required(BooleanObject),
    NextToken: optional(NextToken),
    StreamSummaries: optional(StreamSummaryList),
  }),
  errors: ['LimitExceededException', 'ExpiredNextTokenException', 'InvalidArgumentException'],
});

const STREAMS_MAX = 100;

export function listStreams(parts: {
  readonly directory: StreamDirectory;
  readonly tokens: Tokens;
  readonly clock: Clock;
}): Handler<typeof ListStreams> {
  return (input, call) => {
    const { tokens, clock } = parts;
    const nowMs = clock.now();
    if (input.NextToken !== undefined && input.ExclusiveStartStreamName !== undefined) {
      throw invalidArgument('NextToken and ExclusiveStartStreamName cannot be provided together.');
    }
    const after =
      input.NextToken === undefined
        ? input.ExclusiveStartStreamName
        : String(openNextToken(tokens, 'list-streams', call, nowMs, input.NextToken)[0]);
    const streams = parts.directory.list(call.caller.account, call.region);
    const from = after === undefined ? 0 : firstAfter(streams, after);
    const page = streams.slice(from, from + Math.min(input.Limit ?? STREAMS_MAX, STREAMS_MAX));
    const more = from + page.length < streams.length;
    return {
      StreamNames: page.map((stream) => stream.name),
      HasMoreStreams: more,
      ...(more ? { NextToken: sealNextToken(tokens, 'list-streams', call, nowMs, [page.at(-1)!.name]) } : {}),
      StreamSummaries: page.map((stream) => ({
        StreamName: stream.name,
        StreamARN: stream.arn,
        StreamStatus: stream.status,
        StreamModeDetails: { StreamMode: stream.mode },
        StreamCreationTimestamp: creationTimestamp(stream),
      })),
    };
  };
}

function firstAfter(streams: readonly Stream[], name: string): number {
  const at = streams.findIndex((stream) => stream.name > name);
  return at === -1 ? streams.length : at;
}
