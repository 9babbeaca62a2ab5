import { UsageError } from '../../base/flags.ts';
import type { ApiClient } from '../client/api-client.ts';
import { CLIENT_FLAGS, JSON_FLAG, createAnalyticsClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { table } from '../terminal/table.ts';
import { ownArns, type Own } from './app-api.ts';
import { processorOf, SOURCE_FLAGS, sourceOf, type NamedSource } from './source-flags.ts';

export type DiscoveredSchema = {
  readonly RecordFormat: { readonly RecordFormatType: string; readonly MappingParameters?: object };
  readonly RecordColumns: readonly {
    readonly Name: string;
    readonly SqlType: string;
    readonly Mapping?: string;
  }[];
};

export const discover: Command = {
  usage: '',
  positionals: { min: 0, max: 0 },
  details:
    'Reads some records of a stream, a delivery stream or an object, and says what columns they seem to have. With --json it prints the schema ' +
    'that `millrace app create --schema FILE` takes.',
  flags: [
    ...SOURCE_FLAGS,
    { name: 'object', value: 'BUCKET/KEY', help: 'Read this object, for reference data.' },
    { name: 'from', value: 'now|trim-horizon', default: 'now', help: 'Where to look for records.' },
    JSON_FLAG,
    ...CLIENT_FLAGS,
  ],
  async run({ flags, environment, terminal, signal }) {
    const own = await ownArns(flags, environment, signal);
    const source = sourceOf(flags, own);
    const object = flags.values.get('object');
    if ((source === undefined) === (object === undefined)) {
      throw new UsageError('Say what to read: --stream NAME, --firehose NAME or --object BUCKET/KEY.');
    }
    const client = createAnalyticsClient(flags, environment);
    try {
      const asked =
        source === undefined ? objectOf(object!) : await sourceInput(source, flags.values.get('from'));
      const schema = await discoverSchema(client, own, { ...asked, ...processorOf(flags, own) }, signal);
      if (flags.values.has('json')) {
        await terminal.print(`${JSON.stringify(schema, undefined, 2)}\n`);
        return EXIT.ok;
      }
      const rows = schema.RecordColumns.map(({ Name, SqlType, Mapping = '' }) => [Name, SqlType, Mapping]);
      await terminal.print(table(['COLUMN', 'TYPE', 'FROM'], rows));
      return EXIT.ok;
    } finally {
      client.close();
    }
  },
};

export function sourceInput({ arn }: NamedSource, from: string | undefined): object {
  const position = from === 'trim-horizon' ? 'TRIM_HORIZON' : 'NOW';
  return { ResourceARN: arn, InputStartingPositionConfiguration: { InputStartingPosition: position } };
}

function objectOf(text: string): object {
  const slash = text.indexOf('/');
  if (slash < 1) throw new UsageError(`--object must be BUCKET/KEY, not '${text}'.`);
  return {
    S3Configuration: { BucketARN: `arn:aws:s3:::${text.slice(0, slash)}`, FileKey: text.slice(slash + 1) },
  };
}

export async function discoverSchema(
  client: ApiClient,
  own: Own,
  input: object,
  signal: AbortSignal,
): Promise<DiscoveredSchema> {
  const { InputSchema } = await client.call<{ readonly InputSchema: DiscoveredSchema }>(
    'DiscoverInputSchema',
    { ServiceExecutionRole: own.role, ...input },
    signal,
  );
  return InputSchema;
}
