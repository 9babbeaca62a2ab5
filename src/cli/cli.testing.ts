/** A real server in this process, and the CLI run against it with its input and outputs in memory. */
import { PassThrough, Readable, type Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { assemble } from '../assemble.ts';
import { readConfig } from '../config/read-config.ts';
import { createRealHost } from '../host/real/host.ts';
import { createLog } from '../logging.ts';
import { CLIENT_COMMANDS } from './commands.ts';
import { runCommand } from './run-command.ts';
import { createTerminal } from './terminal/terminal.ts';

export type Ran = { readonly status: number; readonly output: string; readonly errors: string };

export type Running = { readonly finished: Promise<Ran>; readonly output: PassThrough; interrupt(): void };

export async function openCliServer(flags: readonly string[] = []) {
  const none = (): never => {
    throw new Error('no file');
  };
  const config = readConfig(
    ['--port', '0', '--durability', 'memory', '--state-duration-ms', '10', '--data', '/nowhere', ...flags],
    {},
    none,
  );
  const server = await assemble({
    config,
    host: createRealHost(),
    logger: createLog('silent', process.stdout).logger,
    version: '0.0.0',
  });
  const url = `http://127.0.0.1:${server.port}`;
  const environment = { HOME: '/nowhere', AWS_ENDPOINT_URL: url };
  return {
    url,
    run: (args: readonly string[], input?: string | Readable) =>
      runCli(args, { input, environment }).finished,
    begin: (args: readonly string[], input?: string | Readable) => runCli(args, { input, environment }),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
    },
  };
}

export function runCli(
  args: readonly string[],
  options: {
    readonly input?: string | Readable | undefined;
    readonly environment: Readonly<Record<string, string>>;
    readonly output?: Writable;
  },
): Running {
  const { input = '', environment } = options;
  const output = new PassThrough();
  const error = new PassThrough();
  const interrupted = new AbortController();
  const [outputText, errorText] = [text(output), text(error)];
  const terminal = createTerminal({
    input: typeof input === 'string' ? Readable.from([Buffer.from(input)]) : input,
    output: options.output ?? output,
    error,
  });
  const running = async (): Promise<Ran> => {
    const status = await runCommand({
      entries: CLIENT_COMMANDS,
      args,
      version: '0.0.0',
      environment,
      terminal,
      signal: interrupted.signal,
    });
    output.end();
    error.end();
    return { status, output: await outputText, errors: await errorText };
  };
  return { finished: running(), output, interrupt: () => interrupted.abort(new Error('interrupted')) };
}
