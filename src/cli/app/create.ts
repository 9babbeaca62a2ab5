import { readFileSync } from 'node:fs';
import { UsageError, type ParsedFlags } from '../../base/flags.ts';
import { CLIENT_FLAGS, createAnalyticsClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { ownArns, type Own } from './app-api.ts';
import { discoverSchema, sourceInput } from './discover.ts';
import { processorOf, SOURCE_FLAGS, sourceOf } from './source-flags.ts';
import { startAndWait } from './start.ts';

export const create: Command = {
  usage: 'NAME FILE.sql',
  positionals: { min: 2, max: 2 },
  details:
    'Creates an SQL application that reads a stream or a delivery stream. The schema of its records comes from a file, or is discovered from records ' +
    'that are there. Every --output sends the rows of one in-application stream somewhere; error_stream is one too.',
  flags: [
    ...SOURCE_FLAGS,
    {
      name: 'schema',
      value: 'FILE',
      help: 'JSON of the InputSchema. Without it the schema is discovered from the records.',
    },
    {
      name: 'prefix',
      value: 'NAME',
      default: 'SOURCE_SQL_STREAM',
      help: 'The in-application stream of the source is NAME_001.',
    },
    { name: 'parallelism', value: 'N', help: 'Spread the shards over NAME_001 to NAME_00N.' },
    {
      name: 'output',
      value: 'STREAM=KIND:NAME',
      help: 'KIND is stream, firehose or function. May be given three times.',
    },
    { name: 'csv', help: 'Send rows as CSV and not as JSON.' },
    {
      name: 'reference',
      value: 'TABLE=BUCKET/KEY',
      help: 'Reference data from an object, with a discovered schema.',
    },
    { name: 'start', help: 'Start it at once, and wait until it runs.' },
    {
      name: 'from',
      value: 'now|trim-horizon',
      default: 'now',
      help: 'Where --start begins, and where a schema is discovered.',
    },
    ...CLIENT_FLAGS,
  ],
  async run({ flags, environment, terminal, signal }) {
    const [name, file] = flags.positionals as [string, string];
    const code = readText(file);
    const own = await ownArns(flags, environment, signal);
    const client = createAnalyticsClient(flags, environment);
    try {
      const source = sourceOf(flags, own);
      if (source === undefined) throw new UsageError('Say what to read: --stream NAME or --firehose NAME.');
      const asked = { ...sourceInput(source, flags.values.get('from')), ...processorOf(flags, own) };
      const schemaFile = flags.values.get('schema');
      const schema =
        schemaFile === undefined
          ? await discoverSchema(client, own, asked, signal)
          : (JSON.parse(readText(schemaFile)) as object);
      const references = await Promise.all(
        (flags.all.get('reference') ?? []).map(async (text) => {
          const [table, place] = pairOf('reference', text);
          const slash = place.indexOf('/');
          const object = {
            BucketARN: `arn:aws:s3:::${place.slice(0, slash)}`,
            FileKey: place.slice(slash + 1),
          };
          const found = await discoverSchema(client, own, { S3Configuration: object }, signal);
          return { TableName: table, S3ReferenceDataSource: object, ReferenceSchema: found };
        }),
      );
      const parallelism = flags.values.get('parallelism');
      await client.call(
        'CreateApplication',
        {
          ApplicationName: name,
          RuntimeEnvironment: 'SQL-1_0',
          ServiceExecutionRole: own.role,
          ApplicationConfiguration: {
            ApplicationCodeConfiguration: {
              CodeContentType: 'PLAINTEXT',
              CodeContent: { TextContent: code },
            },
            SqlApplicationConfiguration: {
              Inputs: [
                {
                  NamePrefix: flags.values.get('prefix') ?? 'SOURCE_SQL_STREAM',
                  [source.kind === 'stream' ? 'KinesisStreamsInput' : 'KinesisFirehoseInput']: {
                    ResourceARN: source.arn,
                  },
                  ...processorOf(flags, own),
                  ...(parallelism === undefined
                    ? {}
                    : { InputParallelism: { Count: wholeNumber(parallelism) } }),
                  InputSchema: schema,
                },
              ],
              Outputs: outputsOf(flags, own),
              ...(references.length === 0 ? {} : { ReferenceDataSources: references }),
            },
          },
        },
        signal,
      );
      terminal.say(`Created ${name}.\n`);
      if (!flags.values.has('start')) return EXIT.ok;
      return await startAndWait(client, name, flags.values.get('from'), terminal, signal);
    } finally {
      client.close();
    }
  },
};

const OUTPUTS = {
  stream: ['KinesisStreamsOutput', 'kinesis'],
  firehose: ['KinesisFirehoseOutput', 'firehose'],
  function: ['LambdaOutput', 'lambda'],
} as const;

function outputsOf(flags: ParsedFlags, own: Own): readonly object[] {
  const format = flags.values.has('csv') ? 'CSV' : 'JSON';
  return (flags.all.get('output') ?? []).map((text) => {
    const [stream, place] = pairOf('output', text);
    const [, kind, name] = /^(stream|firehose|function):(.+)$/s.exec(place) ?? [];
    if (kind === undefined || name === undefined) {
      throw new UsageError(
        `--output must be STREAM=stream:NAME, =firehose:NAME or =function:NAME, not '${text}'.`,
      );
    }
    const [member, service] = OUTPUTS[kind as keyof typeof OUTPUTS];
    return {
      Name: stream,
      [member]: { ResourceARN: own.arn(service, name) },
      DestinationSchema: { RecordFormatType: format },
    };
  });
}

function pairOf(flag: string, text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`--${flag} must be NAME=…, not '${text}'.`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function wholeNumber(text: string): number {
  if (!/^\d{1,2}$/.test(text))
    throw new UsageError(`--parallelism must be a number up to 64, not '${text}'.`);
  return Number(text);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read ${file}: ${(error as Error).message}`);
  }
}
