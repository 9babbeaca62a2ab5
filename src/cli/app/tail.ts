import { UsageError } from '../../base/flags.ts';
import { CLIENT_FLAGS, JSON_FLAG, createAdminClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { count, printable } from '../terminal/table.ts';

type TailEvent = {
  readonly Timestamp: number;
  readonly Streams: readonly {
    readonly StreamName: string;
    readonly Rows: readonly string[];
    readonly More: number;
  }[];
};

export const tail: Command = {
  usage: 'NAME [STREAM…]',
  positionals: { min: 1, max: 100 },
  details:
    'Prints live rows of a running application: of its source, its in-application streams and error_stream, or of those that are named, until Ctrl-C. ' +
    'Of many rows a few are shown, and how many more there were.',
  flags: [{ name: 'count', value: 'N', short: 'n', help: 'End after N rows.' }, JSON_FLAG, ...CLIENT_FLAGS],
  async run({ flags, environment, terminal, signal }) {
    const [name, ...streams] = flags.positionals as [string, ...string[]];
    const countMax = parseCount(flags.values.get('count'));
    const isJson = flags.values.has('json');
    const client = createAdminClient(flags, environment);
    let printed = 0;
    try {
      const input = {
        ApplicationName: name,
        ...(streams.length === 0 ? {} : { StreamNames: streams }),
      };
      for await (const { value } of client.events('TailApplication', input, signal)) {
        for (const { StreamName: stream, Rows: rows, More: more } of (value as TailEvent).Streams) {
          const shown = rows.slice(0, countMax - printed);
          printed += shown.length;
          for (const row of shown) {
            await terminal.print(isJson ? jsonLine(stream, row) : `${printable(`${stream}  ${row}`)}\n`);
          }
          if (more > 0 && !isJson) terminal.say(`${stream}  … ${count(more)} more\n`);
          if (printed >= countMax) return EXIT.ok;
        }
      }
      terminal.say(`${name} has stopped.\n`);
      return EXIT.ok;
    } catch (error) {
      if (signal.aborted) return EXIT.interrupted;
      throw error;
    } finally {
      client.close();
    }
  },
};

/** The row's own text, so that numbers stay as they are. */
function jsonLine(stream: string, row: string): string {
  const members = row.slice(1);
  return `{"stream":${JSON.stringify(stream)}${members === '}' ? '' : ','}${members}\n`;
}

function parseCount(text: string | undefined): number {
  if (text === undefined) return Infinity;
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new UsageError(`--count must be a whole number above 0, not '${text}'.`);
  return Number(text);
}
