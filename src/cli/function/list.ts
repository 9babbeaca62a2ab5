import { CLIENT_FLAGS, JSON_FLAG, createAdminClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { table } from '../terminal/table.ts';
import type { FunctionDescription } from './description.ts';

export const list: Command = {
  usage: '',
  positionals: { min: 0, max: 0 },
  details: 'Lists the modules that the server keeps as functions, of the account in the region.',
  flags: [JSON_FLAG, ...CLIENT_FLAGS],
  async run({ flags, environment, terminal, signal }) {
    const client = createAdminClient(flags, environment);
    try {
      const { Functions } = await client.call<{ readonly Functions: readonly FunctionDescription[] }>(
        'ListFunctions',
        {},
        signal,
      );
      if (flags.values.has('json')) await terminal.print(`${JSON.stringify(Functions, undefined, 2)}\n`);
      else if (Functions.length === 0)
        terminal.say('No functions. Add one with: millrace function add NAME FILE\n');
      else {
        const rows = Functions.map((each) => [
          each.FunctionName,
          each.CodeSha256.slice(0, 12),
          each.FunctionArn,
        ]);
        await terminal.print(table(['NAME', 'CODE', 'ARN'], rows));
      }
      return EXIT.ok;
    } finally {
      client.close();
    }
  },
};
