/** Inputs that name a stream twice, and not the same one; and streams whose mode does not allow the operation. */
import * as assert from 'node:assert/strict';
import { expectFailure, type Case } from '../case.ts';
import type { Input } from '../client.ts';
import { INPUTS } from '../inputs.ts';
import { MODEL } from '../model.ts';

/** Well-formed, and no stream's. */
const NO_STREAM_ID = `${'a'.repeat(20)}-aaa`;

export function identifyCases(): Case[] {
  const conflicting = Object.keys(INPUTS)
    .filter(
      (operation) =>
        MODEL[operation]?.errors.includes('InvalidArgumentException') &&
        'StreamName' in (INPUTS[operation] ?? {}),
    )
    .filter((operation) => operation !== 'CreateStream')
    .map((operation): Case => ({
      name: `${operation}: StreamName and StreamARN of different streams`,
      covers: [`op:${operation}`, `error:${operation}/InvalidArgumentException`],
      run: async ({ client, streams }) => {
        const StreamName = await streams.shared();
        const StreamARN = await streams.arn(`${StreamName}-other`);
        expectFailure(
          await client.failure(operation, { ...INPUTS[operation], StreamName, StreamARN }),
          'InvalidArgumentException',
        );
      },
    }));
  const foreignId = Object.entries(INPUTS)
    .filter(([, input]) => 'StreamARN' in input || 'ResourceARN' in input)
    .map(([operation, input]): Case => ({
      name: `${operation}: the StreamId of another stream`,
      covers: [`op:${operation}`, `error:${operation}/InvalidArgumentException`],
      run: async ({ client, streams }) => {
        const StreamARN = await streams.arn(await streams.shared());
        const named: Input = 'ResourceARN' in input ? { ResourceARN: StreamARN } : { StreamARN };
        const failure = await client.failure(operation, { ...input, ...named, StreamId: NO_STREAM_ID });
        assert.ok(
          ['InvalidArgumentException', 'ResourceNotFoundException'].includes(failure.code),
          failure.code,
        );
      },
    }));
  return [
    ...conflicting,
    ...foreignId,
    ...(
      [
        ['SplitShard', { ShardToSplit: 'shardId-000000000000', NewStartingHashKey: '1000' }],
        [
          'MergeShards',
          { ShardToMerge: 'shardId-000000000000', AdjacentShardToMerge: 'shardId-000000000001' },
        ],
      ] as const
    ).map(([operation, input]): Case => ({
      name: `${operation}: of a stream on demand`,
      covers: [`op:${operation}`, `error:${operation}/ValidationException`, 'behaviour:14'],
      run: async ({ client, streams }) => {
        const StreamName = await streams.make({ StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
        expectFailure(
          await client.failure(operation, { StreamName, ...input }),
          'ValidationException',
          `Request is invalid. Stream ${StreamName} under account ${await streams.account()} is in On-Demand mode.`,
        );
      },
    })),
    {
      name: 'CreateStream, RegisterStreamConsumer: tags with characters that are not allowed',
      covers: [
        'error:CreateStream/InvalidArgumentException',
        'error:RegisterStreamConsumer/InvalidArgumentException',
        'behaviour:19',
      ],
      run: async ({ client, streams }) => {
        const Tags = { 'ke;y': 'v' };
        expectFailure(
          await client.failure('CreateStream', { StreamName: streams.freshName(), ShardCount: 1, Tags }),
          'InvalidArgumentException',
        );
        const StreamARN = await streams.arn(await streams.shared());
        expectFailure(
          await client.failure('RegisterStreamConsumer', { StreamARN, ConsumerName: 'c', Tags }),
          'InvalidArgumentException',
        );
      },
    },
  ];
}
