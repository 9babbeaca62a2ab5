import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FunctionFailure, type Functions } from '../../functions/functions.ts';
import { createSimulatedClock, type SimulatedClock } from '../../host/simulated/clock.ts';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { createPreprocessor } from './preprocessor.ts';

type Event = {
  readonly records: readonly { readonly recordId: string; readonly data: string }[];
  readonly [name: string]: unknown;
};

const RECORDS = {
  data: ['keep', 'drop', 'fail'].map((text) => Buffer.from(text)),
  arrivalsMs: [1_520_280_173_500, 2000, 3000],
  partitionKeys: ['p', 'q', 'r'],
  sequenceNumbers: ['1', '2', '2'],
};

/** Time in small pieces, so that everything that waits for something else comes to it. */
async function pass(clock: SimulatedClock, ms: number): Promise<void> {
  for (let passed = 0; passed <= ms; passed += 50) {
    await new Promise<void>((resolve) => void setImmediate(resolve));
    await clock.advance(50);
  }
}

function opened(answerOf: (event: Event, invocation: number) => unknown) {
  const clock = createSimulatedClock();
  const events: Event[] = [];
  const states: (string | undefined)[] = [];
  const functions: Functions = {
    unavailable: () => undefined,
    async invoke(_arn, payload) {
      const event = JSON.parse(Buffer.from(payload).toString()) as Event;
      events.push(event);
      return { kind: 'ok', payload: Buffer.from(JSON.stringify(answerOf(event, events.length))) };
    },
  };
  const preprocessor = createPreprocessor({
    ...{ arn: 'f', applicationArn: 'app', streamArn: 'stream', functions, clock },
    dice: createSimulatedDice(1),
    onState: (reason) => states.push(reason),
  });
  return { clock, events, states, preprocessor };
}

const verdicts = (event: Event) => ({
  records: event.records.map(({ recordId, data }) => {
    const text = Buffer.from(data, 'base64').toString();
    if (text === 'drop') return { recordId, result: 'Dropped' };
    if (text === 'fail') return { recordId, result: 'ProcessingFailed' };
    return { recordId, result: 'Ok', data: Buffer.from(text.toUpperCase()).toString('base64') };
  }),
});

describe('the preprocessing function', () => {
  it('gets records as AWS sends them, and changes, drops and fails them', async () => {
    const { preprocessor, events } = opened(verdicts);
    const { records, failed } = await preprocessor.process(
      RECORDS,
      'shardId-000000000003',
      new AbortController().signal,
    );
    assert.deepEqual(records, {
      data: [Buffer.from('KEEP')],
      arrivalsMs: [1_520_280_173_500],
      partitionKeys: ['p'],
      sequenceNumbers: ['1'],
    });
    assert.deepEqual(
      failed.map(({ data }) => Buffer.from(data).toString()),
      ['fail'],
    );
    const { invocationId, ...event } = events[0]!;
    assert.match(String(invocationId), /^[0-9a-f-]{36}$/);
    assert.deepEqual([event['applicationArn'], event['streamArn']], ['app', 'stream']);
    assert.deepEqual(event.records[0], {
      recordId: '1000000',
      data: 'a2VlcA==',
      kinesisStreamRecordMetadata: {
        shardId: 'shardId-000000000003',
        partitionKey: 'p',
        sequenceNumber: '1',
        approximateArrivalTimestamp: 1_520_280_173,
      },
    });
    // Records of one aggregate have one sequence number.
    assert.notEqual(event.records[1]!.recordId, event.records[2]!.recordId);
  });

  it('is asked again until every record is answered, and the ids stay', async () => {
    const { clock, preprocessor, events, states } = opened((event, invocation) => {
      if (invocation === 1) throw new FunctionFailure('Timeout', 'too slow', true);
      if (invocation === 2) return { records: verdicts(event).records.slice(1) };
      return verdicts(event);
    });
    const processed = preprocessor.process(RECORDS, 's', new AbortController().signal);
    await pass(clock, 5000);
    assert.equal((await processed).records.data.length, 1);
    assert.equal(events.length, 3);
    const ids = events.map((event) => event.records.map(({ recordId }) => recordId).join());
    assert.equal(new Set(ids).size, 1);
    assert.equal(states[0], 'Timeout: too slow');
    assert.equal(states.at(-1), undefined);
  });

  it('is not asked for more than it takes at once', async () => {
    const { preprocessor, events } = opened(verdicts);
    const data = Array.from({ length: 1100 }, () => Buffer.from('keep'));
    const many = {
      data,
      arrivalsMs: data.map(() => 1),
      partitionKeys: undefined,
      sequenceNumbers: undefined,
    };
    const { records } = await preprocessor.process(many, undefined, new AbortController().signal);
    assert.equal(records.data.length, 1100);
    assert.deepEqual(
      events.map((event) => event.records.length),
      [500, 500, 100],
    );
    assert.ok('kinesisFirehoseRecordMetadata' in events[0]!.records[0]!);
  });
});
