import { CLIENT_FLAGS, JSON_FLAG, createKinesisClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { table } from '../terminal/table.ts';
import type { StreamSummary } from './stream-api.ts';

type ListStreamsOutput = {
  readonly StreamNames: readonly string[];
  readonly HasMoreStreams: boolean;
  readonly StreamSummaries?: readonly Pick<
    StreamSummary,
    'StreamName' | 'StreamStatus' | 'StreamModeDetails' | 'StreamCreationTimestamp'
  >[];
};

export const list: Command = {
  usage: '',
  positionals: { min: 0, max: 0 },
  details: 'Lists the streams of the account in the region.',
  flags: [JSON_FLAG, ...CLIENT_FLAGS],
  async run({ flags, environment, terminal, signal }) {
    const client = createKinesisClient(flags, environment);
    try {
      const streams: { name: string; status: string; mode: string; created: string }[] = [];
      for (let after: string | undefined; ; after = streams.at(-1)?.name) {
        const output = await client.call<ListStreamsOutput>(
          'ListStreams',
          after === undefined ? {} : { ExclusiveStartStreamName: after },
          signal,
        );
        const summaries = new Map(output.StreamSummaries?.map((summary) => [summary.StreamName, summary]));
        for (const name of output.StreamNames) {
          const summary = summaries.get(name);
          streams.push({
            name,
            status: summary?.StreamStatus ?? '',
            mode: summary?.StreamModeDetails?.StreamMode ?? '',
            created: summary ? new Date(summary.StreamCreationTimestamp * 1000).toISOString() : '',
          });
        }
        if (!output.HasMoreStreams || output.StreamNames.length === 0) break;
      }
      if (flags.values.has('json')) await terminal.print(`${JSON.stringify(streams, undefined, 2)}\n`);
      else if (streams.length === 0)
        terminal.say('No streams. Create one with: millrace stream create NAME\n');
      else {
        const rows = streams.map(({ name, status, mode, created }) => [name, status, mode, created]);
        await terminal.print(table(['NAME', 'STATUS', 'MODE', 'CREATED'], rows));
      }
      return EXIT.ok;
    } finally {
      client.close();
    }
  },
};
