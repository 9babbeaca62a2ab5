import { CLIENT_FLAGS, createAdminClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';

export const create: Command = {
  usage: 'NAME',
  positionals: { min: 1, max: 1 },
  details:
    'Creates a bucket: a folder of the server, unless its endpoints file says that it is at an S3 endpoint.',
  flags: CLIENT_FLAGS,
  async run({ flags, environment, terminal, signal }) {
    const [name] = flags.positionals;
    const client = createAdminClient(flags, environment);
    try {
      await client.call('CreateBucket', { Bucket: name }, signal);
      terminal.say(`Created ${name}.\n`);
      return EXIT.ok;
    } finally {
      client.close();
    }
  },
};
