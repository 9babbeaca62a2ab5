/** Firehose: operations, states and errors. `op:` and `error:` names are those of the service's own model. */
import * as assert from 'node:assert/strict';
import { expectFailure, type Case } from '../case.ts';
import type { Input, Output } from '../client.ts';
import { described, firehoseOf, freshName } from './delivery-streams.ts';
import { FIREHOSE_ERRORS } from './model.ts';
import { putCases } from './put-cases.ts';
import { settingCases } from './setting-cases.ts';

export function firehoseCases(): readonly Case[] {
  return [...lifeCases(), ...notFoundCases(), ...putCases(), ...settingCases(), ...validationCases()];
}

function lifeCases(): Case[] {
  return [
    {
      name: 'Firehose: a delivery stream is created, described, listed and deleted',
      covers: [
        'op:CreateDeliveryStream',
        'op:DescribeDeliveryStream',
        'op:ListDeliveryStreams',
        'op:DeleteDeliveryStream',
        'error:DeleteDeliveryStream/ResourceInUseException',
        'error:CreateDeliveryStream/ResourceInUseException',
      ],
      run: async (bench) => {
        const { client, account, region, s3 } = await firehoseOf(bench);
        const name = freshName();
        const create = { DeliveryStreamName: name, ExtendedS3DestinationConfiguration: s3 };
        const created = await client.call('CreateDeliveryStream', create);
        const arn = `arn:aws:firehose:${region}:${account}:deliverystream/${name}`;
        assert.deepEqual(created, { DeliveryStreamARN: arn });
        const early = await client.outcome('DeleteDeliveryStream', { DeliveryStreamName: name });
        if (early !== undefined) expectFailure(early, 'ResourceInUseException');
        else bench.skip('it was ACTIVE before it could be deleted');
        const one = await described(client, name, (found) => found['DeliveryStreamStatus'] === 'ACTIVE');
        assert.equal(one['DeliveryStreamARN'], arn);
        assert.equal(one['DeliveryStreamType'], 'DirectPut');
        assert.equal(one['VersionId'], '1');
        assert.equal(one['HasMoreDestinations'], false);
        assert.deepEqual(one['DeliveryStreamEncryptionConfiguration'], { Status: 'DISABLED' });
        assert.equal(typeof one['CreateTimestamp'], 'number');
        assert.equal(one['Destinations'].length, 1);
        const [destination] = one['Destinations'] as Output[];
        assert.equal(destination!['DestinationId'], 'destinationId-000000000001');
        assert.equal(destination!['ExtendedS3DestinationDescription'].BucketARN, s3['BucketARN']);
        expectFailure(await client.failure('CreateDeliveryStream', create), 'ResourceInUseException');
        const listed = await client.call('ListDeliveryStreams', {
          ExclusiveStartDeliveryStreamName: name.slice(0, -1),
          Limit: 10_000,
          DeliveryStreamType: 'DirectPut',
        });
        assert.ok(listed['DeliveryStreamNames'].includes(name));
        assert.deepEqual(listed['DeliveryStreamNames'], listed['DeliveryStreamNames'].toSorted());
        await client.call('DeleteDeliveryStream', { DeliveryStreamName: name });
        for (let found: unknown; found === undefined;) {
          await new Promise((resolve) => setTimeout(resolve, 250));
          found = await client.outcome('DescribeDeliveryStream', { DeliveryStreamName: name });
        }
      },
    },
    {
      name: 'Firehose: one destination, of a source that exists',
      covers: [
        'error:CreateDeliveryStream/InvalidArgumentException',
        'error:CreateDeliveryStream/InvalidKMSResourceException',
      ],
      run: async (bench) => {
        const { client, account, region, role, s3 } = await firehoseOf(bench);
        const refused = (input: Input) =>
          client.failure('CreateDeliveryStream', { DeliveryStreamName: freshName(), ...input });
        expectFailure(await refused({}), 'InvalidArgumentException');
        expectFailure(
          await refused({ ExtendedS3DestinationConfiguration: s3, S3DestinationConfiguration: s3 }),
          'InvalidArgumentException',
        );
        expectFailure(
          await refused({
            ExtendedS3DestinationConfiguration: s3,
            DeliveryStreamType: 'KinesisStreamAsSource',
            KinesisStreamSourceConfiguration: {
              KinesisStreamARN: `arn:aws:kinesis:${region}:${account}:stream/${freshName()}`,
              RoleARN: role,
            },
          }),
          'InvalidArgumentException',
        );
        expectFailure(
          await refused({
            ExtendedS3DestinationConfiguration: s3,
            DeliveryStreamEncryptionConfigurationInput: {
              KeyType: 'CUSTOMER_MANAGED_CMK',
              KeyARN: `arn:aws:kms:${region}:999999999999:key/11111111-2222-3333-4444-555555555555`,
            },
          }),
          'InvalidKMSResourceException',
        );
      },
    },
  ];
}

const INPUTS: { readonly [operation: string]: Input } = {
  PutRecord: { Record: { Data: Buffer.from('x') } },
  PutRecordBatch: { Records: [{ Data: Buffer.from('x') }] },
  TagDeliveryStream: { Tags: [{ Key: 'a', Value: 'b' }] },
  UntagDeliveryStream: { TagKeys: ['a'] },
  UpdateDestination: {
    CurrentDeliveryStreamVersionId: '1',
    DestinationId: 'destinationId-000000000001',
    ExtendedS3DestinationUpdate: { Prefix: 'x/' },
  },
};

function notFoundCases(): Case[] {
  return Object.entries(FIREHOSE_ERRORS)
    .filter(([, errors]) => errors.includes('ResourceNotFoundException'))
    .map(([operation]) => ({
      name: `Firehose ${operation}: there is no such delivery stream`,
      covers: [`error:${operation}/ResourceNotFoundException`],
      run: async (bench) => {
        const { client, account } = await firehoseOf(bench);
        const input = { DeliveryStreamName: 'conformance-none', ...INPUTS[operation] };
        expectFailure(
          await client.failure(operation, input),
          'ResourceNotFoundException',
          `Firehose conformance-none not found under account ${account}.`,
        );
      },
    }));
}

function validationCases(): Case[] {
  const broken: readonly (readonly [string, Input, string])[] = [
    ['DescribeDeliveryStream', { DeliveryStreamName: 'no spaces' }, 'deliveryStreamName'],
    ['DescribeDeliveryStream', { DeliveryStreamName: 'n'.repeat(65) }, 'deliveryStreamName'],
    ['ListDeliveryStreams', { Limit: 0 }, 'limit'],
    ['ListDeliveryStreams', { DeliveryStreamType: 'Unknown' }, 'deliveryStreamType'],
    ['PutRecord', { DeliveryStreamName: 'n', Record: { Data: new Uint8Array(1_024_001) } }, 'record.data'],
    ['PutRecordBatch', { DeliveryStreamName: 'n', Records: [] }, 'records'],
    [
      'PutRecordBatch',
      { DeliveryStreamName: 'n', Records: Array.from({ length: 501 }, () => ({ Data: Buffer.from('x') })) },
      'records',
    ],
    [
      'TagDeliveryStream',
      { DeliveryStreamName: 'n', Tags: [{ Key: 'aws:mine', Value: '' }] },
      'tags.1.member.key',
    ],
    ['ListTagsForDeliveryStream', { DeliveryStreamName: 'n', Limit: 51 }, 'limit'],
  ];
  return [
    {
      name: 'Firehose: constraints of the model are checked, in the words of the service',
      covers: [],
      run: async (bench) => {
        const { client } = await firehoseOf(bench);
        for (const [operation, input, member] of broken) {
          const failure = await client.failure(operation, input);
          expectFailure(failure, 'ValidationException', /^1 validation error detected: Value /);
          assert.ok(failure.message.includes(`at '${member}' failed to satisfy constraint`), failure.message);
        }
      },
    },
    {
      name: 'Firehose: calls of the control plane beyond five a second',
      covers: [],
      run: async (bench) => {
        const { client } = await firehoseOf(bench);
        const outcomes = await Promise.all(
          Array.from({ length: 40 }, () => client.once('ListDeliveryStreams')),
        );
        const failures = outcomes.filter((failure) => failure !== undefined);
        if (failures.length === 0) bench.skip('the endpoint enforces no rates');
        for (const failure of failures) expectFailure(failure, 'ThrottlingException', /Rate exceeded/);
      },
    },
  ];
}
