import { CLIENT_FLAGS, JSON_FLAG, createAdminClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { count, size } from '../terminal/table.ts';

type Retried = {
  readonly Objects: number;
  readonly Records: number;
  readonly Bytes: number;
  readonly SkippedObjects: number;
  readonly Before: number;
  readonly NextKey?: string;
};

export const retry: Command = {
  usage: 'NAME',
  positionals: { min: 1, max: 1 },
  details:
    'Puts into a delivery stream once more what lies under its error prefix, as it came, and deletes those objects. ' +
    'What fails again gets into new ones, and is not tried a second time.',
  flags: [
    {
      name: 'type',
      value: 'TYPE',
      help: 'Only what failed in this way: processing-failed, http-endpoint-failed, …',
    },
    { name: 'dry-run', help: 'Only count.' },
    JSON_FLAG,
    ...CLIENT_FLAGS,
  ],
  async run({ flags, environment, terminal, signal }) {
    const isDryRun = flags.values.has('dry-run');
    const client = createAdminClient(flags, environment);
    const all = { objects: 0, records: 0, bytes: 0, skippedObjects: 0 };
    let before: number | undefined;
    let after: string | undefined;
    try {
      do {
        const done: Retried = await client.call(
          'RetryErrors',
          {
            DeliveryStreamName: flags.positionals[0],
            ErrorOutputType: flags.values.get('type'),
            Before: before,
            StartAfter: after,
            DryRun: isDryRun,
          },
          signal,
        );
        all.objects += done.Objects;
        all.records += done.Records;
        all.bytes += done.Bytes;
        all.skippedObjects += done.SkippedObjects;
        before = done.Before;
        after = done.NextKey;
      } while (after !== undefined);
    } finally {
      client.close();
    }
    if (flags.values.has('json')) await terminal.print(`${JSON.stringify(all)}\n`);
    const skipped =
      all.skippedObjects === 0 ? '' : `; ${count(all.skippedObjects)} objects hold something else and stay`;
    terminal.say(
      `${isDryRun ? 'There are' : 'Put once more:'} ${count(all.records)} records, ${size(all.bytes)}, ` +
        `of ${count(all.objects)} objects${skipped}.\n`,
    );
    return EXIT.ok;
  },
};
