/** The command lines of the project's own commands (`npm run sim` and its like): each declares its flags, as those of `millrace` do. */
import { describeFlags, type Flag, parseFlags, type ParsedFlags, UsageError } from '../src/base/flags.ts';

export type CommandLine = {
  /** As after `npm run`, with what it takes beside flags. */
  readonly usage: string;
  /** What the command does, in a sentence or two. */
  readonly does: string;
  readonly flags: readonly Flag[];
  /** How many arguments it takes beside flags; none when not said. */
  readonly positionalsMax?: number;
};

/** What was given to this program. `--help` is answered here and ends it; so does a mistake, with status 2. */
export function readCommandLine(line: CommandLine): ParsedFlags {
  try {
    const parsed = parseFlags(process.argv.slice(2), line.flags);
    if (parsed.values.get('help') === 'true') {
      console.log(helpOf(line));
      process.exit(0);
    }
    const unexpected = parsed.positionals[line.positionalsMax ?? 0];
    if (unexpected !== undefined) throw new UsageError(`Unexpected argument ${unexpected}.`);
    return parsed;
  } catch (error) {
    return refuse(error, line);
  }
}

/** The value of a flag that takes a whole number, or `otherwise` when it was not given. */
export function wholeNumber<Otherwise>(
  { values }: ParsedFlags,
  name: string,
  otherwise: Otherwise,
  line: CommandLine,
): number | Otherwise {
  const given = values.get(name);
  if (given === undefined) return otherwise;
  const isWhole = /^\d+$/.test(given) && Number.isSafeInteger(Number(given));
  return isWhole
    ? Number(given)
    : refuse(new UsageError(`--${name} takes a whole number, not ${given}.`), line);
}

/** Ends the program: the mistake is whoever's called it. */
export function refuse(error: unknown, line: CommandLine): never {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${helpOf(line)}`);
  process.exit(2);
}

function helpOf({ usage, does, flags }: CommandLine): string {
  return `usage: npm run ${usage}\n\n${does}\n\n${describeFlags(flags)}`;
}
