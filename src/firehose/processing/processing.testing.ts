/** What the tests of processing share: records, a processing with a clock that is moved, and a function in place of Lambda. */
import type { FunctionAnswer, Functions } from '../../functions/functions.ts';
import { createSimulatedClock } from '../../host/simulated/clock.ts';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { workHere } from '../../host/workers.ts';
import type { RecordIdentity } from '../delivery/delivery-record.ts';
import { parsePrefix } from '../object-keys/prefix-expression.ts';
import type { ProcessingSettings } from '../settings/destination-settings.ts';
import { createProcessing } from './create-processing.ts';
import type { IncomingRecord, Processed, Processing } from './processing.ts';

export const LAMBDA_ARN = 'arn:aws:lambda:us-east-1:123456789012:function:transform';
export const STREAM_ARN = 'arn:aws:firehose:us-east-1:123456789012:deliverystream/clicks';
export const ARRIVAL_MS = 1_795_521_599_000;

type Processors = ProcessingSettings['Processors'];
type Parameters = NonNullable<Processors[number]['Parameters']>;

export function processor(
  Type: Processors[number]['Type'],
  parameters: Partial<Record<Parameters[number]['ParameterName'], string>> = {},
): Processors[number] {
  const Parameters = Object.entries(parameters).map(([ParameterName, ParameterValue]) => ({
    ParameterName: ParameterName as Parameters[number]['ParameterName'],
    ParameterValue,
  }));
  return { Type, Parameters };
}

export type Invoke = (event: LambdaEvent, attempt: number) => FunctionAnswer | Promise<FunctionAnswer>;

export type LambdaEvent = {
  readonly invocationId: string;
  readonly records: readonly { readonly recordId: string; readonly data: string }[];
};

export function answer(value: unknown): FunctionAnswer {
  return { kind: 'ok', payload: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)) };
}

/** `run` moves the clock as long as somebody waits for it. */
export function processingOf(
  processors: Processors,
  options: {
    readonly prefix?: string;
    readonly invoke?: Invoke;
    readonly kinesisStreamArn?: string;
    readonly enabled?: boolean;
  } = {},
) {
  const clock = createSimulatedClock();
  const payloads: string[] = [];
  const functions: Functions = {
    invoke: async (_, payload) => {
      payloads.push(Buffer.from(payload).toString());
      return options.invoke!(JSON.parse(payloads.at(-1)!) as LambdaEvent, payloads.length);
    },
    unavailable: () => undefined,
  };
  const processing = createProcessing(
    {
      processing: { Enabled: options.enabled ?? true, Processors: processors },
      partitionedBy: options.prefix === undefined ? undefined : parsePrefix(options.prefix, 'Prefix'),
    },
    {
      functions,
      clock,
      dice: createSimulatedDice(1),
      workers: workHere,
      deliveryStream: { arn: STREAM_ARN, region: 'us-east-1' },
      source: {
        kinesisStreamArn: options.kinesisStreamArn,
        sequenceNumber: (_, position) => String(position).padStart(56, '4'),
      },
    },
  );
  return { processing, clock, payloads, run: runOf(processing, clock) };
}

function runOf(processing: Processing, clock: ReturnType<typeof createSimulatedClock>) {
  return async (
    records: readonly (string | Uint8Array)[],
    skip: (identity: RecordIdentity) => boolean = () => false,
  ): Promise<Processed> => {
    const processed = processing.process(records.map(incoming), skip, new AbortController().signal);
    const waiting = { done: false };
    const end = (): void => {
      waiting.done = true;
    };
    processed.then(end, end);
    for (let turns = 0; !waiting.done; turns++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (turns > 5 && clock.nextTimerMs() !== undefined) await clock.advance(clock.nextTimerMs()!);
    }
    return processed;
  };
}

function incoming(data: string | Uint8Array, index: number): IncomingRecord {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  return {
    unit: 'shardId-000000000000',
    position: index + 1,
    sub: 0,
    data: bytes,
    arrivalMs: ARRIVAL_MS,
    partitionKey: 'pk',
  };
}

export function texts(records: readonly { readonly data: Uint8Array }[]): readonly string[] {
  return records.map(({ data }) => Buffer.from(data).toString());
}
