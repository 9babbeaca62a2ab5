/** What can be changed of a delivery stream: its destination, tags and encryption. */
import * as assert from 'node:assert/strict';
import { expectFailure, type Case } from '../case.ts';
import type { Input } from '../client.ts';
import { described, firehoseOf, freshName, withDeliveryStream } from './delivery-streams.ts';

export function settingCases(): Case[] {
  return [
    {
      name: 'Firehose: an update names the version that it changes',
      covers: [
        'op:UpdateDestination',
        'error:UpdateDestination/ConcurrentModificationException',
        'error:UpdateDestination/InvalidArgumentException',
      ],
      run: (bench) =>
        withDeliveryStream(bench, {}, async ({ client }, DeliveryStreamName) => {
          const input = {
            DeliveryStreamName,
            CurrentDeliveryStreamVersionId: '1',
            DestinationId: 'destinationId-000000000001',
            ExtendedS3DestinationUpdate: { Prefix: 'new/', CompressionFormat: 'GZIP' },
          };
          expectFailure(
            await client.failure('UpdateDestination', { ...input, DestinationId: 'destinationId-2' }),
            'InvalidArgumentException',
          );
          expectFailure(
            await client.failure('UpdateDestination', { ...input, CurrentDeliveryStreamVersionId: '7' }),
            'ConcurrentModificationException',
            `Cannot update firehose: ${DeliveryStreamName} since the current version id: 1 and specified version id: 7 do not match`,
          );
          await client.call('UpdateDestination', input);
          const one = await described(client, DeliveryStreamName, (found) => found['VersionId'] === '2');
          assert.equal(typeof one['LastUpdateTimestamp'], 'number');
          const s3 = one['Destinations'][0].ExtendedS3DestinationDescription;
          assert.deepEqual([s3.Prefix, s3.CompressionFormat], ['new/', 'GZIP']);
        }),
    },
    {
      name: 'Firehose: what is being created cannot be changed',
      covers: [
        'error:UpdateDestination/ResourceInUseException',
        'error:TagDeliveryStream/ResourceInUseException',
        'error:UntagDeliveryStream/ResourceInUseException',
        'error:StartDeliveryStreamEncryption/ResourceInUseException',
        'error:StopDeliveryStreamEncryption/ResourceInUseException',
      ],
      run: async (bench) => {
        const { client, s3 } = await firehoseOf(bench);
        const changes: readonly (readonly [string, Input])[] = [
          [
            'UpdateDestination',
            {
              CurrentDeliveryStreamVersionId: '1',
              DestinationId: 'destinationId-000000000001',
              ExtendedS3DestinationUpdate: { Prefix: 'x/' },
            },
          ],
          ['TagDeliveryStream', { Tags: [{ Key: 'a', Value: 'b' }] }],
          ['UntagDeliveryStream', { TagKeys: ['a'] }],
          ['StartDeliveryStreamEncryption', {}],
          ['StopDeliveryStreamEncryption', {}],
        ];
        // One each: the state lasts a fraction of a second here.
        for (const [operation, input] of changes) {
          const DeliveryStreamName = freshName();
          await client.call('CreateDeliveryStream', {
            DeliveryStreamName,
            ExtendedS3DestinationConfiguration: s3,
          });
          const failure = await client.once(operation, { DeliveryStreamName, ...input });
          await described(client, DeliveryStreamName, (found) => found['DeliveryStreamStatus'] === 'ACTIVE');
          await client.call('DeleteDeliveryStream', { DeliveryStreamName });
          if (failure === undefined) bench.skip('it was ACTIVE before it could be changed');
          else if (failure.code !== 'ThrottlingException') expectFailure(failure, 'ResourceInUseException');
        }
      },
    },
    {
      name: 'Firehose: tags are kept, listed in pages, and fifty at the most',
      covers: [
        'op:TagDeliveryStream',
        'op:UntagDeliveryStream',
        'op:ListTagsForDeliveryStream',
        'error:TagDeliveryStream/LimitExceededException',
      ],
      run: (bench) =>
        withDeliveryStream(
          bench,
          { Tags: [{ Key: 'b', Value: '1' }] },
          async ({ client }, DeliveryStreamName) => {
            await client.call('TagDeliveryStream', {
              DeliveryStreamName,
              Tags: [
                { Key: 'a', Value: '1' },
                { Key: 'b', Value: '2' },
              ],
            });
            const list = (input: Input = {}) =>
              client.call('ListTagsForDeliveryStream', { DeliveryStreamName, ...input });
            assert.deepEqual(await list({ Limit: 1 }), {
              Tags: [{ Key: 'a', Value: '1' }],
              HasMoreTags: true,
            });
            assert.deepEqual(await list({ ExclusiveStartTagKey: 'a' }), {
              Tags: [{ Key: 'b', Value: '2' }],
              HasMoreTags: false,
            });
            await client.call('UntagDeliveryStream', { DeliveryStreamName, TagKeys: ['a', 'none'] });
            const Tags = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
            expectFailure(
              await client.failure('TagDeliveryStream', { DeliveryStreamName, Tags }),
              'LimitExceededException',
            );
          },
        ),
    },
    {
      name: 'Firehose: encryption is started, stopped, and changed 25 times a day',
      covers: [
        'op:StartDeliveryStreamEncryption',
        'op:StopDeliveryStreamEncryption',
        'error:StartDeliveryStreamEncryption/InvalidArgumentException',
        'error:StartDeliveryStreamEncryption/InvalidKMSResourceException',
        'error:StartDeliveryStreamEncryption/LimitExceededException',
        'error:StopDeliveryStreamEncryption/LimitExceededException',
      ],
      run: (bench) =>
        withDeliveryStream(bench, {}, async ({ client, account, region }, DeliveryStreamName) => {
          const KeyARN = `arn:aws:kms:${region}:${account}:key/11111111-2222-3333-4444-555555555555`;
          const start = (key: Input) => ({
            DeliveryStreamName,
            DeliveryStreamEncryptionConfigurationInput: { KeyType: 'CUSTOMER_MANAGED_CMK', ...key },
          });
          const settled = async (Status: string) =>
            (
              await described(
                client,
                DeliveryStreamName,
                (one) => one['DeliveryStreamEncryptionConfiguration'].Status === Status,
              )
            )['DeliveryStreamEncryptionConfiguration'];
          expectFailure(
            await client.failure('StartDeliveryStreamEncryption', start({})),
            'InvalidArgumentException',
          );
          expectFailure(
            await client.failure(
              'StartDeliveryStreamEncryption',
              start({ KeyARN: KeyARN.replace(account, '999999999999') }),
            ),
            'InvalidKMSResourceException',
          );
          await client.call('StartDeliveryStreamEncryption', start({ KeyARN }));
          const key = { KeyARN, KeyType: 'CUSTOMER_MANAGED_CMK' };
          assert.deepEqual(await settled('ENABLED'), { ...key, Status: 'ENABLED' });
          const put = await client.call('PutRecord', {
            DeliveryStreamName,
            Record: { Data: Buffer.from('a') },
          });
          assert.equal(put['Encrypted'], true);
          await client.call('StopDeliveryStreamEncryption', { DeliveryStreamName });
          assert.deepEqual(await settled('DISABLED'), { ...key, Status: 'DISABLED' });
          for (let change = 2; change < 25; change += 2) {
            await client.call('StartDeliveryStreamEncryption', { DeliveryStreamName });
            await settled('ENABLED');
            if (change + 1 >= 25) break;
            await client.call('StopDeliveryStreamEncryption', { DeliveryStreamName });
            await settled('DISABLED');
          }
          for (const operation of ['StartDeliveryStreamEncryption', 'StopDeliveryStreamEncryption']) {
            const failure = await client.outcome(operation, { DeliveryStreamName });
            if (failure === undefined) bench.skip('the endpoint enforces no limits');
            else expectFailure(failure, 'LimitExceededException');
          }
        }),
    },
  ];
}
