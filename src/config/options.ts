/**
 * Every option of `millrace start`, once: flags, environment variables, the configuration file's names, the help text
 * and docs/reference/configuration.md come from this list.
 */
import type { Flag } from '../base/flags.ts';
import { AWS_LIMITS, type Limits } from './limits.ts';

const OPTIONS: readonly Flag[] = [
  {
    name: 'host',
    value: 'ADDRESS',
    default: '127.0.0.1',
    environment: ['MILLRACE_HOST'],
    help: 'Address to listen on. Off loopback, --credentials is required.',
  },
  {
    name: 'port',
    value: 'N',
    default: '4567',
    environment: ['MILLRACE_PORT'],
    help: 'Port for http and https, HTTP/1.1 and HTTP/2. 0 takes a free one.',
  },
  {
    name: 'data',
    value: 'DIR',
    default: '$XDG_DATA_HOME/millrace, else ~/.local/share/millrace',
    environment: ['MILLRACE_DATA'],
    help: 'Directory that holds everything the server keeps.',
  },
  {
    name: 'durability',
    value: 'fsync|os|memory',
    default: 'fsync',
    environment: ['MILLRACE_DURABILITY'],
    help: 'When a record counts as kept: fsync (on disk before the answer), os (handed to the operating system), memory (nothing on disk at all; gone when the server stops).',
  },
  {
    name: 'limits',
    value: 'aws|none',
    default: 'aws',
    environment: ['MILLRACE_LIMITS'],
    help: "Enforce AWS's rates, counts and totals, or none of them. Shapes, sizes and states are always enforced.",
  },
  {
    name: 'credentials',
    value: 'FILE',
    environment: ['MILLRACE_CREDENTIALS'],
    help: 'Access keys that may call, in the format of ~/.aws/credentials, with the account in aws_account_id. Without it, on loopback, any access key is an account of its own or of --account.',
  },
  {
    name: 'endpoints',
    value: 'FILE',
    environment: ['MILLRACE_ENDPOINTS'],
    help: 'JSON file that says where the buckets, hosts, domains, databases and functions really are that deliveries go to (of Firehose, which is being built). See docs/reference/endpoints.md.',
  },
  {
    name: 'account',
    value: '12_DIGITS',
    default: '000000000000',
    environment: ['MILLRACE_ACCOUNT', 'AWS_ACCOUNT_ID'],
    help: 'Account of callers whose access key is not itself an account number.',
  },
  {
    name: 'region',
    value: 'REGION',
    default: 'us-east-1',
    environment: ['MILLRACE_REGION', 'AWS_REGION', 'AWS_DEFAULT_REGION'],
    help: 'Region of --initialize-streams. Callers name theirs in the signature.',
  },
  {
    name: 'initialize-streams',
    value: 'LIST',
    environment: ['MILLRACE_INITIALIZE_STREAMS', 'INITIALIZE_STREAMS'],
    help: 'Streams to create at start when they do not exist: name[:shards[:region]], separated by commas. 4 shards unless said.',
  },
  {
    name: 'state-duration-ms',
    value: 'MS',
    default: '200',
    environment: ['MILLRACE_STATE_DURATION_MS'],
    help: 'How long streams and consumers stay CREATING, UPDATING and DELETING.',
  },
  {
    name: 'on-demand-reaction-ms',
    value: 'MS',
    default: '10000',
    environment: ['MILLRACE_ON_DEMAND_REACTION_MS'],
    help: 'How often on-demand streams look at their traffic and scale.',
  },
  {
    name: 'tls-cert',
    value: 'FILE',
    environment: ['MILLRACE_TLS_CERT'],
    help: 'Certificate (PEM, with its chain) to serve https with, in place of one by the own authority.',
  },
  {
    name: 'tls-key',
    value: 'FILE',
    environment: ['MILLRACE_TLS_KEY'],
    help: 'Private key (PEM) of --tls-cert.',
  },
  {
    name: 'master-key',
    value: 'FILE',
    default: 'master.key in the data directory, made at first start',
    environment: ['MILLRACE_MASTER_KEY_FILE'],
    help: 'Key that encrypts all other keys. Keep it apart from the data: without it the data cannot be read, and whoever has both can read all. The environment variable MILLRACE_MASTER_KEY may hold the key itself.',
  },
  {
    name: 'delivery-stream-bytes-max',
    value: 'BYTES',
    default: '8589934592 (8 GiB)',
    environment: ['MILLRACE_DELIVERY_STREAM_BYTES_MAX'],
    help: 'Bytes that a delivery stream keeps of what was put and not delivered yet. Above it, producers are told to slow down.',
  },
  {
    name: 'delivery-bytes-max',
    value: 'BYTES',
    default: '34359738368 (32 GiB); 536870912 (512 MiB) with durability memory',
    environment: ['MILLRACE_DELIVERY_BYTES_MAX'],
    help: 'The same of all delivery streams together.',
  },
  {
    name: 'delivery-memory-bytes-max',
    value: 'BYTES',
    default: '268435456 (256 MiB)',
    environment: ['MILLRACE_DELIVERY_MEMORY_BYTES_MAX'],
    help: 'Bytes of records that all delivery streams together hold in memory on their way to their destinations. Past it records are read again from the log.',
  },
  {
    name: 'log-level',
    value: 'LEVEL',
    default: 'info',
    environment: ['MILLRACE_LOG_LEVEL'],
    help: 'trace, debug, info, warn, error or silent.',
  },
  {
    name: 'bytes-in-flight-max',
    value: 'BYTES',
    default: '134217728 (128 MiB)',
    environment: ['MILLRACE_BYTES_IN_FLIGHT_MAX'],
    help: 'Request bodies, decoded input and answers in flight share this.',
  },
];

/** Limits that are one number for each of many operations. */
export const CALL_RATE_LIMITS = ['accountCallsPerSecond', 'streamCallsPerSecond'] as const;

const LIMIT_HELP: Readonly<Record<keyof Limits, string>> = {
  shardWriteRecordsPerSecond: 'Records a second that a shard takes.',
  shardWriteBytesPerSecond: 'Bytes a second that a shard takes, data and partition keys.',
  shardReadBytesPerSecond: 'Bytes a second that GetRecords gives from a shard.',
  shardReadsPerSecond: 'GetRecords calls a second on a shard.',
  shardIteratorsPerSecond: 'GetShardIterator calls a second on a shard.',
  consumerShardBytesPerSecond: 'Bytes a second that SubscribeToShard pushes to a consumer from a shard.',
  shardsPerAccount: 'Open shards of an account’s provisioned streams in a region.',
  onDemandStreamsPerAccount: 'On-demand streams of an account in a region.',
  onDemandMibpsPerStream: 'MiB a second that an on-demand stream grows to.',
  consumersPerStream: 'Registered consumers of a stream.',
  consumersPerAdvantageStream:
    'Registered consumers of an on-demand stream, with a minimum throughput commitment (On-demand Advantage).',
  consumersCreatingPerStream: 'Consumers of a stream that may be CREATING at once.',
  streamsCreatingPerAccount: 'Streams of an account that may be CREATING at once.',
  updateShardCountsPerDay: 'UpdateShardCount calls on a stream in 24 hours.',
  shardCountMaxByUpdate: 'Shards that UpdateShardCount may set.',
  modeChangesPerDay: 'Changes of a stream’s mode in 24 hours.',
  keyChangesPerDay: 'Starts of encryption with a key on a stream in 24 hours.',
  tagsPerStream: 'Tags of a stream, or of a delivery stream.',
  deliveryStreamsPerAccount: 'Delivery streams of an account in a region.',
  deliveryKeyChangesPerDay:
    'Starts and stops of encryption with a key on a delivery stream, together, in 24 hours.',
  activePartitionsPerDeliveryStream:
    'Active partitions of a delivery stream; records of more go to the error output.',
  deliveryStreamsPerKey: 'Delivery streams that one customer’s key encrypts.',
  applicationsPerAccount: 'Applications of Analytics of an account in a region.',
  tagsPerApplication: 'Tags of an application.',
  putRecordsPerSecond: 'Records a second that a delivery stream takes in us-east-1, us-west-2 and eu-west-1.',
  putRequestsPerSecond:
    'Requests a second that a delivery stream takes in us-east-1, us-west-2 and eu-west-1.',
  putBytesPerSecond: 'Bytes a second that a delivery stream takes in us-east-1, us-west-2 and eu-west-1.',
  putRecordsPerSecondElsewhere: 'Records a second that a delivery stream takes in other regions.',
  putRequestsPerSecondElsewhere: 'Requests a second that a delivery stream takes in other regions.',
  putBytesPerSecondElsewhere: 'Bytes a second that a delivery stream takes in other regions.',
  accountCallsPerSecond:
    'Calls a second of an account in a region, by operation: CreateStream=5,ListStreams=none.',
  streamCallsPerSecond: 'Calls a second on a stream, by operation: SplitShard=5,ListShards=none.',
};

export const LIMIT_FLAGS: readonly Flag[] = Object.entries(AWS_LIMITS).map(([name, value]) => ({
  name: limitFlag(name),
  environment: [`MILLRACE_${limitFlag(name).replaceAll('-', '_').toUpperCase()}`],
  ...(typeof value === 'number'
    ? { value: 'N', default: String(value), help: LIMIT_HELP[name as keyof Limits] }
    : { value: 'Operation=N,…', help: LIMIT_HELP[name as keyof Limits] }),
}));

/** The flag of a member of `Limits`: `shardReadsPerSecond` is `--limit-shard-reads-per-second`. */
export function limitFlag(name: string): string {
  return `limit-${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The configuration file itself. */
const CONFIG_FILE: Flag = {
  name: 'config',
  value: 'FILE',
  environment: ['MILLRACE_CONFIG'],
  help: 'JSON file whose members are named like these flags. Flags win over the environment, and that over the file.',
};

export const START_OPTIONS: readonly Flag[] = [...OPTIONS, CONFIG_FILE];
export const START_FLAGS: readonly Flag[] = [...START_OPTIONS, ...LIMIT_FLAGS];
