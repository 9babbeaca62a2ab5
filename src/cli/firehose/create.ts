import { readFileSync } from 'node:fs';
import { UsageError, type ParsedFlags } from '../../base/flags.ts';
import { ApiError } from '../client/api-client.ts';
import {
  CLIENT_FLAGS,
  createAdminClient,
  createFirehoseClient,
  createKinesisClient,
} from '../client/profile.ts';
import { EXIT, type Command, type Environment, type Invocation } from '../command.ts';
import { NO_WAIT_FLAG } from '../stream/create.ts';
import { describeSummary } from '../stream/stream-api.ts';
import { waitUntilCreated } from './firehose-api.ts';

export const create: Command = {
  usage: 'NAME',
  positionals: { min: 1, max: 1 },
  details:
    'Creates a delivery stream and waits until it is ACTIVE. It delivers to a bucket, or to an HTTP endpoint whose failed records go to the bucket. ' +
    'Whatever else there is to set comes from a JSON file with the members of CreateDeliveryStream, to which the flags add.',
  flags: [
    {
      name: 'bucket',
      value: 'NAME',
      help: 'Bucket to deliver to. Create it with: millrace bucket create NAME',
    },
    { name: 'prefix', value: 'PREFIX', help: 'What keys begin with, such as year=!{timestamp:yyyy}/.' },
    { name: 'error-prefix', value: 'PREFIX', help: 'The same of objects with records that failed.' },
    { name: 'compression', value: 'FORMAT', help: 'UNCOMPRESSED, GZIP, ZIP, Snappy or HADOOP_SNAPPY.' },
    { name: 'buffer-mb', value: 'N', help: 'Deliver when so much has come together. Default: 5.' },
    { name: 'buffer-seconds', value: 'N', help: 'Deliver after so much time. Default: 300.' },
    { name: 'http', value: 'URL', help: 'Deliver to this HTTP endpoint.' },
    { name: 'stream', value: 'NAME', help: 'Read this stream instead of taking records that are put.' },
    {
      name: 'role',
      value: 'ARN',
      help: "Role for all of it. Needed at AWS; here the default is role/millrace of the caller's account.",
    },
    { name: 'config', value: 'FILE', help: 'JSON with members of CreateDeliveryStream.' },
    NO_WAIT_FLAG,
    ...CLIENT_FLAGS,
  ],
  async run({ flags, environment, terminal, signal }) {
    const name = flags.positionals[0]!;
    const input = {
      ...configured(flags.values.get('config')),
      DeliveryStreamName: name,
      ...(await fromFlags({ flags, environment, signal })),
    };
    const client = createFirehoseClient(flags, environment);
    try {
      await client.call('CreateDeliveryStream', input, signal);
      if (!flags.values.has('no-wait')) {
        const { DeliveryStreamStatus: status } = await waitUntilCreated(client, name, signal);
        if (status !== 'ACTIVE') {
          terminal.say(`${name} is ${status}.\n`);
          return EXIT.failed;
        }
      }
      terminal.say(`Created ${name}.\n`);
      return EXIT.ok;
    } finally {
      client.close();
    }
  },
};

/** Members of CreateDeliveryStream that the flags say. */
async function fromFlags({
  flags,
  environment,
  signal,
}: Pick<Invocation, 'flags' | 'environment' | 'signal'>): Promise<object> {
  const { values } = flags;
  const [bucket, stream, http] = ['bucket', 'stream', 'http'].map((name) => values.get(name));
  if (bucket === undefined && http !== undefined) {
    throw new UsageError('--http needs a --bucket for records that fail.');
  }
  if (bucket === undefined && !values.has('config')) {
    throw new UsageError('Say where to deliver to: --bucket NAME, or --config FILE.');
  }
  if (bucket === undefined && stream === undefined) return {};
  const role = values.get('role') ?? (await ownRole(flags, environment, signal));
  return {
    ...(stream === undefined ? {} : await sourceOf(stream, role, { flags, environment, signal })),
    ...(bucket === undefined ? {} : destinationOf(values, bucket, role, http)),
  };
}

function destinationOf(
  values: ParsedFlags['values'],
  bucket: string,
  role: string,
  http: string | undefined,
): object {
  const s3 = s3Of(values, bucket, role);
  if (http === undefined) return { ExtendedS3DestinationConfiguration: s3 };
  return {
    HttpEndpointDestinationConfiguration: {
      EndpointConfiguration: { Url: http },
      BufferingHints: s3['BufferingHints'],
      RoleARN: role,
      S3Configuration: s3,
    },
  };
}

async function sourceOf(
  stream: string,
  role: string,
  { flags, environment, signal }: Pick<Invocation, 'flags' | 'environment' | 'signal'>,
): Promise<object> {
  const client = createKinesisClient(flags, environment);
  try {
    const { StreamARN } = await describeSummary(client, stream, signal);
    return {
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: { KinesisStreamARN: StreamARN, RoleARN: role },
    };
  } finally {
    client.close();
  }
}

/** A role of the caller's account. Roles are not evaluated here, but have to be of the account. */
async function ownRole(flags: ParsedFlags, environment: Environment, signal: AbortSignal): Promise<string> {
  const client = createAdminClient(flags, environment);
  try {
    const { Account } = await client.call<{ readonly Account: string }>('DescribeCaller', {}, signal);
    return `arn:aws:iam::${Account}:role/millrace`;
  } catch (error) {
    if (error instanceof ApiError) throw new UsageError('Name the role to deliver with: --role ARN.');
    throw error;
  } finally {
    client.close();
  }
}

function configured(file: string | undefined): object {
  if (file === undefined) return {};
  let members: unknown;
  try {
    members = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`Cannot read ${file}: ${(error as Error).message}`);
  }
  if (typeof members === 'object' && members !== null && !Array.isArray(members)) return members;
  throw new UsageError(`${file} is not a JSON object.`);
}

function s3Of(
  values: ParsedFlags['values'],
  bucket: string,
  role: string,
): Readonly<Record<string, unknown>> {
  const sizeMb = values.get('buffer-mb');
  const intervalSeconds = values.get('buffer-seconds');
  const hasHints = sizeMb !== undefined || intervalSeconds !== undefined;
  return {
    RoleARN: role,
    BucketARN: `arn:aws:s3:::${bucket}`,
    Prefix: values.get('prefix'),
    ErrorOutputPrefix: values.get('error-prefix'),
    CompressionFormat: values.get('compression'),
    // AWS wants both or none.
    BufferingHints: hasHints
      ? {
          SizeInMBs: wholeNumber('buffer-mb', sizeMb ?? '5'),
          IntervalInSeconds: wholeNumber('buffer-seconds', intervalSeconds ?? '300'),
        }
      : undefined,
  };
}

function wholeNumber(flag: string, text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new UsageError(`--${flag} must be a whole number, not '${text}'.`);
  return Number(text);
}
