import { CLIENT_FLAGS, createAnalyticsClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { confirmed } from '../terminal/confirmed.ts';
import { describeApplication, waitUntilGone } from './app-api.ts';

export const deleteApplication: Command = {
  usage: 'NAME',
  positionals: { min: 1, max: 1 },
  details: 'Ends an application and deletes it with its state. On a terminal it asks first.',
  flags: [{ name: 'yes', short: 'y', help: 'Do not ask.' }, ...CLIENT_FLAGS],
  async run({ flags, environment, terminal, signal }) {
    const name = flags.positionals[0]!;
    const question = `Delete application ${name} with its state? Type its name: `;
    if (
      !flags.values.has('yes') &&
      terminal.inputIsTerminal &&
      !(await confirmed(question, name, terminal, signal))
    ) {
      terminal.say('Nothing was deleted.\n');
      return EXIT.failed;
    }
    const client = createAnalyticsClient(flags, environment);
    try {
      const { CreateTimestamp } = await describeApplication(client, name, signal);
      await client.call('DeleteApplication', { ApplicationName: name, CreateTimestamp }, signal);
      await waitUntilGone(client, name, signal);
      terminal.say(`Deleted ${name}.\n`);
      return EXIT.ok;
    } finally {
      client.close();
    }
  },
};
