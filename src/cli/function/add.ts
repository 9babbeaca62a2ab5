import { readFileSync } from 'node:fs';
import { UsageError } from '../../base/flags.ts';
import { CLIENT_FLAGS, JSON_FLAG, createAdminClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import type { FunctionDescription } from './description.ts';

export const add: Command = {
  usage: 'NAME FILE',
  positionals: { min: 2, max: 2 },
  details:
    'Gives the server a module of JavaScript (ECMAScript, one file) as a function that delivery streams can transform records by: it exports ' +
    '`handler(event, context)`, as a Lambda function does, and may import modules of Node.js only. A function of that name is replaced. The server runs it in a ' +
    'process of its own that may read no other file and reach no network.',
  flags: [JSON_FLAG, ...CLIENT_FLAGS],
  async run({ flags, environment, terminal, signal }) {
    const [name = '', file = ''] = flags.positionals;
    let code: Buffer;
    try {
      code = readFileSync(file);
    } catch (error) {
      throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
    }
    const client = createAdminClient(flags, environment);
    try {
      const input = { FunctionName: name, Code: code.toString('base64') };
      const added = await client.call<FunctionDescription>('AddFunction', input, signal);
      if (flags.values.has('json')) await terminal.print(`${JSON.stringify(added)}\n`);
      else await terminal.print(`${added.FunctionArn}\n`);
      return EXIT.ok;
    } finally {
      client.close();
    }
  },
};
