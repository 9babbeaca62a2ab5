/** What a command of the CLI is. Each is a module of its own, loaded only when it is called, so that `millrace --help` is quick. */
import type { Flag, ParsedFlags } from '../base/flags.ts';
import type { Terminal } from './terminal/terminal.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type Invocation = {
  readonly flags: ParsedFlags;
  /** Everything after the command's words, unparsed: for a command that reads its flags itself. */
  readonly args: readonly string[];
  readonly environment: Environment;
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C and by SIGTERM. */
  readonly signal: AbortSignal;
};

export type Command = {
  /** The arguments after the words, for the help text: `NAME [FILE…]`. */
  readonly usage: string;
  readonly positionals: { readonly min: number; readonly max: number };
  readonly flags: readonly Flag[];
  /** A paragraph for `--help`. */
  readonly details: string;
  /** Resolves to the exit status. */
  readonly run: (invocation: Invocation) => Promise<number>;
};

export type CommandEntry = {
  /** `['stream', 'put']` */
  readonly words: readonly string[];
  readonly summary: string;
  readonly load: () => Promise<Command>;
};

/** Exit statuses, the same for every command. */
export const EXIT = Object.freeze({
  ok: 0,
  failed: 1,
  usage: 2,
  /** Nothing answers at the endpoint, or no server runs. */
  unreachable: 3,
  /** 128 + SIGINT, as shells have it. */
  interrupted: 130,
});
