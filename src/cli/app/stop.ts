import { CLIENT_FLAGS, createAnalyticsClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { waitUntilSettled } from './app-api.ts';

export const stop: Command = {
  usage: 'NAME',
  positionals: { min: 1, max: 1 },
  details: 'Stops an application and waits until it has ended. It keeps its place and its state.',
  flags: [...CLIENT_FLAGS],
  async run({ flags, environment, terminal, signal }) {
    const name = flags.positionals[0]!;
    const client = createAnalyticsClient(flags, environment);
    try {
      await client.call('StopApplication', { ApplicationName: name }, signal);
      await waitUntilSettled(client, name, signal);
      terminal.say(`Stopped ${name}.\n`);
      return EXIT.ok;
    } finally {
      client.close();
    }
  },
};
