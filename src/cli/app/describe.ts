import { CLIENT_FLAGS, JSON_FLAG, createAdminClient, createAnalyticsClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { count, properties, seconds, size, table } from '../terminal/table.ts';
import { describeApplication, type ApplicationDetail } from './app-api.ts';

type RunDescription = {
  readonly State?: string;
  readonly Checkpoint?: { readonly Bytes: number; readonly AgeMillis: number };
  readonly RecordsIn?: number;
  readonly RowsOut?: number;
  readonly Errors?: number;
  readonly MillisBehindLatest?: number;
  readonly Failing?: readonly { readonly Id: string; readonly Reason: string }[];
  readonly RunningSeconds: number;
  readonly KpuHours: number;
};

export const describe: Command = {
  usage: 'NAME',
  positionals: { min: 1, max: 1 },
  details:
    'Shows an application, its source and its outputs; and of one that runs how it does: what it has read and sent, how old its last checkpoint is, ' +
    'and what it tries again.',
  flags: [{ name: 'code', help: 'Print the code only.' }, JSON_FLAG, ...CLIENT_FLAGS],
  async run({ flags, environment, terminal, signal }) {
    const name = flags.positionals[0]!;
    const client = createAnalyticsClient(flags, environment);
    const own = createAdminClient(flags, environment);
    try {
      const detail = await describeApplication(client, name, signal);
      const code =
        detail.ApplicationConfigurationDescription?.ApplicationCodeConfigurationDescription
          ?.CodeContentDescription?.TextContent ?? '';
      if (flags.values.has('code')) {
        await terminal.print(code.endsWith('\n') ? code : `${code}\n`);
        return EXIT.ok;
      }
      const run = await own.call<RunDescription>('DescribeRun', { ApplicationName: name }, signal);
      if (flags.values.has('json')) {
        await terminal.print(`${JSON.stringify({ ...detail, Run: run }, undefined, 2)}\n`);
        return EXIT.ok;
      }
      await terminal.print(properties([...aboutApplication(detail), ...aboutRun(run)]));
      const rows = outputsOf(detail);
      if (rows.length > 0) await terminal.print(`\n${table(['ID', 'STREAM', 'TO', 'AS'], rows)}`);
      for (const { Id, Reason } of run.Failing ?? []) terminal.say(`${Id} is tried again: ${Reason}\n`);
      return EXIT.ok;
    } finally {
      client.close();
      own.close();
    }
  },
};

type Pairs = readonly (readonly [string, string | number])[];

function aboutApplication(detail: ApplicationDetail): Pairs {
  const inputs =
    detail.ApplicationConfigurationDescription?.SqlApplicationConfigurationDescription?.InputDescriptions ??
    [];
  return [
    ['Name', detail.ApplicationName],
    ['ARN', detail.ApplicationARN],
    ['Status', detail.ApplicationStatus],
    ['Version', detail.ApplicationVersionId],
    ['Runtime', detail.RuntimeEnvironment],
    ...inputs.flatMap((input): Pairs => [
      [
        'Source',
        input.KinesisStreamsInputDescription?.ResourceARN ??
          input.KinesisFirehoseInputDescription?.ResourceARN ??
          '',
      ],
      ['In-application', input.InAppStreamNames.join(', ')],
    ]),
  ];
}

function aboutRun(run: RunDescription): Pairs {
  const billed: Pairs = [
    ['Has run', `${seconds(run.RunningSeconds * 1000)}, ${run.KpuHours.toFixed(3)} KPU hours`],
  ];
  if (run.State === undefined) return billed;
  const { Checkpoint: checkpoint } = run;
  return [
    ['State', run.State],
    [
      'Checkpoint',
      checkpoint === undefined
        ? 'none yet'
        : `${size(checkpoint.Bytes)}, ${seconds(checkpoint.AgeMillis)} ago`,
    ],
    ['Records in', run.RecordsIn ?? 0],
    ['Rows out', run.RowsOut ?? 0],
    ['Errors', run.Errors ?? 0],
    ['Behind', `${count(run.MillisBehindLatest ?? 0)} ms`],
    ...billed,
  ];
}

function outputsOf(detail: ApplicationDetail): readonly (readonly string[])[] {
  const outputs =
    detail.ApplicationConfigurationDescription?.SqlApplicationConfigurationDescription?.OutputDescriptions ??
    [];
  return outputs.map((output) => [
    output.OutputId,
    output.Name,
    output.KinesisStreamsOutputDescription?.ResourceARN ??
      output.KinesisFirehoseOutputDescription?.ResourceARN ??
      output.LambdaOutputDescription?.ResourceARN ??
      '',
    output.DestinationSchema.RecordFormatType,
  ]);
}
