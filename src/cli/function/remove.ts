import { CLIENT_FLAGS, createAdminClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';

export const remove: Command = {
  usage: 'NAME',
  positionals: { min: 1, max: 1 },
  details:
    'Removes a function. Delivery streams that transform records by it put them under their error prefix from then on.',
  flags: [...CLIENT_FLAGS],
  async run({ flags, environment, terminal, signal }) {
    const client = createAdminClient(flags, environment);
    try {
      await client.call('RemoveFunction', { FunctionName: flags.positionals[0]! }, signal);
      terminal.say(`Removed ${flags.positionals[0]!}.\n`);
      return EXIT.ok;
    } finally {
      client.close();
    }
  },
};
