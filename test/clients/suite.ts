/**
 * What a client suite is. A suite names the runtimes it needs, the installations it uses and a timeout, and is handed a
 * running Millrace. It reports cases: by `check` when it is written in TypeScript, by TAP on stdout (`program`) when the client
 * speaks another language. The first case that fails ends the suite, for the cases of one suite build on each other.
 */
import type { Installation } from './installation.ts';
import type { Program } from './program.ts';

export type Suite = {
  readonly name: string;
  /** One sentence for --list and the progress lines: the client, its version, what it does. */
  readonly what: string;
  readonly installations: readonly Installation[];
  readonly timeoutMs: number;
  /** It kills and restarts the server, so it cannot run against --endpoint. */
  readonly crashesServer: boolean;
  readonly run: (run: SuiteRun) => Promise<void>;
};

export type Endpoint = {
  /** The same port by http:// and https://, both with the name localhost. */
  readonly plainUrl: string;
  readonly tlsUrl: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly caFile: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
};

export type SuiteRun = {
  readonly endpoint: Endpoint;
  /** Ends the names of streams, for --endpoint may name a server that has seen a run before. */
  readonly id: string;
  /** Empty at first; kept for a look when the suite fails. */
  readonly workFolder: string;
  /** The whole environment of a client: nothing of ours shines through. `extra` is added and wins. */
  readonly environment: (extra?: Readonly<Record<string, string>>) => Record<string, string>;
  readonly check: (name: string, body: () => Promise<void>) => Promise<void>;
  /** Runs a client that reports its cases as TAP with the plan last, and exits 0. */
  readonly program: (program: ClientProgram) => Promise<void>;
  /** Runs a client to its end and returns its stdout; throws with the end of its stderr when it exits otherwise than 0. */
  readonly output: (program: ClientProgram) => Promise<string>;
  /** Starts a client that runs until it is stopped; it is stopped at the suite's end at the latest. */
  readonly start: (program: ClientProgram) => Program;
  /** kill -9. */
  readonly crashServer: () => Promise<void>;
  /** After `crashServer`: on the same data, at the same port. */
  readonly restartServer: () => Promise<void>;
  /** DynamoDB Local's URL; it is started at the first use and shared. */
  readonly dynamoDbUrl: () => Promise<string>;
  /** Asks until the answer is not undefined; fails, naming `what`, after `timeoutMs`. */
  readonly until: <T>(what: string, timeoutMs: number, ask: () => Promise<T | undefined>) => Promise<T>;
};

export type ClientProgram = {
  /** Names the log file in the work folder, where the program runs too. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
};
