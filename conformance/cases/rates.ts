/** The control plane's rates: a burst is answered with LimitExceededException. Skipped where the endpoint enforces none. */
import type { Case } from '../case.ts';
import { INPUTS } from '../inputs.ts';
import { inAccount } from './not-found.ts';

/** Calls in the burst: well above the rate of the operation (5, 10 or 20 a second). */
const BURSTS: { readonly [operation: string]: number } = {
  AddTagsToStream: 40,
  CreateStream: 40,
  DecreaseStreamRetentionPeriod: 40,
  DeleteResourcePolicy: 40,
  DeleteStream: 40,
  DeregisterStreamConsumer: 40,
  DescribeAccountSettings: 40,
  DescribeLimits: 20,
  DescribeStream: 60,
  DescribeStreamConsumer: 100,
  DescribeStreamSummary: 100,
  DisableEnhancedMonitoring: 40,
  EnableEnhancedMonitoring: 40,
  GetResourcePolicy: 40,
  IncreaseStreamRetentionPeriod: 40,
  ListStreamConsumers: 40,
  ListStreams: 40,
  ListTagsForResource: 40,
  ListTagsForStream: 40,
  MergeShards: 40,
  PutResourcePolicy: 40,
  RegisterStreamConsumer: 40,
  RemoveTagsFromStream: 40,
  SplitShard: 40,
  TagResource: 40,
  UntagResource: 40,
  UpdateAccountSettings: 40,
  UpdateStreamWarmThroughput: 40,
};

export function rateCases(): Case[] {
  return Object.entries(BURSTS).map(([operation, burst]) => ({
    name: `${operation}: a burst exceeds its rate`,
    covers: [`op:${operation}`, `error:${operation}/LimitExceededException`],
    run: async ({ client, streams, skip }) => {
      const account = await streams.account();
      const shared = await streams.shared();
      const arn = await streams.arn(shared);
      // Rates of a stream need one that exists; those of the account are counted before anything is looked up.
      const onStream = ['ListStreamConsumers', 'DescribeStreamConsumer', 'DeregisterStreamConsumer'].includes(
        operation,
      );
      const input = onStream
        ? { StreamARN: arn, ...(operation === 'ListStreamConsumers' ? {} : { ConsumerName: 'none' }) }
        : inAccount(
            operation === 'CreateStream' ? { StreamName: shared, ShardCount: 1 } : (INPUTS[operation] ?? {}),
            account,
            client.options.region,
          );
      const answers = await Promise.all(Array.from({ length: burst }, () => client.once(operation, input)));
      const exceeded = answers.filter((answer) => answer?.code === 'LimitExceededException');
      if (exceeded.length === 0) skip('no rate is enforced here');
      for (const failure of exceeded) {
        if (failure?.status !== 400 || !failure.message.startsWith('Rate exceeded'))
          throw new Error(
            `expected 400 and a message that begins with "Rate exceeded", got ${failure?.status} ${failure?.message}`,
          );
      }
    },
  }));
}
