/** What does not exist: every operation that names a stream, a consumer or a resource says so in the service's words. */
import { expectFailure, type Case } from '../case.ts';
import type { Input } from '../client.ts';
import { INPUTS } from '../inputs.ts';
import { MODEL } from '../model.ts';

/** Operations whose answer needs more than a missing stream: they have cases of their own. */
const ELSEWHERE = new Set(['GetRecords']);

export function notFoundCases(): Case[] {
  return Object.keys(INPUTS)
    .filter(
      (operation) =>
        MODEL[operation]?.errors.includes('ResourceNotFoundException') && !ELSEWHERE.has(operation),
    )
    .map((operation) => ({
      name: `${operation}: of a stream that does not exist`,
      covers: [`op:${operation}`, `error:${operation}/ResourceNotFoundException`, 'behaviour:9'],
      run: async ({ client, streams }) => {
        const account = await streams.account();
        const input = inAccount(INPUTS[operation] ?? {}, account, client.options.region);
        const failure = await client.failure(operation, input);
        expectFailure(failure, 'ResourceNotFoundException', words(operation, account));
      },
    }));
}

/** A resource policy's and a consumer's absence have no recorded text; the others name stream and account. */
function words(operation: string, account: string): string | RegExp {
  if (operation === 'GetShardIterator')
    return `Shard shardId-000000000000 in stream conformance-none under account ${account} does not exist`;
  if (['DeregisterStreamConsumer', 'DescribeStreamConsumer', 'SubscribeToShard'].includes(operation))
    return /not found/i;
  return `Stream conformance-none under account ${account} not found.`;
}

/** The input with its ARNs moved to the caller's own account and region. */
export function inAccount(input: Input, account: string, region: string): Input {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replace('us-east-1:000000000000', `${region}:${account}`) : value,
    ]),
  );
}
