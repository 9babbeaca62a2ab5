import { CLIENT_FLAGS, createKinesisClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { NO_WAIT_FLAG, parseShardCount } from './create.ts';
import { waitUntilActive } from './stream-api.ts';

export const scale: Command = {
  usage: 'NAME SHARDS',
  positionals: { min: 2, max: 2 },
  details: 'Changes the number of open shards, evenly (UpdateShardCount).',
  flags: [NO_WAIT_FLAG, ...CLIENT_FLAGS],
  async run({ flags, environment, terminal, signal }) {
    const name = flags.positionals[0]!;
    const client = createKinesisClient(flags, environment);
    try {
      const output = await client.call<{
        readonly CurrentShardCount: number;
        readonly TargetShardCount: number;
      }>(
        'UpdateShardCount',
        {
          StreamName: name,
          TargetShardCount: parseShardCount(flags.positionals[1]!),
          ScalingType: 'UNIFORM_SCALING',
        },
        signal,
      );
      if (!flags.values.has('no-wait')) await waitUntilActive(client, name, signal);
      terminal.say(`Scaled ${name} from ${output.CurrentShardCount} to ${output.TargetShardCount} shards.\n`);
      return EXIT.ok;
    } finally {
      client.close();
    }
  },
};
