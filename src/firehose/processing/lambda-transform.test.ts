import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FunctionFailure } from '../../functions/functions.ts';
import {
  ARRIVAL_MS,
  LAMBDA_ARN,
  STREAM_ARN,
  answer,
  processingOf,
  processor,
  texts,
  type Invoke,
  type LambdaEvent,
} from './processing.testing.ts';

const lambda = processor('Lambda', { LambdaArn: LAMBDA_ARN });
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const ok = (event: LambdaEvent, index: number, text = 'done') => ({
  recordId: event.records[index]!.recordId,
  result: 'Ok',
  data: base64(text),
});
const upper: Invoke = (event) =>
  answer({
    records: event.records.map(({ recordId, data }) => ({
      recordId,
      result: 'Ok',
      data: base64(Buffer.from(data, 'base64').toString().toUpperCase()),
    })),
  });

describe('the transforming function', () => {
  it('is asked with an event of exactly this form, and its data goes on', async () => {
    const { run, payloads } = processingOf([lambda], { invoke: upper });
    const { records, sources } = await run(['a', '']);
    assert.deepEqual(texts(records), ['A', '']);
    assert.deepEqual(texts(sources), ['a', '']);
    const id = (JSON.parse(payloads[0]!) as LambdaEvent).invocationId;
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const record = (position: string, data: string): string =>
      `{"recordId":"${position.padStart(56, '4')}000000","approximateArrivalTimestamp":${ARRIVAL_MS},"data":"${data}"}`;
    assert.equal(
      payloads[0],
      `{"invocationId":"${id}","deliveryStreamArn":"${STREAM_ARN}","region":"us-east-1","records":[${record('1', 'YQ==')},${record('2', '')}]}`,
    );
  });

  it('is told of the stream that records come from', async () => {
    const kinesisStreamArn = 'arn:aws:kinesis:us-east-1:123456789012:stream/source';
    const { run, payloads } = processingOf([lambda], { invoke: upper, kinesisStreamArn });
    await run(['a']);
    const event = JSON.parse(payloads[0]!) as Record<string, unknown> & { records: object[] };
    assert.equal(event['sourceKinesisStreamArn'], kinesisStreamArn);
    assert.equal(
      JSON.stringify((event.records[0] as { kinesisRecordMetadata: unknown }).kinesisRecordMetadata),
      `{"sequenceNumber":"${'1'.padStart(56, '4')}","subsequenceNumber":0,"partitionKey":"pk","shardId":"shardId-000000000000","approximateArrivalTimestamp":${ARRIVAL_MS}}`,
    );
  });

  it('answers for each record: dropped and failed ones go elsewhere', async () => {
    const { run } = processingOf([lambda], {
      invoke: (event) =>
        answer({
          records: [
            { recordId: event.records[0]!.recordId, result: 'Dropped' },
            { recordId: event.records[1]!.recordId, result: 'ProcessingFailed', data: base64('x') },
            ok(event, 2),
            { recordId: 'nobody', result: 'Ok', data: '' },
          ],
        }),
    });
    const { records, dropped, failed, sources } = await run(['a', 'b', 'c', 'd']);
    assert.deepEqual(texts(records), ['done']);
    assert.deepEqual(texts(records.map(({ rawData }) => ({ data: rawData }))), ['c']);
    assert.deepEqual(
      dropped.map(({ position }) => position),
      [1],
    );
    assert.equal(sources.length, 4);
    assert.equal(
      JSON.stringify(failed[0]!.members),
      `{"rawData":"Yg==","errorCode":"Lambda.ProcessingFailedStatus","errorMessage":"ProcessingFailed status set for record","attemptsMade":1,"arrivalTimestamp":${ARRIVAL_MS},"attemptEndingTimestamp":${ARRIVAL_MS + 1000},"lambdaARN":"${LAMBDA_ARN}"}`,
    );
    assert.deepEqual([failed[0]!.type, failed[1]!.code], ['processing-failed', 'Lambda.MissingRecordId']);
  });

  for (const [what, invoke, codes] of [
    [
      'an id twice',
      (event) => answer({ records: [ok(event, 0), ok(event, 0), ok(event, 1)] }),
      ['Lambda.DuplicatedRecordId'],
    ],
    [
      'Ok without data',
      (event) => answer({ records: [{ ...ok(event, 0), data: null }, ok(event, 1)] }),
      ['Lambda.InvalidReturnFormat'],
    ],
    [
      'no known result',
      (event) => answer({ records: [{ ...ok(event, 0), result: 'ok' }, ok(event, 1)] }),
      ['Lambda.FunctionError', 'Lambda.FunctionError'],
    ],
    [
      'data that is no base64',
      (event) => answer({ records: [{ ...ok(event, 0), data: '***' }, ok(event, 1)] }),
      ['Lambda.FunctionError', 'Lambda.FunctionError'],
    ],
    ['no records', () => answer({}), ['Lambda.MissingRecordId', 'Lambda.MissingRecordId']],
    ['null', () => answer('null'), ['Lambda.MissingRecordId', 'Lambda.MissingRecordId']],
    ['no JSON', () => answer('{'), ['Lambda.JsonProcessingException', 'Lambda.JsonProcessingException']],
  ] as readonly (readonly [string, Invoke, readonly string[]])[]) {
    it(`is not asked again when it answers ${what}`, async () => {
      const { run, payloads } = processingOf([lambda], { invoke });
      const { failed, records } = await run(['a', 'b']);
      assert.deepEqual(
        failed.map(({ code }) => code),
        codes,
      );
      assert.equal(records.length, 2 - codes.length);
      assert.equal(failed[0]!.members['attemptsMade'], 1);
      assert.equal(payloads.length, 1);
    });
  }

  it('is asked NumberOfRetries times more when it fails, each time as another invocation of the same records', async () => {
    const { run, payloads } = processingOf(
      [processor('Lambda', { LambdaArn: LAMBDA_ARN, NumberOfRetries: '2' })],
      { invoke: () => ({ kind: 'function-error', payload: Buffer.from('{"errorMessage":"no"}') }) },
    );
    const { failed } = await run(['a']);
    assert.equal(payloads.length, 3);
    const events = payloads.map((payload) => JSON.parse(payload) as LambdaEvent);
    assert.equal(new Set(events.map(({ invocationId }) => invocationId)).size, 3);
    assert.equal(new Set(events.map(({ records }) => JSON.stringify(records))).size, 1);
    assert.equal(failed[0]!.code, 'Lambda.FunctionError');
    assert.equal(failed[0]!.members['attemptsMade'], 3);
    assert.ok((failed[0]!.members['attemptEndingTimestamp'] as number) > ARRIVAL_MS + 3000);
  });

  it('may succeed at the next attempt', async () => {
    const { run } = processingOf([lambda], {
      invoke: (event, attempt) => {
        if (attempt < 3) throw new FunctionFailure('TooManyRequestsException', 'Rate exceeded', true);
        return upper(event, attempt);
      },
    });
    const { records, failed } = await run(['a']);
    assert.deepEqual([texts(records), failed], [['A'], []]);
  });

  it('is not asked again when that cannot help', async () => {
    const { run, payloads } = processingOf([lambda], {
      invoke: () => {
        throw new FunctionFailure('ResourceNotFoundException', 'Function not found', false);
      },
    });
    const { failed } = await run(['a']);
    assert.deepEqual([failed[0]!.code, payloads.length], ['Lambda.ResourceNotFound', 1]);
  });

  it('gets no more than the buffer and the payload hold', async () => {
    const small = processor('Lambda', {
      LambdaArn: LAMBDA_ARN,
      BufferSizeInMBs: '0.2',
      BufferIntervalInSeconds: '10',
    });
    const { run, payloads, processing } = processingOf([small], { invoke: upper });
    assert.deepEqual(processing.batching, { bytes: Math.ceil(0.2 * 1024 * 1024), intervalMs: 10_000 });
    const records = Array.from({ length: 5 }, (_, index) => `${index}`.repeat(100_000));
    assert.deepEqual(texts((await run(records)).records), records);
    assert.equal(payloads.length, 3);

    const many = processingOf([lambda], { invoke: upper });
    await many.run(Array.from({ length: 20_000 }, () => 'x'));
    assert.ok(many.payloads.length > 1);
    assert.ok(many.payloads.every((payload) => payload.length <= 6 * 1024 * 1024));
  });

  it('is not waited for when the engine stops', async () => {
    const { processing } = processingOf([lambda], { invoke: () => new Promise(() => {}) });
    const stop = new AbortController();
    const failing = processingOf([lambda], {
      invoke: () => {
        stop.abort(new Error('stopped'));
        throw new FunctionFailure('Unreachable', 'gone', true);
      },
    });
    assert.ok(processing.batching);
    const record = { unit: 'u', position: 1, sub: 0, data: Buffer.from('a'), arrivalMs: 0 };
    await assert.rejects(
      failing.processing.process([record], () => false, stop.signal),
      { message: 'stopped' },
    );
  });

  it('is not there when processing is off', async () => {
    const { run, processing } = processingOf([lambda], { enabled: false });
    assert.equal(processing.batching, undefined);
    assert.deepEqual(texts((await run(['a'])).records), ['a']);
  });
});
