import { CLIENT_FLAGS, createKinesisClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { NO_WAIT_FLAG } from './create.ts';
import { shardId } from './shard-name.ts';
import { waitUntilActive } from './stream-api.ts';

export const merge: Command = {
  usage: 'NAME SHARD ADJACENT_SHARD',
  positionals: { min: 3, max: 3 },
  details: 'Merges two shards whose hash keys touch. A shard is its id or just its number.',
  flags: [NO_WAIT_FLAG, ...CLIENT_FLAGS],
  async run({ flags, environment, terminal, signal }) {
    const name = flags.positionals[0]!;
    const [shard, adjacent] = [shardId(flags.positionals[1]!), shardId(flags.positionals[2]!)];
    const client = createKinesisClient(flags, environment);
    try {
      await client.call(
        'MergeShards',
        { StreamName: name, ShardToMerge: shard, AdjacentShardToMerge: adjacent },
        signal,
      );
      if (!flags.values.has('no-wait')) await waitUntilActive(client, name, signal);
      terminal.say(`Merged ${shard} and ${adjacent}.\n`);
      return EXIT.ok;
    } finally {
      client.close();
    }
  },
};
