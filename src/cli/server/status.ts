import { endpointOf } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { properties, seconds } from '../terminal/table.ts';
import { DATA_FLAG, dataDirectoryOf, findRunningServer, healthAt, type Health } from './running-server.ts';

export const status: Command = {
  usage: '',
  positionals: { min: 0, max: 0 },
  details:
    'Says whether a server runs on the data directory, or answers at --endpoint-url. The exit status is 3 when none does.',
  flags: [
    DATA_FLAG,
    { name: 'endpoint-url', value: 'URL', help: 'Ask the server there instead.' },
    { name: 'json', help: 'Print JSON, for programs.' },
  ],
  async run({ flags, environment, terminal }) {
    const found = flags.values.has('endpoint-url')
      ? await atEndpoint(endpointOf(flags, environment, 'us-east-1').origin)
      : await onDirectory(dataDirectoryOf(flags, environment));
    if (flags.values.has('json')) await terminal.print(`${JSON.stringify(found)}\n`);
    else if (!found.running) await terminal.print(`No server runs ${found.where}.\n`);
    else {
      await terminal.print(
        properties([
          ['State', found.state],
          ['URL', found.url],
          ['Version', found.version],
          ['Up', seconds(found.uptimeSeconds * 1000)],
          ...(found.pid === undefined ? [] : [['Process', String(found.pid)] as const]),
          ...(found.data === undefined ? [] : [['Data', found.data] as const]),
        ]),
      );
    }
    return found.running ? EXIT.ok : EXIT.unreachable;
  },
};

type Found =
  | { readonly running: false; readonly where: string }
  | {
      readonly running: true;
      readonly state: string;
      readonly url: string;
      readonly version: string;
      readonly uptimeSeconds: number;
      readonly pid?: number;
      readonly data?: string;
    };

async function onDirectory(data: string): Promise<Found> {
  const found = await findRunningServer(data);
  if (found === undefined) return { running: false, where: `on ${data}` };
  const { url, pid } = found.server;
  return { running: true, url, pid, data, ...stateOf(found.health) };
}

async function atEndpoint(url: string): Promise<Found> {
  const health = await healthAt(url);
  return health === undefined
    ? { running: false, where: `at ${url}` }
    : { running: true, url, ...stateOf(health) };
}

function stateOf({ status: state, version, uptimeSeconds }: Health) {
  return { state, version, uptimeSeconds };
}
