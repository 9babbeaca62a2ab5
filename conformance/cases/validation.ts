/** How broken constraints are told: all of them in one message, values shown, after type errors, before what is semantic. */
import * as assert from 'node:assert/strict';
import { expectFailure, type Case } from '../case.ts';
import type { Input } from '../client.ts';

/** The constraints of one message, without order. */
function parts(message: string): { head: string; constraints: string[] } {
  const [, head = '', rest = ''] = /^(\d+ validation errors? detected: )(.*)$/s.exec(message) ?? [];
  return { head, constraints: rest.split(/; (?=Value )/).toSorted() };
}

const several = (name: string, operation: string, input: Input, constraints: readonly string[]): Case => ({
  name: `validation: ${name}`,
  covers: [`op:${operation}`, 'behaviour:6'],
  run: async ({ client }) => {
    const failure = await client.failure(operation, input);
    expectFailure(failure, 'ValidationException');
    assert.deepEqual(parts(failure.message), {
      head: `${constraints.length} validation error${constraints.length === 1 ? '' : 's'} detected: `,
      constraints: constraints.toSorted(),
    });
  },
});

export function validationCases(): Case[] {
  return [
    several('one broken constraint', 'DescribeStream', { StreamName: 'a'.repeat(129) }, [
      `Value '${'a'.repeat(129)}' at 'streamName' failed to satisfy constraint: Member must have length less than or equal to 128`,
    ]),
    several('two of one member', 'DescribeStream', { StreamName: '' }, [
      "Value '' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
      "Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ]),
    several('of several members', 'DescribeStream', { StreamName: 'a;b', Limit: 0 }, [
      "Value 'a;b' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
      "Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ]),
    several('missing members are null', 'SplitShard', { StreamName: 'a' }, [
      "Value null at 'shardToSplit' failed to satisfy constraint: Member must not be null",
      "Value null at 'newStartingHashKey' failed to satisfy constraint: Member must not be null",
    ]),
    several(
      'null is missing',
      'SplitShard',
      { StreamName: 'a', ShardToSplit: null, NewStartingHashKey: '5' },
      ["Value null at 'shardToSplit' failed to satisfy constraint: Member must not be null"],
    ),
    several(
      'inside a list',
      'PutRecords',
      { StreamName: 'a', Records: [{ PartitionKey: 'k', Data: Buffer.from('d') }, { PartitionKey: '' }] },
      [
        "Value null at 'records.2.member.data' failed to satisfy constraint: Member must not be null",
        "Value '' at 'records.2.member.partitionKey' failed to satisfy constraint: Member must have length greater than or equal to 1",
      ],
    ),
    several('an unknown member is not looked at', 'DescribeStream', { StreamName: '', Nothing: { a: [1] } }, [
      "Value '' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
      "Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ]),
    {
      name: 'validation: a type error comes before broken constraints',
      covers: ['op:DescribeStream', 'behaviour:6', 'behaviour:7'],
      run: async ({ client }) => {
        const failure = await client.failure('DescribeStream', { StreamName: '', Limit: 'ten' });
        expectFailure(failure, 'SerializationException');
      },
    },
  ];
}
