/**
 * Command-line flags, parsed by one declared list: the same list writes the help text and the reference page, so neither
 * can go out of date. `--name value`, `--name=value`, `--switch`, `--no-switch`, `-n value`; `--` ends the flags; the last of two wins.
 */
export type Flag = {
  readonly name: string;
  /** What stands for the value in the help text; absent for a switch. */
  readonly value?: string;
  readonly short?: string;
  readonly help: string;
  /** As the help text shows it. */
  readonly default?: string;
  /** Environment variables that set it, the first one found wins. */
  readonly environment?: readonly string[];
};

export type ParsedFlags = {
  /** A switch is `true` or `false`. */
  readonly values: ReadonlyMap<string, string>;
  /** Every value of a flag that was given, in their order, for a flag that may be given more than once. */
  readonly all: ReadonlyMap<string, readonly string[]>;
  readonly positionals: readonly string[];
};

/** The caller's mistake on the command line: printed without a stack, exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const HELP: Flag = { name: 'help', short: 'h', help: 'Show this help.' };

export function parseFlags(args: readonly string[], declared: readonly Flag[]): ParsedFlags {
  const flags = [...declared, HELP];
  const values = new Map<string, string>();
  const all = new Map<string, string[]>();
  const positionals: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]!;
    if (argument === '--') {
      positionals.push(...args.slice(index + 1));
      break;
    }
    if (!argument.startsWith('-') || argument === '-') {
      positionals.push(argument);
      continue;
    }
    const equals = argument.indexOf('=');
    const written = equals === -1 ? argument : argument.slice(0, equals);
    const flag = flags.find(
      ({ name, short }) => written === `--${name}` || (short && written === `-${short}`),
    );
    const negated = flags.find(({ name, value }) => value === undefined && written === `--no-${name}`);
    if (flag === undefined && negated !== undefined && equals === -1) {
      values.set(negated.name, 'false');
      continue;
    }
    if (flag === undefined) throw new UsageError(unknownFlag(written, flags));
    if (flag.value === undefined) {
      if (equals !== -1) throw new UsageError(`--${flag.name} takes no value.`);
      values.set(flag.name, 'true');
      continue;
    }
    const value = equals === -1 ? args[++index] : argument.slice(equals + 1);
    if (value === undefined || (equals === -1 && /^--[a-z]/.test(value))) {
      throw new UsageError(`--${flag.name} needs a value: --${flag.name} ${flag.value}`);
    }
    values.set(flag.name, value);
    all.set(flag.name, [...(all.get(flag.name) ?? []), value]);
  }
  return { values, all, positionals };
}

function unknownFlag(written: string, flags: readonly Flag[]): string {
  const near = closest(
    written.replace(/^-+/, ''),
    flags.map(({ name }) => name),
  );
  return `Unknown flag ${written}.${near === undefined ? '' : ` Did you mean --${near}?`}`;
}

/** The candidate that a mistyped word most likely meant, or undefined when none is near. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = candidate.startsWith(word) && word.length >= 3 ? 1 : editDistance(word, candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const replaced = row[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[right.length]!;
}

/** The flags as aligned lines for a help text. */
export function describeFlags(flags: readonly Flag[]): string {
  const lines = [...flags, HELP].map((flag) => ({
    left: `  ${flag.short ? `-${flag.short}, ` : ''}--${flag.name}${flag.value === undefined ? '' : ` ${flag.value}`}`,
    right: flag.help + (flag.default === undefined ? '' : ` Default: ${flag.default}.`),
  }));
  const width = Math.min(Math.max(...lines.map(({ left }) => left.length)), 38);
  return lines
    .map(({ left, right }) =>
      left.length > width
        ? `${left}\n${''.padEnd(width + 2)}${wrap(right, width + 2)}`
        : `${left.padEnd(width + 2)}${wrap(right, width + 2)}`,
    )
    .join('\n');
}

const HELP_COLUMNS = 100;

/** Breaks lines between words; all but the first begin with `indent` spaces. */
export function wrap(text: string, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > HELP_COLUMNS) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(`\n${''.padEnd(indent)}`);
}
