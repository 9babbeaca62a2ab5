/** Tags: the same on both APIs and on consumers, sorted, at most 50. */
import * as assert from 'node:assert/strict';
import { expectFailure, type Case } from '../case.ts';
import type { Input, Output } from '../client.ts';

export function tagCases(): Case[] {
  return [
    {
      name: 'Tags: added, replaced, listed by key, removed',
      covers: ['op:AddTagsToStream', 'op:ListTagsForStream', 'op:RemoveTagsFromStream', 'behaviour:19'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make();
        await client.call('AddTagsToStream', { StreamName, Tags: { b: '2', a: '1', c: '3' } });
        await client.call('AddTagsToStream', { StreamName, Tags: { b: 'two' } });
        const list = (input: Input = {}): Promise<Output> =>
          client.call('ListTagsForStream', { StreamName, ...input });
        assert.deepEqual((await list())['Tags'], [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: 'two' },
          { Key: 'c', Value: '3' },
        ]);
        assert.deepEqual(await list({ Limit: 1 }), { Tags: [{ Key: 'a', Value: '1' }], HasMoreTags: true });
        assert.deepEqual(await list({ ExclusiveStartTagKey: 'b' }), {
          Tags: [{ Key: 'c', Value: '3' }],
          HasMoreTags: false,
        });
        await client.call('RemoveTagsFromStream', { StreamName, TagKeys: ['a', 'absent'] });
        assert.deepEqual(
          ((await list())['Tags'] as Output[]).map((tag) => tag['Key']),
          ['b', 'c'],
        );
      },
    },
    {
      name: 'Tags: the same on both APIs, and on consumers',
      covers: ['op:TagResource', 'op:UntagResource', 'op:ListTagsForResource', 'behaviour:19'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make();
        const ResourceARN = await streams.arn(StreamName);
        await client.call('TagResource', { ResourceARN, Tags: { a: '1' } });
        await client.call('AddTagsToStream', { StreamName, Tags: { b: '2' } });
        assert.deepEqual((await client.call('ListTagsForResource', { ResourceARN }))['Tags'], [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '2' },
        ]);
        await client.call('UntagResource', { ResourceARN, TagKeys: ['a'] });
        assert.deepEqual((await client.call('ListTagsForStream', { StreamName }))['Tags'], [
          { Key: 'b', Value: '2' },
        ]);
        const consumer = await streams.consumer(StreamName);
        await client.call('TagResource', { ResourceARN: consumer, Tags: { of: 'consumer' } });
        assert.deepEqual((await client.call('ListTagsForResource', { ResourceARN: consumer }))['Tags'], [
          { Key: 'of', Value: 'consumer' },
        ]);
      },
    },
    ...['AddTagsToStream', 'TagResource'].map((operation): Case => ({
      name: `${operation}: more than 50 tags, and characters that are not allowed`,
      covers: [`op:${operation}`, `error:${operation}/InvalidArgumentException`, 'behaviour:19'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make();
        const target =
          operation === 'TagResource' ? { ResourceARN: await streams.arn(StreamName) } : { StreamName };
        const tags = (from: number, count: number): Input =>
          Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${from + n}`, 'v']));
        await client.call(operation, { ...target, Tags: tags(0, 50) });
        const failure = await client.failure(operation, { ...target, Tags: tags(50, 1) });
        assert.ok(
          ['InvalidArgumentException', 'LimitExceededException'].includes(failure.code),
          failure.code,
        );
        expectFailure(
          await client.failure(operation, { ...target, Tags: { 'ke;y': 'v' } }),
          'InvalidArgumentException',
          /characters/,
        );
      },
    })),
    ...['RemoveTagsFromStream', 'UntagResource'].map((operation): Case => ({
      name: `${operation}: characters that are not allowed`,
      covers: [`op:${operation}`, `error:${operation}/InvalidArgumentException`, 'behaviour:19'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.shared();
        const target =
          operation === 'UntagResource' ? { ResourceARN: await streams.arn(StreamName) } : { StreamName };
        expectFailure(
          await client.failure(operation, { ...target, TagKeys: ['ke;y'] }),
          'InvalidArgumentException',
          /characters/,
        );
      },
    })),
    {
      name: 'Resource policy: none is {}, put, got, deleted',
      covers: ['op:GetResourcePolicy', 'op:PutResourcePolicy', 'op:DeleteResourcePolicy', 'behaviour:18'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make();
        const ResourceARN = await streams.arn(StreamName);
        assert.deepEqual(await client.call('GetResourcePolicy', { ResourceARN }), { Policy: '{}' });
        const Policy = JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: await streams.account() },
              Action: 'kinesis:DescribeStreamSummary',
              Resource: ResourceARN,
            },
          ],
        });
        await client.call('PutResourcePolicy', { ResourceARN, Policy });
        assert.deepEqual(
          JSON.parse((await client.call('GetResourcePolicy', { ResourceARN }))['Policy']),
          JSON.parse(Policy),
        );
        await client.call('DeleteResourcePolicy', { ResourceARN });
        assert.deepEqual(await client.call('GetResourcePolicy', { ResourceARN }), { Policy: '{}' });
      },
    },
  ];
}
