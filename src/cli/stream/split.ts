import { UsageError } from '../../base/flags.ts';
import { CLIENT_FLAGS, createKinesisClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { NO_WAIT_FLAG } from './create.ts';
import { shardId } from './shard-name.ts';
import { listShards, waitUntilActive } from './stream-api.ts';

export const split: Command = {
  usage: 'NAME SHARD',
  positionals: { min: 2, max: 2 },
  details: 'Splits a shard in two. SHARD is its id or just its number.',
  flags: [
    { name: 'at', value: 'HASH_KEY', help: 'First hash key of the second half. Default: the middle.' },
    NO_WAIT_FLAG,
    ...CLIENT_FLAGS,
  ],
  async run({ flags, environment, terminal, signal }) {
    const [name, shard] = [flags.positionals[0]!, shardId(flags.positionals[1]!)];
    const client = createKinesisClient(flags, environment);
    try {
      let at = flags.values.get('at');
      if (at === undefined) {
        const range = (await listShards(client, name, signal)).find(
          ({ ShardId }) => ShardId === shard,
        )?.HashKeyRange;
        if (range === undefined) throw new UsageError(`Stream ${name} has no shard ${shard}.`);
        at = String((BigInt(range.StartingHashKey) + BigInt(range.EndingHashKey) + 1n) / 2n);
      }
      await client.call(
        'SplitShard',
        { StreamName: name, ShardToSplit: shard, NewStartingHashKey: at },
        signal,
      );
      if (!flags.values.has('no-wait')) await waitUntilActive(client, name, signal);
      terminal.say(`Split ${shard} at ${at}.\n`);
      return EXIT.ok;
    } finally {
      client.close();
    }
  },
};
