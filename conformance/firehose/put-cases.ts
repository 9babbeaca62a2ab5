/** Records put into delivery streams. */
import * as assert from 'node:assert/strict';
import { expectFailure, type Case } from '../case.ts';
import type { Output } from '../client.ts';
import { withDeliveryStream } from './delivery-streams.ts';

const MIB = 1024 * 1024;

export function putCases(): Case[] {
  return [
    {
      name: 'Firehose: each record that is put has an id of its own',
      covers: ['op:PutRecord', 'op:PutRecordBatch'],
      run: (bench) =>
        withDeliveryStream(bench, {}, async ({ client }, DeliveryStreamName) => {
          const one = await client.call('PutRecord', {
            DeliveryStreamName,
            Record: { Data: Buffer.from('a') },
          });
          assert.equal(one['Encrypted'], false);
          const Records = ['b', '', 'c'].map((text) => ({ Data: Buffer.from(text) }));
          const many = await client.call('PutRecordBatch', { DeliveryStreamName, Records });
          assert.equal(many['FailedPutCount'], 0);
          const entries = many['RequestResponses'] as Output[];
          const ids = new Set([one, ...entries].map((entry) => entry['RecordId']));
          assert.equal(ids.size, 4);
          for (const entry of entries) assert.deepEqual(Object.keys(entry), ['RecordId']);
        }),
    },
    {
      name: 'Firehose: a batch above 4 MiB',
      covers: ['error:PutRecordBatch/InvalidArgumentException'],
      run: (bench) =>
        withDeliveryStream(bench, {}, async ({ client }, DeliveryStreamName) => {
          const Records = Array.from({ length: 5 }, () => ({ Data: new Uint8Array(1_000_000) }));
          const failure = await client.failure('PutRecordBatch', { DeliveryStreamName, Records });
          expectFailure(failure, 'InvalidArgumentException', 'Records size exceeds 4 MB limit');
        }),
    },
    {
      name: 'Firehose: records cannot be put where a stream is the source',
      covers: [
        'error:PutRecord/InvalidArgumentException',
        'error:StopDeliveryStreamEncryption/InvalidArgumentException',
      ],
      run: async (bench) => {
        const KinesisStreamARN = await bench.streams.arn(await bench.streams.shared());
        const RoleARN = `arn:aws:iam::${await bench.streams.account()}:role/conformance`;
        const source = {
          DeliveryStreamType: 'KinesisStreamAsSource',
          KinesisStreamSourceConfiguration: { KinesisStreamARN, RoleARN },
        };
        await withDeliveryStream(bench, source, async ({ client }, DeliveryStreamName) => {
          expectFailure(
            await client.failure('PutRecord', { DeliveryStreamName, Record: { Data: Buffer.from('a') } }),
            'InvalidArgumentException',
            'This operation is not permitted on KinesisStreamAsSource delivery stream type.',
          );
          expectFailure(
            await client.failure('StopDeliveryStreamEncryption', { DeliveryStreamName }),
            'InvalidArgumentException',
          );
        });
      },
    },
    {
      name: 'Firehose: more than a delivery stream takes is refused for a while',
      covers: [
        'error:PutRecord/ServiceUnavailableException',
        'error:PutRecordBatch/ServiceUnavailableException',
      ],
      run: (bench) =>
        withDeliveryStream(bench, {}, async ({ client }, DeliveryStreamName) => {
          const Records = Array.from({ length: 4 }, () => ({ Data: new Uint8Array(1_000_000) }));
          const input = { DeliveryStreamName, Records };
          const answers = await Promise.all([1, 2, 3].map(() => client.call('PutRecordBatch', input)));
          const refused = answers
            .flatMap((answer) => answer['RequestResponses'] as Output[])
            .filter((entry) => entry['RecordId'] === undefined);
          if (refused.length === 0) bench.skip('the endpoint enforces no rates');
          for (const entry of refused) {
            assert.deepEqual(entry, { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' });
          }
          const counted = answers.reduce((count, answer) => count + Number(answer['FailedPutCount']), 0);
          assert.equal(counted, refused.length);
          const Record = { Data: new Uint8Array(MIB - 100_000) };
          const failure = await client.once('PutRecord', { DeliveryStreamName, Record });
          if (failure !== undefined) expectFailure(failure, 'ServiceUnavailableException', 'Slow down.', 500);
        }),
    },
  ];
}
