/**
 * Which stream or consumer a call means: by ARN, by name (in the caller's account and the call's region), or by StreamId. Several may be
 * given (the KPL sends name and ARN): they must then mean the same stream. A stream of another region is not found here: each
 * region is a service of its own. Whether the caller may touch another account's stream was decided before.
 */
import type { Call } from '../../wire/shape/operation.ts';
import { consumerNotFound, invalidArgument, resourceNotFound, streamNotFound } from './stream-errors.ts';
import type { Consumer, Stream, StreamDirectory } from './stream.ts';

type StreamInput = {
  readonly StreamARN?: string | undefined;
  readonly StreamName?: string | undefined;
  readonly StreamId?: string | undefined;
};
type ConsumerInput = {
  readonly ConsumerARN?: string | undefined;
  readonly ConsumerName?: string | undefined;
  readonly StreamARN?: string | undefined;
  readonly StreamId?: string | undefined;
};
type Caller = Pick<Call, 'caller' | 'region'>;

type Arn = {
  readonly region: string;
  readonly account: string;
  readonly stream: string;
  /** `name:seconds` in a consumer's ARN. */
  readonly consumer: string | undefined;
};
const ARN =
  /^arn:aws[^:]*:kinesis:([^:]*):(\d{12}):stream\/([^\s/]+)(?:\/consumer\/([a-zA-Z0-9_.-]+:[0-9]+))?$/;

/** Throws ResourceNotFoundException when there is none, InvalidArgumentException when the input names none or two. */
export function resolveStream(directory: StreamDirectory, input: StreamInput, call: Caller): Stream {
  const named = namedStream(input, call);
  if (named === undefined) {
    if (input.StreamId !== undefined) return streamById(directory, input.StreamId, call);
    throw invalidArgument('Either StreamName or StreamARN should be provided.');
  }
  const stream = lookUp(directory, named, call);
  if (input.StreamId !== undefined && input.StreamId !== stream.id) {
    throw invalidArgument(
      `StreamId ${input.StreamId} does not identify stream ${stream.name} under account ${stream.account}.`,
    );
  }
  return stream;
}

/** By ConsumerARN, or by StreamARN and ConsumerName; all three may be given when they do not conflict. */
export function resolveConsumer(
  directory: StreamDirectory,
  input: ConsumerInput,
  call: Caller,
): { readonly stream: Stream; readonly consumer: Consumer } {
  if (input.ConsumerARN !== undefined) {
    const found = consumerByArn(directory, input.ConsumerARN, call);
    const conflicts =
      (input.ConsumerName !== undefined && input.ConsumerName !== found.consumer.name) ||
      (input.StreamARN !== undefined && !meansStream(input.StreamARN, found.stream)) ||
      (input.StreamId !== undefined && input.StreamId !== found.stream.id);
    if (conflicts) {
      throw invalidArgument(
        'StreamARN, ConsumerName and ConsumerARN conflict: they must identify the same consumer.',
      );
    }
    return found;
  }
  const byStream = input.StreamARN !== undefined || input.StreamId !== undefined;
  if (!byStream || input.ConsumerName === undefined) {
    throw invalidArgument('Either ConsumerARN or both StreamARN and ConsumerName should be provided.');
  }
  const stream = resolveStream(directory, { StreamARN: input.StreamARN, StreamId: input.StreamId }, call);
  const consumer = stream.consumers.find((one) => one.name === input.ConsumerName);
  if (consumer === undefined) throw consumerNotFound(input.ConsumerName, stream.account);
  return { stream, consumer };
}

/** What a ResourceARN means: a stream, or one of its consumers. `arn` is its ARN as we write it. */
export function resolveResource(
  directory: StreamDirectory,
  input: { readonly ResourceARN: string; readonly StreamId?: string | undefined },
  call: Caller,
): { readonly stream: Stream; readonly arn: string } {
  const ofConsumer = parseArn(input.ResourceARN)?.consumer !== undefined;
  const consumed = ofConsumer ? consumerByArn(directory, input.ResourceARN, call) : undefined;
  const stream = consumed?.stream ?? resolveStream(directory, { StreamARN: input.ResourceARN }, call);
  if (input.StreamId !== undefined && input.StreamId !== stream.id) {
    throw invalidArgument(`StreamId ${input.StreamId} does not identify ${input.ResourceARN}.`);
  }
  return { stream, arn: consumed?.consumer.arn ?? stream.arn };
}

function namedStream(input: StreamInput, call: Caller): Arn | undefined {
  const byName =
    input.StreamName === undefined
      ? undefined
      : {
          region: call.region,
          account: call.caller.account,
          stream: input.StreamName,
          consumer: undefined,
        };
  if (input.StreamARN === undefined) return byName;
  const byArn = parseArn(input.StreamARN);
  if (byArn === undefined || byArn.consumer !== undefined) {
    throw invalidArgument(`${input.StreamARN} is not the ARN of a stream.`);
  }
  if (byName !== undefined && byName.stream !== byArn.stream) {
    throw invalidArgument(
      `StreamName ${byName.stream} and StreamARN ${input.StreamARN} do not identify the same stream.`,
    );
  }
  return byArn;
}

function lookUp(directory: StreamDirectory, arn: Arn, call: Caller): Stream {
  const stream =
    arn.region === call.region ? directory.byName(arn.account, arn.region, arn.stream) : undefined;
  if (stream === undefined) throw streamNotFound(arn.stream, arn.account);
  return stream;
}

function streamById(directory: StreamDirectory, id: string, call: Caller): Stream {
  const stream = directory.byId(id);
  if (stream === undefined || stream.account !== call.caller.account || stream.region !== call.region) {
    throw resourceNotFound(`Stream with id ${id} under account ${call.caller.account} not found.`);
  }
  return stream;
}

function consumerByArn(
  directory: StreamDirectory,
  consumerArn: string,
  call: Caller,
): { readonly stream: Stream; readonly consumer: Consumer } {
  const arn = parseArn(consumerArn);
  if (arn?.consumer === undefined) throw invalidArgument(`${consumerArn} is not the ARN of a consumer.`);
  const stream =
    arn.region === call.region ? directory.byName(arn.account, arn.region, arn.stream) : undefined;
  const consumer = stream?.consumers.find((one) => one.arn.endsWith(`/consumer/${arn.consumer}`));
  if (stream === undefined || consumer === undefined) throw consumerNotFound(consumerArn, arn.account);
  return { stream, consumer };
}

function meansStream(arn: string, stream: Stream): boolean {
  const parsed = parseArn(arn);
  return (
    parsed?.account === stream.account && parsed.region === stream.region && parsed.stream === stream.name
  );
}

function parseArn(text: string): Arn | undefined {
  const match = ARN.exec(text);
  if (match === null) return undefined;
  const [, region = '', account = '', stream = '', consumer] = match;
  return { region, account, stream, consumer };
}

/** StreamCreationTimestamp tells streams of one name apart: throws ResourceNotFoundException when it is another one's. To the second. */
export function checkCreationTimestamp(stream: Stream, timestampMs: number | undefined): void {
  if (timestampMs === undefined || Math.floor(timestampMs / 1000) === Math.floor(stream.createdMs / 1000)) {
    return;
  }
  throw streamNotFound(stream.name, stream.account);
}
