/** What a shard takes and gives in a second, and what is answered beyond it. Skipped where the endpoint enforces no limit. */
import * as assert from 'node:assert/strict';
import { expectFailure, type Case } from '../case.ts';
import type { Output } from '../client.ts';

export function throughputCases(): Case[] {
  return [
    {
      name: 'PutRecords: more than a shard takes is refused record by record',
      covers: ['op:PutRecords', 'error:PutRecords/ProvisionedThroughputExceededException', 'behaviour:11'],
      run: async ({ client, streams, skip }) => {
        const stream = await streams.make({ ShardCount: 1 });
        const account = await streams.account();
        const Records = Array.from({ length: 500 }, () => ({ PartitionKey: 'k', Data: Buffer.alloc(100) }));
        const outputs = await Promise.all(
          Array.from({ length: 8 }, () => client.call('PutRecords', { StreamName: stream, Records })),
        );
        const failed = outputs.flatMap((output) =>
          (output['Records'] as Output[]).filter((record) => record['ErrorCode'] !== undefined),
        );
        if (failed.length === 0) skip('no shard limit is enforced here');
        assert.equal(
          outputs.reduce((sum, output) => sum + Number(output['FailedRecordCount']), 0),
          failed.length,
        );
        for (const record of failed) {
          assert.deepEqual(record, {
            ErrorCode: 'ProvisionedThroughputExceededException',
            ErrorMessage: `Rate exceeded for shard shardId-000000000000 in stream ${stream} under account ${account}.`,
          });
        }
      },
    },
    {
      name: 'PutRecord: more than a shard takes',
      covers: ['op:PutRecord', 'error:PutRecord/ProvisionedThroughputExceededException'],
      run: async ({ client, streams, skip }) => {
        const StreamName = await streams.make({ ShardCount: 1 });
        const account = await streams.account();
        const record = { StreamName, PartitionKey: 'k', Data: Buffer.alloc(1_000_000) };
        const answers = await Promise.all(Array.from({ length: 6 }, () => client.once('PutRecord', record)));
        const exceeded = answers.filter((answer) => answer !== undefined);
        if (exceeded.length === 0) skip('no shard limit is enforced here');
        for (const failure of exceeded)
          expectFailure(
            failure,
            'ProvisionedThroughputExceededException',
            `Rate exceeded for shard shardId-000000000000 in stream ${StreamName} under account ${account}.`,
          );
      },
    },
    {
      name: 'GetRecords: more calls than a shard takes',
      covers: ['op:GetRecords', 'error:GetRecords/ProvisionedThroughputExceededException', 'behaviour:12'],
      run: async ({ client, streams, skip }) => {
        const stream = await streams.make({ ShardCount: 1 });
        const account = await streams.account();
        const ShardIterator = await streams.iterator(stream, 'shardId-000000000000');
        const answers = await Promise.all(
          Array.from({ length: 30 }, () => client.once('GetRecords', { ShardIterator })),
        );
        const exceeded = answers.filter((answer) => answer !== undefined);
        if (exceeded.length === 0) skip('no shard limit is enforced here');
        for (const failure of exceeded)
          expectFailure(
            failure,
            'ProvisionedThroughputExceededException',
            `Rate exceeded for shard shardId-000000000000 in stream ${stream} under account ${account}.`,
          );
      },
    },
  ];
}
