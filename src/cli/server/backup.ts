import path from 'node:path';
import { CLIENT_FLAGS, JSON_FLAG, createAdminClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { count, size } from '../terminal/table.ts';

type BackupOutput = {
  readonly Directory: string;
  readonly Bytes: number;
  readonly Objects: number;
  readonly MasterKeyIncluded: boolean;
};

export const backup: Command = {
  usage: 'DIR',
  positionals: { min: 1, max: 1 },
  details:
    'Has a running server copy everything it keeps into a new directory on its own machine, while it goes on serving. ' +
    '`millrace restore` makes a data directory of it.',
  flags: [
    {
      name: 'objects',
      help: 'Copy what lies in the buckets of the data directory, too; with --no-objects they are empty.',
      default: 'on',
    },
    JSON_FLAG,
    ...CLIENT_FLAGS,
  ],
  async run({ flags, environment, terminal, signal }) {
    const client = createAdminClient(flags, environment);
    try {
      const output = await client.call<BackupOutput>(
        'Backup',
        {
          Directory: path.resolve(flags.positionals[0]!),
          WithoutObjects: flags.values.get('objects') === 'false',
        },
        signal,
      );
      if (flags.values.has('json')) await terminal.print(`${JSON.stringify(output)}\n`);
      terminal.say(
        `Backed up ${size(output.Bytes)} to ${output.Directory}, with ${count(output.Objects)} objects of buckets.\n` +
          (output.MasterKeyIncluded
            ? 'The master key is in it: whoever has the backup can read everything.\n'
            : 'The master key is not in it: keep it too, without it the backup cannot be read.\n'),
      );
      return EXIT.ok;
    } finally {
      client.close();
    }
  },
};
