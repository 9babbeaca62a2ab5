import { CLIENT_FLAGS, createFirehoseClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { NO_WAIT_FLAG } from '../stream/create.ts';
import { confirmed } from '../terminal/confirmed.ts';
import { waitUntilGone } from './firehose-api.ts';

export const deleteDeliveryStream: Command = {
  usage: 'NAME',
  positionals: { min: 1, max: 1 },
  details: 'Deletes a delivery stream with what it has not delivered yet. On a terminal it asks first.',
  flags: [{ name: 'yes', short: 'y', help: 'Do not ask.' }, NO_WAIT_FLAG, ...CLIENT_FLAGS],
  async run({ flags, environment, terminal, signal }) {
    const name = flags.positionals[0]!;
    const question = `Delete delivery stream ${name} with all that it has not delivered? Type its name: `;
    if (
      !flags.values.has('yes') &&
      terminal.inputIsTerminal &&
      !(await confirmed(question, name, terminal, signal))
    ) {
      terminal.say('Nothing was deleted.\n');
      return EXIT.failed;
    }
    const client = createFirehoseClient(flags, environment);
    try {
      await client.call('DeleteDeliveryStream', { DeliveryStreamName: name }, signal);
      if (!flags.values.has('no-wait')) await waitUntilGone(client, name, signal);
      terminal.say(`Deleted ${name}.\n`);
      return EXIT.ok;
    } finally {
      client.close();
    }
  },
};
