import { CLIENT_FLAGS, createKinesisClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { confirmed } from '../terminal/confirmed.ts';
import { NO_WAIT_FLAG } from './create.ts';
import { waitUntilGone } from './stream-api.ts';

export const deleteStream: Command = {
  usage: 'NAME',
  positionals: { min: 1, max: 1 },
  details: 'Deletes a stream with all its records. On a terminal it asks first.',
  flags: [
    { name: 'yes', short: 'y', help: 'Do not ask.' },
    { name: 'force', help: 'Delete it although it has registered consumers.' },
    NO_WAIT_FLAG,
    ...CLIENT_FLAGS,
  ],
  async run({ flags, environment, terminal, signal }) {
    const name = flags.positionals[0]!;
    const question = `Delete stream ${name} with all its records? Type its name: `;
    if (
      !flags.values.has('yes') &&
      terminal.inputIsTerminal &&
      !(await confirmed(question, name, terminal, signal))
    ) {
      terminal.say('Nothing was deleted.\n');
      return EXIT.failed;
    }
    const client = createKinesisClient(flags, environment);
    try {
      const force = flags.values.get('force') === 'true';
      await client.call(
        'DeleteStream',
        { StreamName: name, ...(force ? { EnforceConsumerDeletion: true } : {}) },
        signal,
      );
      if (!flags.values.has('no-wait')) await waitUntilGone(client, name, signal);
      terminal.say(`Deleted ${name}.\n`);
      return EXIT.ok;
    } finally {
      client.close();
    }
  },
};
