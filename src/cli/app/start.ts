import { UsageError } from '../../base/flags.ts';
import type { ApiClient } from '../client/api-client.ts';
import { CLIENT_FLAGS, createAnalyticsClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { describeApplication, lastFailure, waitUntilSettled } from './app-api.ts';

const POSITIONS: Readonly<Record<string, string>> = {
  now: 'NOW',
  'trim-horizon': 'TRIM_HORIZON',
  last: 'LAST_STOPPED_POINT',
};

export const start: Command = {
  usage: 'NAME',
  positionals: { min: 1, max: 1 },
  details:
    'Starts an application and waits until it runs. It goes on where it stopped, with its state when the code is the same, and begins now the first ' +
    'time; --from begins elsewhere, without state.',
  flags: [{ name: 'from', value: 'now|trim-horizon|last', help: 'Where to begin.' }, ...CLIENT_FLAGS],
  async run({ flags, environment, terminal, signal }) {
    const client = createAnalyticsClient(flags, environment);
    try {
      return await startAndWait(client, flags.positionals[0]!, flags.values.get('from'), terminal, signal);
    } finally {
      client.close();
    }
  },
};

export async function startAndWait(
  client: ApiClient,
  name: string,
  from: string | undefined,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const position = from === undefined ? undefined : POSITIONS[from];
  if (from !== undefined && position === undefined) {
    throw new UsageError(`--from must be now, trim-horizon or last, not '${from}'.`);
  }
  const detail = await describeApplication(client, name, signal);
  const inputs =
    detail.ApplicationConfigurationDescription?.SqlApplicationConfigurationDescription?.InputDescriptions ??
    [];
  const configured =
    position === undefined
      ? {}
      : {
          SqlRunConfigurations: inputs.map(({ InputId }) => ({
            InputId,
            InputStartingPositionConfiguration: { InputStartingPosition: position },
          })),
        };
  await client.call('StartApplication', { ApplicationName: name, RunConfiguration: configured }, signal);
  const { ApplicationStatus: status } = await waitUntilSettled(client, name, signal);
  if (status === 'RUNNING') {
    terminal.say(`${name} runs.\n`);
    return EXIT.ok;
  }
  const reason = await lastFailure(client, name, signal);
  terminal.say(`${name} did not start${reason === undefined ? '' : `: ${reason}`}\n`);
  return EXIT.failed;
}
