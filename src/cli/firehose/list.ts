import { CLIENT_FLAGS, JSON_FLAG, createFirehoseClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';

type ListDeliveryStreamsOutput = {
  readonly DeliveryStreamNames: readonly string[];
  readonly HasMoreDeliveryStreams: boolean;
};

const NAMES_AT_ONCE = 1000;

export const list: Command = {
  usage: '',
  positionals: { min: 0, max: 0 },
  details: 'Lists the delivery streams of the account in the region.',
  flags: [JSON_FLAG, ...CLIENT_FLAGS],
  async run({ flags, environment, terminal, signal }) {
    const client = createFirehoseClient(flags, environment);
    try {
      const names: string[] = [];
      for (let hasMore = true; hasMore;) {
        const after = names.at(-1);
        const output = await client.call<ListDeliveryStreamsOutput>(
          'ListDeliveryStreams',
          {
            Limit: NAMES_AT_ONCE,
            ...(after === undefined ? {} : { ExclusiveStartDeliveryStreamName: after }),
          },
          signal,
        );
        names.push(...output.DeliveryStreamNames);
        hasMore = output.HasMoreDeliveryStreams && output.DeliveryStreamNames.length > 0;
      }
      if (flags.values.has('json')) await terminal.print(`${JSON.stringify(names, undefined, 2)}\n`);
      else if (names.length === 0) {
        terminal.say('No delivery streams. Create one with: millrace firehose create NAME --bucket BUCKET\n');
      } else await terminal.print(`${names.join('\n')}\n`);
      return EXIT.ok;
    } finally {
      client.close();
    }
  },
};
