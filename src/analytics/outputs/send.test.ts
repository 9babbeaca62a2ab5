import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FunctionFailure, type Functions } from '../../functions/functions.ts';
import { createSimulatedClock, type SimulatedClock } from '../../host/simulated/clock.ts';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { deliveryOutput } from './delivery-output.ts';
import { functionOutput } from './function-output.ts';
import { sendRows } from './send.ts';
import { streamOutput } from './stream-output.ts';
import type { LeavingRows } from '../running/ports.ts';
import type { OutputPort } from './output-port.ts';

function rowsOf(...texts: readonly string[]): LeavingRows {
  let end = 0;
  const ends = Uint32Array.from(texts, (text) => (end += text.length));
  return { bytes: Buffer.from(texts.join('')), ends, step: 7 };
}

/** Time in small pieces, so that everything that waits for something else comes to it. */
async function pass(clock: SimulatedClock, ms: number): Promise<void> {
  for (let passed = 0; passed <= ms; passed += 50) {
    await new Promise<void>((resolve) => void setImmediate(resolve));
    await clock.advance(50);
  }
}

function opened(port: OutputPort) {
  const clock = createSimulatedClock();
  const states: (string | undefined)[] = [];
  const aborting = new AbortController();
  const parts = { clock, port, onState: (reason: string | undefined) => states.push(reason) };
  return { clock, states, aborting, send: (rows: LeavingRows) => sendRows(parts, rows, aborting.signal) };
}

const textOf = (data: Uint8Array): string => Buffer.from(data).toString();

describe('rows leave', () => {
  it('for a stream under a key of their own, in batches, and again what was refused, in its order', async () => {
    const calls: string[][] = [];
    let refusing = true;
    const port = streamOutput('arn', async (_arn, records) => {
      calls.push(records.map(({ Data }) => textOf(Data)));
      for (const { Data, PartitionKey } of records) {
        assert.equal(PartitionKey, `7-${'abc'.indexOf(textOf(Data))}`);
      }
      return records.map(({ Data }) =>
        refusing && textOf(Data) !== 'b' ? 'Throttled: slow down' : undefined,
      );
    });
    const { clock, states, send } = opened(port);
    const sent = send(rowsOf('a', 'b', 'c'));
    await pass(clock, 0);
    assert.deepEqual(states, ['Throttled: slow down']);
    refusing = false;
    await pass(clock, 1000);
    await sent;
    assert.deepEqual(calls, [
      ['a', 'b', 'c'],
      ['a', 'c'],
    ]);
    assert.deepEqual(states, ['Throttled: slow down', undefined]);
  });

  it('no more at once than the destination takes', async () => {
    const sizes: number[] = [];
    const port = deliveryOutput('arn', async (_arn, records) => {
      sizes.push(records.length);
      return records.map(() => undefined);
    });
    const texts = Array.from({ length: 1203 }, (_, index) => `row ${index}`);
    await opened(port).send(rowsOf(...texts));
    assert.deepEqual(sizes, [500, 500, 203]);
  });

  it('again when nothing was taken, until they are let go', async () => {
    let attempts = 0;
    const port = streamOutput('arn', async () => {
      attempts++;
      throw new Error('there is no stream');
    });
    const { clock, states, aborting, send } = opened(port);
    const sent = send(rowsOf('a'));
    const rejected = assert.rejects(sent, /stopped/);
    await pass(clock, 60_000);
    assert.ok(attempts > 8, `${attempts} attempts`);
    assert.deepEqual(new Set(states), new Set(['there is no stream']));
    aborting.abort(new Error('stopped'));
    await pass(clock, 20_000);
    await rejected;
  });

  it('to a function, which says of each whether it took it', async () => {
    const events: { records: { recordId: string; data: string; lambdaDeliveryRecordMetadata: object }[] }[] =
      [];
    const answers = [
      (): never => {
        throw new FunctionFailure('TooManyRequestsException', 'busy', true);
      },
      () => ({ records: [] }),
      (event: (typeof events)[number]) => ({
        records: event.records.map(({ recordId, data }) => ({
          recordId,
          result: Buffer.from(data, 'base64').toString() === 'a' ? 'DeliveryFailed' : 'Ok',
        })),
      }),
      (event: (typeof events)[number]) => ({
        records: event.records.map(({ recordId }) => ({ recordId, result: 'Ok' })),
      }),
    ];
    const functions: Functions = {
      unavailable: () => undefined,
      async invoke(_arn, payload) {
        const event = JSON.parse(textOf(payload)) as (typeof events)[number];
        events.push(event);
        return { kind: 'ok', payload: Buffer.from(JSON.stringify(answers[events.length - 1]!(event))) };
      },
    };
    const port = functionOutput('arn:f', 'arn:app', { functions, dice: createSimulatedDice(1) });
    const { clock, send } = opened(port);
    const sent = send(rowsOf('a', 'b'));
    await pass(clock, 10_000);
    await sent;
    assert.deepEqual(
      events.map(({ records }) => records.map(({ data }) => Buffer.from(data, 'base64').toString())),
      [['a', 'b'], ['a', 'b'], ['a', 'b'], ['a']],
    );
    assert.deepEqual(
      events.map(({ records }) => records[0]!.lambdaDeliveryRecordMetadata),
      [{ retryHint: 0 }, { retryHint: 1 }, { retryHint: 2 }, { retryHint: 3 }],
    );
  });
});
