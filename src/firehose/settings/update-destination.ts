/**
 * UpdateDestination: of the same kind, what is given replaces what is there, member by member, and the result is checked as a whole like a new one
 * (measured at AWS); of another kind, all must be given. Members that are unions, the processing block, the endpoint with its key and the COPY command are
 * replaced whole; the schema of a conversion is merged member by member. Decision 0432.
 */
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { HttpEndpointDestinationUpdate } from '../shapes/http-endpoint.ts';
import type { IcebergDestinationUpdate } from '../shapes/iceberg.ts';
import type { RedshiftDestinationUpdate } from '../shapes/redshift.ts';
import type {
  ExtendedS3DestinationUpdate,
  S3DestinationConfiguration,
  S3DestinationUpdate,
} from '../shapes/s3.ts';
import type {
  AmazonOpenSearchServerlessDestinationUpdate,
  AmazonopensearchserviceDestinationUpdate,
  ElasticsearchDestinationUpdate,
} from '../shapes/search.ts';
import type { SnowflakeDestinationUpdate } from '../shapes/snowflake.ts';
import type { SplunkDestinationUpdate } from '../shapes/splunk.ts';
import { settle, type GivenDestination } from './check-destination.ts';
import type { DestinationKind, DestinationSettings, S3Settings } from './destination-settings.ts';
import { settleConversion } from './conversion.ts';
import type { Place } from './place.ts';
import { invalidArgument, notServed } from './refusals.ts';

/** The members of UpdateDestinationInput that name a destination. */
export type DestinationUpdates = {
  readonly S3DestinationUpdate?: TypeOf<typeof S3DestinationUpdate> | undefined;
  readonly ExtendedS3DestinationUpdate?: TypeOf<typeof ExtendedS3DestinationUpdate> | undefined;
  readonly RedshiftDestinationUpdate?: TypeOf<typeof RedshiftDestinationUpdate> | undefined;
  readonly ElasticsearchDestinationUpdate?: TypeOf<typeof ElasticsearchDestinationUpdate> | undefined;
  readonly AmazonopensearchserviceDestinationUpdate?:
    | TypeOf<typeof AmazonopensearchserviceDestinationUpdate>
    | undefined;
  readonly SplunkDestinationUpdate?: TypeOf<typeof SplunkDestinationUpdate> | undefined;
  readonly HttpEndpointDestinationUpdate?: TypeOf<typeof HttpEndpointDestinationUpdate> | undefined;
  readonly AmazonOpenSearchServerlessDestinationUpdate?:
    | TypeOf<typeof AmazonOpenSearchServerlessDestinationUpdate>
    | undefined;
  readonly SnowflakeDestinationUpdate?: TypeOf<typeof SnowflakeDestinationUpdate> | undefined;
  readonly IcebergDestinationUpdate?: TypeOf<typeof IcebergDestinationUpdate> | undefined;
};

type DestinationUpdate =
  | { readonly kind: 'ExtendedS3'; readonly update: TypeOf<typeof ExtendedS3DestinationUpdate> }
  | { readonly kind: 'Redshift'; readonly update: TypeOf<typeof RedshiftDestinationUpdate> }
  | { readonly kind: 'Elasticsearch'; readonly update: TypeOf<typeof ElasticsearchDestinationUpdate> }
  | {
      readonly kind: 'Amazonopensearchservice';
      readonly update: TypeOf<typeof AmazonopensearchserviceDestinationUpdate>;
    }
  | {
      readonly kind: 'AmazonOpenSearchServerless';
      readonly update: TypeOf<typeof AmazonOpenSearchServerlessDestinationUpdate>;
    }
  | { readonly kind: 'Splunk'; readonly update: TypeOf<typeof SplunkDestinationUpdate> }
  | { readonly kind: 'HttpEndpoint'; readonly update: TypeOf<typeof HttpEndpointDestinationUpdate> };

/** "Switching between Amazon OpenSearch Service and other services is not supported" (model); HTTP endpoints answer the same text. */
const FIXED_KINDS: readonly DestinationKind[] = [
  'Elasticsearch',
  'Amazonopensearchservice',
  'AmazonOpenSearchServerless',
  'HttpEndpoint',
];

/** Throws `ServiceError` InvalidArgumentException, or AccessDeniedException for roles of another account. */
export function updateDestination(
  before: DestinationSettings,
  updates: DestinationUpdates,
  place: Place,
): DestinationSettings {
  const update = onlyUpdate(updates);
  if (update.kind !== before.kind) {
    const fixed = FIXED_KINDS.find((kind) => kind === before.kind || kind === update.kind);
    if (fixed !== undefined) {
      throw invalidArgument(
        `Changing the destination type to or from ${fixed} is not supported at this time.`,
      );
    }
    return settle(given(merged(undefined, update), update), place);
  }
  checkOneWays(before, update);
  return settle(given(merged(before, update), update), place);
}

function onlyUpdate(updates: DestinationUpdates): DestinationUpdate {
  for (const member of ['SnowflakeDestinationUpdate', 'IcebergDestinationUpdate'] as const) {
    if (updates[member] !== undefined) throw notServed(member, 'it does not deliver there yet.');
  }
  const {
    S3DestinationUpdate: s3,
    ExtendedS3DestinationUpdate: extended,
    RedshiftDestinationUpdate: redshift,
    ElasticsearchDestinationUpdate: elasticsearch,
    AmazonopensearchserviceDestinationUpdate: opensearch,
    AmazonOpenSearchServerlessDestinationUpdate: serverless,
    SplunkDestinationUpdate: splunk,
    HttpEndpointDestinationUpdate: http,
  } = updates;
  const all = [
    s3 && ({ kind: 'ExtendedS3', update: s3 } as const),
    extended && ({ kind: 'ExtendedS3', update: extended } as const),
    redshift && ({ kind: 'Redshift', update: redshift } as const),
    elasticsearch && ({ kind: 'Elasticsearch', update: elasticsearch } as const),
    opensearch && ({ kind: 'Amazonopensearchservice', update: opensearch } as const),
    serverless && ({ kind: 'AmazonOpenSearchServerless', update: serverless } as const),
    splunk && ({ kind: 'Splunk', update: splunk } as const),
    http && ({ kind: 'HttpEndpoint', update: http } as const),
  ].filter((one) => one !== undefined);
  const [update, another] = all;
  if (update === undefined) {
    throw invalidArgument('At least one destination or source configuration update must be provided');
  }
  if (another !== undefined) {
    throw invalidArgument('Exactly one destination configuration is supported for a Firehose');
  }
  return update;
}

/** The modes that keep more, and do not let go again. */
const BACKUP_OF_ALL: ReadonlySet<string> = new Set(['Enabled', 'AllEvents', 'AllData', 'AllDocuments']);

function checkOneWays(before: DestinationSettings, { kind, update }: DestinationUpdate): void {
  if ('S3BackupMode' in update && update.S3BackupMode !== undefined) {
    const backsUpAll = BACKUP_OF_ALL.has(before.settings.S3BackupMode);
    if (backsUpAll && !BACKUP_OF_ALL.has(update.S3BackupMode)) {
      throw invalidArgument('Disabling S3 backup is not currently supported.');
    }
  }
  if (kind !== 'ExtendedS3' || before.kind !== 'ExtendedS3') return;
  const wanted = update.DynamicPartitioningConfiguration?.Enabled;
  const isOn = before.settings.DynamicPartitioningConfiguration?.Enabled === true;
  if (wanted !== undefined && wanted !== isOn) {
    // "You can enable dynamic partitioning only when you create a new stream … You can't disable it" (guide); the text is ours.
    throw invalidArgument(
      isOn
        ? 'Dynamic Partitioning cannot be disabled for an existing Firehose stream.'
        : 'Dynamic Partitioning can only be enabled when a Firehose stream is created.',
    );
  }
}

/** A configuration that may still lack required members. */
type Partly = Readonly<Record<string, unknown>>;

function merged(before: DestinationSettings | undefined, { update }: DestinationUpdate): Partly {
  const { S3Update, S3BackupUpdate, ...members } = update as Partly;
  const old: Partly = before?.settings ?? {};
  const result: Record<string, unknown> = { ...old, ...defined(members) };
  for (const member of ['CloudWatchLoggingOptions', 'RetryOptions', 'RequestConfiguration']) {
    mergeMember(result, old, members, member);
  }
  mergeMember(result, old, members, 'DynamicPartitioningConfiguration');
  if (members['DataFormatConversionConfiguration'] !== undefined) {
    result['DataFormatConversionConfiguration'] = mergedConversion(
      old['DataFormatConversionConfiguration'] as Partly | undefined,
      members['DataFormatConversionConfiguration'] as Partly,
    );
  }
  // One of them names the cluster, so that the one that is given takes the other's place.
  if (members['DomainARN'] !== undefined && members['ClusterEndpoint'] === undefined) {
    delete result['ClusterEndpoint'];
  }
  if (members['ClusterEndpoint'] !== undefined && members['DomainARN'] === undefined) {
    delete result['DomainARN'];
  }
  if (S3Update !== undefined) {
    result['S3Configuration'] = mergedBucket(old['S3Configuration'], S3Update, 'S3Update');
  }
  if (S3BackupUpdate !== undefined) {
    result['S3BackupConfiguration'] = mergedBucket(
      old['S3BackupConfiguration'],
      S3BackupUpdate,
      'S3BackupUpdate',
    );
  }
  return result;
}

function mergeMember(result: Record<string, unknown>, old: Partly, given: Partly, member: string): void {
  if (given[member] === undefined) return;
  result[member] = { ...(old[member] as Partly), ...defined(given[member] as Partly) };
}

function mergedConversion(old: Partly | undefined, given: Partly): Partly {
  const settled = settleConversion(given) as Partly;
  // An omitted Enabled keeps what is there.
  const { Enabled: _, ...members } = settled;
  const result: Record<string, unknown> = {
    ...old,
    ...defined(members),
    ...defined({ Enabled: given['Enabled'] }),
  };
  mergeMember(result, old ?? {}, given, 'SchemaConfiguration');
  return result;
}

function mergedBucket(
  old: unknown,
  update: unknown,
  name: string,
): TypeOf<typeof S3DestinationConfiguration> {
  const before = old as S3Settings | undefined;
  const given = update as TypeOf<typeof S3DestinationUpdate>;
  const result = { ...before, ...defined(given) };
  if (given.CloudWatchLoggingOptions !== undefined) {
    result.CloudWatchLoggingOptions = {
      ...before?.CloudWatchLoggingOptions,
      ...defined(given.CloudWatchLoggingOptions),
    } as S3Settings['CloudWatchLoggingOptions'];
  }
  const { RoleARN, BucketARN } = result;
  if (RoleARN === undefined) throw missing(name, 'RoleARN');
  if (BucketARN === undefined) throw missing(name, 'BucketARN');
  return { ...result, RoleARN, BucketARN };
}

const REQUIRED: Readonly<Record<DestinationKind, readonly string[]>> = {
  ExtendedS3: ['RoleARN', 'BucketARN'],
  Redshift: ['RoleARN', 'ClusterJDBCURL', 'CopyCommand', 'S3Configuration'],
  Elasticsearch: ['RoleARN', 'IndexName', 'S3Configuration'],
  Amazonopensearchservice: ['RoleARN', 'IndexName', 'S3Configuration'],
  AmazonOpenSearchServerless: ['RoleARN', 'IndexName', 'S3Configuration'],
  Splunk: ['HECEndpoint', 'HECEndpointType', 'S3Configuration'],
  HttpEndpoint: ['EndpointConfiguration', 'S3Configuration'],
};

function given(configuration: Partly, { kind }: DestinationUpdate): GivenDestination {
  const lacking = REQUIRED[kind].find((member) => configuration[member] === undefined);
  if (lacking !== undefined) {
    throw missing(`${kind}DestinationUpdate`, lacking === 'S3Configuration' ? 'S3Update' : lacking);
  }
  // The members that the configuration requires were just looked for, and the shapes have checked the rest.
  return { kind, given: configuration } as unknown as GivenDestination;
}

function missing(structure: string, member: string): Error {
  return invalidArgument(`${member} must be given in ${structure}: there is none to keep.`);
}

function defined(members: Partly): Partly {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
