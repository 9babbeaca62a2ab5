import type { Clock } from '../../host/host.ts';
import { checkCreationTimestamp, resolveStream } from '../directory/resolve-stream.ts';
import { invalidArgument } from '../directory/stream-errors.ts';
import { describeConsumer } from '../directory/describe.ts';
import type { StreamDirectory } from '../directory/stream.ts';
import type { Tokens } from '../reading/tokens.ts';
import { openNextToken, sealNextToken } from '../directory/paging.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
import {
  ConsumerList,
  ListStreamConsumersInputLimit,
  NextToken,
  StreamARN,
  StreamId,
  Timestamp,
} from '../shapes.ts';

export const ListStreamConsumers = operation({
  name: 'ListStreamConsumers',
  action: 'kinesis:ListStreamConsumers',
  resources: streamResource,
  input: structure('ListStreamConsumersInput', {
    StreamARN: required(StreamARN),
    NextToken: optional(NextToken),
    MaxResults: optional(ListStreamConsumersInputLimit),
    StreamCreationTimestamp: optional(Timestamp),
    StreamId: optional(StreamId),
  }),
  output: structure('ListStreamConsumersOutput', {
    Consumers: optional(ConsumerList),
    NextToken: optional(NextToken),
  }),
  errors: [
    'ResourceNotFoundException',
    'InvalidArgumentException',
    'LimitExceededException',
    'ExpiredNextTokenException',
    'ResourceInUseException',
  ],
});

const CONSUMERS_MAX = 100;

export function listStreamConsumers(parts: {
  readonly directory: StreamDirectory;
  readonly tokens: Tokens;
  readonly clock: Clock;
}): Handler<typeof ListStreamConsumers> {
  return (input, call) => {
    const { tokens } = parts;
    const nowMs = parts.clock.now();
    if (input.NextToken !== undefined && input.StreamCreationTimestamp !== undefined) {
      throw invalidArgument('NextToken and StreamCreationTimestamp cannot be provided together.');
    }
    const place =
      input.NextToken === undefined
        ? undefined
        : openNextToken(tokens, 'list-stream-consumers', call, nowMs, input.NextToken);
    const stream = resolveStream(parts.directory, input, call);
    if (place !== undefined && place[0] !== stream.id) throw invalidArgument('Invalid NextToken.');
    checkCreationTimestamp(stream, input.StreamCreationTimestamp);
    const consumers = stream.consumers.filter(
      (consumer) => place === undefined || consumer.name > String(place[1]),
    );
    const page = consumers.slice(0, Math.min(input.MaxResults ?? CONSUMERS_MAX, CONSUMERS_MAX));
    const more = page.length < consumers.length;
    return {
      Consumers: page.map(describeConsumer),
      ...(more
        ? {
            NextToken: sealNextToken(tokens, 'list-stream-consumers', call, nowMs, [
              stream.id,
              page.at(-1)!.name,
            ]),
          }
        : {}),
    };
  };
}
