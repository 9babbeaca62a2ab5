import { UsageError } from '../../base/flags.ts';
import { EXIT, type Command } from '../command.ts';
import {
  DATA_FLAG,
  dataDirectoryOf,
  findRunningServer,
  pidNamespace,
  waitUntilEnded,
} from './running-server.ts';

const TIMEOUT_SECONDS = 60;

export const stop: Command = {
  usage: '',
  positionals: { min: 0, max: 0 },
  details:
    'Asks the server of the data directory to end (SIGTERM) and waits until it has: it finishes the requests it has ' +
    'begun and takes no new ones.',
  flags: [
    DATA_FLAG,
    { name: 'timeout', value: 'SECONDS', default: String(TIMEOUT_SECONDS), help: 'How long to wait for it.' },
  ],
  async run({ flags, environment, terminal, signal }) {
    const timeout = Number(flags.values.get('timeout') ?? TIMEOUT_SECONDS);
    if (!(timeout > 0)) throw new UsageError('--timeout must be a number of seconds above 0.');
    const directory = dataDirectoryOf(flags, environment);
    const found = await findRunningServer(directory);
    if (found === undefined) {
      terminal.say(`No server runs on ${directory}.\n`);
      return EXIT.unreachable;
    }
    const { pid } = found.server;
    if (found.server.pidNamespace !== pidNamespace()) {
      terminal.say(`The server on ${directory} runs in another container: stop it there.\n`);
      return EXIT.failed;
    }
    process.kill(pid, 'SIGTERM');
    if (!(await waitUntilEnded(pid, timeout * 1000, signal))) {
      terminal.say(`The server (process ${pid}) has not ended within ${timeout} s.\n`);
      return EXIT.failed;
    }
    terminal.say(`Stopped the server on ${directory}.\n`);
    return EXIT.ok;
  },
};
