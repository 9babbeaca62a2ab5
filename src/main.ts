#!/usr/bin/env node
/** The `millrace` command: the server's own commands, and those that are clients of a server. */
import module from 'node:module';
import type { CommandEntry } from './cli/command.ts';

const NODE_MAJOR_MIN = 24;
// Nothing of ours is loaded yet: an older Node could not even parse it.
if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR_MIN) {
  console.error(`Millrace needs Node.js ${NODE_MAJOR_MIN} or newer; this is ${process.version}.`);
  process.exit(1);
}
// Before anything else is loaded, so that all of it starts from the cache.
module.enableCompileCache();
// The runtime's own four are all taken when segments and objects are written at once, and commits would wait for one. Read when first used.
process.env['UV_THREADPOOL_SIZE'] ??= '10';

const { runCommand } = await import('./cli/run-command.ts');
const { CLIENT_COMMANDS } = await import('./cli/commands.ts');
const { createTerminal } = await import('./cli/terminal/terminal.ts');
const { version } = await import('./version.ts');

const SERVER_COMMANDS: readonly CommandEntry[] = [
  {
    words: ['start'],
    summary: 'Run the server.',
    load: async () => (await import('./commands/start.ts')).start,
  },
  {
    words: ['doctor'],
    summary: 'Look for what is wrong with the machine or a data directory.',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  {
    words: ['restore'],
    summary: 'Make a data directory of a backup.',
    load: async () => (await import('./commands/restore.ts')).restore,
  },
];

const interrupted = new AbortController();
const interrupt = (): void => {
  // A second Ctrl-C ends what the first could not.
  if (interrupted.signal.aborted) process.exit(130);
  interrupted.abort(new Error('interrupted'));
};
process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);

process.exitCode = await runCommand({
  entries: [...SERVER_COMMANDS, ...CLIENT_COMMANDS],
  args: process.argv.slice(2),
  version,
  environment: process.env,
  terminal: createTerminal({ input: process.stdin, output: process.stdout, error: process.stderr }),
  signal: interrupted.signal,
});
// Standard input, when it is a terminal or a pipe that stays open, must not keep the command from ending.
process.stdin.unref?.();
