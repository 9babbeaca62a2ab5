import { UsageError, type Flag } from '../../base/flags.ts';
import { CLIENT_FLAGS, createKinesisClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { waitUntilActive } from './stream-api.ts';

export const NO_WAIT_FLAG: Flag = { name: 'no-wait', help: 'Return at once instead of when it is done.' };

export const create: Command = {
  usage: 'NAME',
  positionals: { min: 1, max: 1 },
  details: 'Creates a stream and waits until it is ACTIVE.',
  flags: [
    { name: 'shards', value: 'N', default: '1', help: 'Shards of a provisioned stream.' },
    { name: 'on-demand', help: 'Let the stream scale by itself.' },
    NO_WAIT_FLAG,
    ...CLIENT_FLAGS,
  ],
  async run({ flags, environment, terminal, signal }) {
    const name = flags.positionals[0]!;
    const onDemand = flags.values.get('on-demand') === 'true';
    const shards = flags.values.get('shards');
    if (onDemand && shards !== undefined)
      throw new UsageError('--shards is for provisioned streams, not with --on-demand.');
    const client = createKinesisClient(flags, environment);
    try {
      await client.call(
        'CreateStream',
        onDemand
          ? { StreamName: name, StreamModeDetails: { StreamMode: 'ON_DEMAND' } }
          : { StreamName: name, ShardCount: parseShardCount(shards ?? '1') },
        signal,
      );
      if (!flags.values.has('no-wait')) await waitUntilActive(client, name, signal);
      terminal.say(`Created ${name}.\n`);
      return EXIT.ok;
    } finally {
      client.close();
    }
  },
};

export function parseShardCount(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new UsageError(`The number of shards must be a whole number above 0, not '${text}'.`);
  return Number(text);
}
