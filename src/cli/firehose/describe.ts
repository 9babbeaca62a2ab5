import { CLIENT_FLAGS, JSON_FLAG, createFirehoseClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { properties } from '../terminal/table.ts';
import { describeDeliveryStream } from './firehose-api.ts';

export const describe: Command = {
  usage: 'NAME',
  positionals: { min: 1, max: 1 },
  details: 'Shows a delivery stream, its source and its destination.',
  flags: [JSON_FLAG, ...CLIENT_FLAGS],
  async run({ flags, environment, terminal, signal }) {
    const client = createFirehoseClient(flags, environment);
    try {
      const found = await describeDeliveryStream(client, flags.positionals[0]!, signal);
      if (flags.values.has('json')) {
        await terminal.print(`${JSON.stringify(found, undefined, 2)}\n`);
        return EXIT.ok;
      }
      const encryption = found.DeliveryStreamEncryptionConfiguration;
      await terminal.print(
        properties([
          ['Name', found.DeliveryStreamName],
          ['ARN', found.DeliveryStreamARN],
          ['Status', found.DeliveryStreamStatus],
          [
            'Source',
            found.Source?.KinesisStreamSourceDescription?.KinesisStreamARN ?? found.DeliveryStreamType,
          ],
          ['Version', found.VersionId],
          ['Created', timeOf(found.CreateTimestamp)],
          ['Updated', timeOf(found.LastUpdateTimestamp)],
          ['Encryption', [encryption?.Status ?? 'DISABLED', encryption?.KeyARN ?? ''].join(' ').trim()],
        ]),
      );
      for (const destination of found.Destinations) await terminal.print(describeDestination(destination));
      return EXIT.ok;
    } finally {
      client.close();
    }
  },
};

function timeOf(seconds: number | undefined): string {
  return seconds === undefined ? '' : new Date(seconds * 1000).toISOString();
}

/** What an ExtendedS3 destination is described by twice is shown once. */
function describeDestination(destination: Readonly<Record<string, unknown>>): string {
  const kinds = Object.keys(destination).filter((name) => name.endsWith('DestinationDescription'));
  const kind = kinds.find((name) => name !== 'S3DestinationDescription') ?? kinds[0];
  if (kind === undefined) return '';
  const title = kind.replace('DestinationDescription', '');
  return `\nDestination: ${title}\n${JSON.stringify(destination[kind], undefined, 2)}\n`;
}
