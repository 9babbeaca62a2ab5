/** Finds the command that the words name, parses its flags, runs it, and turns what it throws into a message and a status. */
import { UsageError, closest, describeFlags, parseFlags, wrap, type Flag } from '../base/flags.ts';
import { ApiError, UnreachableError } from './client/api-client.ts';
import { EXIT, type Command, type CommandEntry, type Environment } from './command.ts';
import { OutputClosedError, type Terminal } from './terminal/terminal.ts';

const VERSION_FLAG: Flag = { name: 'version', short: 'V', help: 'Show the version.' };

export async function runCommand(options: {
  readonly entries: readonly CommandEntry[];
  readonly args: readonly string[];
  readonly version: string;
  readonly environment: Environment;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}): Promise<number> {
  const { terminal, signal } = options;
  try {
    return await dispatch(options);
  } catch (error) {
    if (error instanceof OutputClosedError) return EXIT.ok;
    if (signal.aborted) return EXIT.interrupted;
    if (error instanceof UsageError) {
      terminal.say(`${error.message}\n`);
      return EXIT.usage;
    }
    if (error instanceof ApiError) {
      terminal.say(`${error.code}: ${error.message}\n`);
      if (/^Stream \S+ under account/.test(error.message) && error.code === 'ResourceNotFoundException')
        terminal.say('The streams of this account and region: millrace stream list\n');
      return EXIT.failed;
    }
    if (error instanceof UnreachableError) {
      terminal.say(`${error.message}\n`);
      return EXIT.unreachable;
    }
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
      // The system's own errors say what is wrong; a stack would only hide it.
      terminal.say(`${error.message}\n`);
      return EXIT.failed;
    }
    throw error;
  }
}

async function dispatch({
  entries,
  args: given,
  version,
  environment,
  terminal,
  signal,
}: Parameters<typeof runCommand>[0]): Promise<number> {
  // `millrace help stream put`, as with git.
  const args = given[0] === 'help' ? [...given.slice(1), '--help'] : given;
  const entry = entries
    .filter(({ words }) => words.every((word, index) => args[index] === word))
    .toSorted((left, right) => right.words.length - left.words.length)[0];
  if (entry === undefined) return await withoutCommand(entries, args, version, terminal);

  const command = await entry.load();
  const own = args.slice(entry.words.length);
  const flags = parseFlags(own, command.flags);
  if (flags.values.has('help')) {
    await terminal.print(helpOf(entry, command));
    return EXIT.ok;
  }
  const { min, max } = command.positionals;
  if (flags.positionals.length < min || flags.positionals.length > max) {
    const given =
      flags.positionals.length < min ? 'Something is missing' : `'${flags.positionals[max]}' is too much`;
    throw new UsageError(`${given}: ${usageOf(entry, command)}`);
  }
  return await command.run({ flags, args: own, environment, terminal, signal });
}

async function withoutCommand(
  entries: readonly CommandEntry[],
  args: readonly string[],
  version: string,
  terminal: Terminal,
): Promise<number> {
  const words = args.filter((argument) => !argument.startsWith('-'));
  const within = entries.filter((entry) => words.every((word, index) => entry.words[index] === word));
  if (within.length === 0) {
    const names = entries.map((entry) => entry.words.join(' '));
    const near =
      // `millrace put`, and what is mistyped.
      names.find((name) => name.endsWith(` ${words[0]}`)) ??
      closest(words.slice(0, 2).join(' '), names) ??
      closest(words[0]!, names);
    throw new UsageError(
      `There is no command 'millrace ${words.slice(0, 2).join(' ')}'.${near ? ` Did you mean 'millrace ${near}'?` : ''}`,
    );
  }
  const flags = parseFlags(
    args.filter((argument) => argument.startsWith('-')),
    [VERSION_FLAG],
  );
  if (flags.values.has('version')) {
    await terminal.print(`millrace ${version}\n`);
    return EXIT.ok;
  }
  await terminal.print(overviewOf(within, words));
  return flags.values.has('help') ? EXIT.ok : EXIT.usage;
}

function overviewOf(entries: readonly CommandEntry[], words: readonly string[]): string {
  const lines = entries.map((entry) => [`  millrace ${entry.words.join(' ')}`, entry.summary] as const);
  const width = Math.max(...lines.map(([left]) => left.length));
  return [
    words.length === 0 ? 'Millrace: Kinesis that you run yourself.' : `millrace ${words.join(' ')}`,
    '',
    ...lines.map(([left, right]) => `${left.padEnd(width + 2)}${right}`),
    '',
    'Each command has --help. --version shows the version.',
    '',
  ].join('\n');
}

function usageOf(entry: CommandEntry, command: Command): string {
  return `millrace ${entry.words.join(' ')}${command.usage ? ` ${command.usage}` : ''}${command.flags.length > 0 ? ' [flags]' : ''}`;
}

function helpOf(entry: CommandEntry, command: Command): string {
  return `${usageOf(entry, command)}\n\n${wrap(command.details, 0)}\n\n${describeFlags(command.flags)}\n`;
}
