/** Endpoint, region and credentials, found where the AWS CLI finds them; on loopback, made up when there are none. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { getCACertificates } from 'node:tls';
import { UsageError, type Flag, type ParsedFlags } from '../../base/flags.ts';
import { isLoopbackHost } from '../../base/loopback.ts';
import type { Environment } from '../command.ts';
import { createApiClient, type ApiClient } from './api-client.ts';
import type { Credentials } from './signature.ts';

export const CLIENT_FLAGS: readonly Flag[] = [
  {
    name: 'endpoint-url',
    value: 'URL',
    default: 'http://127.0.0.1:4567',
    environment: ['AWS_ENDPOINT_URL_KINESIS', 'AWS_ENDPOINT_URL'],
    help: 'Where the service is; the word aws stands for AWS itself.',
  },
  { name: 'region', value: 'REGION', help: 'Default: AWS_REGION, the profile, us-east-1.' },
  {
    name: 'profile',
    value: 'NAME',
    help: 'Profile of ~/.aws/config and ~/.aws/credentials. Default: AWS_PROFILE, default.',
  },
  {
    name: 'ca-bundle',
    value: 'FILE',
    help: 'Certificates (PEM) to trust for https besides the usual ones. Default: AWS_CA_BUNDLE.',
  },
];

export const JSON_FLAG: Flag = { name: 'json', help: 'Print JSON, for programs.' };

const DEFAULT_ENDPOINT = 'http://127.0.0.1:4567';
/** On loopback any key is its account's root, unless the server has a credentials file. */
const LOOPBACK_CREDENTIALS: Credentials = {
  accessKeyId: 'millrace',
  secretAccessKey: 'millrace',
  sessionToken: undefined,
};

/** With `onWaiting`, a server that has answered before is waited for while it is started again. */
export function createKinesisClient(
  flags: ParsedFlags,
  environment: Environment,
  onWaiting?: (text: string) => void,
): ApiClient {
  return clientOf(flags, environment, 'kinesis', 'Kinesis_20131202', onWaiting);
}

export function createFirehoseClient(
  flags: ParsedFlags,
  environment: Environment,
  onWaiting?: (text: string) => void,
): ApiClient {
  return clientOf(flags, environment, 'firehose', 'Firehose_20150804', onWaiting);
}

export function createAnalyticsClient(flags: ParsedFlags, environment: Environment): ApiClient {
  return clientOf(flags, environment, 'kinesisanalytics', 'KinesisAnalytics_20180523');
}

export function createAdminClient(flags: ParsedFlags, environment: Environment): ApiClient {
  return clientOf(flags, environment, 'millrace', 'Millrace_20261123');
}

function clientOf(
  flags: ParsedFlags,
  environment: Environment,
  service: string,
  targetPrefix: string,
  onWaiting?: (text: string) => void,
): ApiClient {
  const profile = readProfile(flags.values.get('profile') ?? environment['AWS_PROFILE'], environment);
  const region =
    flags.values.get('region') ??
    (environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || profile.get('region') || 'us-east-1');
  const endpoint = endpointOf(
    flags,
    environment,
    region,
    service === 'firehose' || service === 'kinesisanalytics' ? service : 'kinesis',
  );
  const bundle = flags.values.get('ca-bundle') ?? environment['AWS_CA_BUNDLE'];
  return createApiClient({
    endpoint,
    region,
    credentials: credentialsOf(endpoint, profile, flags.values.has('profile'), environment),
    service,
    targetPrefix,
    ...(onWaiting ? { onWaiting } : {}),
    ...(bundle && endpoint.protocol === 'https:'
      ? { authorities: [...getCACertificates('default'), readText(bundle, 'CA bundle')] }
      : {}),
  });
}

/** As AWS's SDKs name services in variables of the environment. */
const ENDPOINT_NAMES = {
  kinesis: 'KINESIS',
  firehose: 'FIREHOSE',
  kinesisanalytics: 'KINESIS_ANALYTICS_V2',
} as const;

/** The own service is where Kinesis is. */
export function endpointOf(
  flags: ParsedFlags,
  environment: Environment,
  region: string,
  service: 'kinesis' | 'firehose' | 'kinesisanalytics' = 'kinesis',
): URL {
  const text =
    flags.values.get('endpoint-url') ??
    (environment[`AWS_ENDPOINT_URL_${ENDPOINT_NAMES[service]}`] ||
      environment['AWS_ENDPOINT_URL'] ||
      DEFAULT_ENDPOINT);
  if (text === 'aws') return new URL(`https://${service}.${region}.amazonaws.com/`);
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`The endpoint must be an http or https URL, or aws, not '${text}'.`);
  }
  return url;
}

function credentialsOf(
  endpoint: URL,
  profile: ReadonlyMap<string, string>,
  profileWasNamed: boolean,
  environment: Environment,
): Credentials {
  const fromEnvironment = {
    accessKeyId: environment['AWS_ACCESS_KEY_ID'],
    secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'],
    sessionToken: environment['AWS_SESSION_TOKEN'] || undefined,
  };
  const fromProfile = {
    accessKeyId: profile.get('aws_access_key_id'),
    secretAccessKey: profile.get('aws_secret_access_key'),
    sessionToken: profile.get('aws_session_token') || undefined,
  };
  for (const found of profileWasNamed ? [fromProfile] : [fromEnvironment, fromProfile]) {
    const { accessKeyId, secretAccessKey, sessionToken } = found;
    if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey, sessionToken };
  }
  if (!profileWasNamed && isLoopbackHost(endpoint.hostname)) return LOOPBACK_CREDENTIALS;
  throw new UsageError(
    'No credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a --profile that has them.',
  );
}

function readProfile(named: string | undefined, environment: Environment): ReadonlyMap<string, string> {
  const name = named || 'default';
  const directory = path.join(environment['HOME'] || homedir(), '.aws');
  const credentials = environment['AWS_SHARED_CREDENTIALS_FILE'] || path.join(directory, 'credentials');
  const config = environment['AWS_CONFIG_FILE'] || path.join(directory, 'config');
  const found = new Map([
    ...sectionOf(config, name === 'default' ? 'default' : `profile ${name}`),
    ...sectionOf(credentials, name),
  ]);
  if (named && found.size === 0)
    throw new UsageError(`There is no profile '${named}' in ${credentials} or ${config}.`);
  return found;
}

function sectionOf(file: string, name: string): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return members;
  }
  let inside = false;
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[\s*(.+?)\s*\]/.exec(line)?.[1];
    if (section !== undefined) inside = section === name;
    const member = /^\s*([\w.-]+)\s*=\s*(.*?)\s*$/.exec(line);
    if (inside && member) members.set(member[1]!, member[2]!);
  }
  return members;
}

function readText(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read the ${what}: ${(error as Error).message}`);
  }
}
