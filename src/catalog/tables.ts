/**
 * All persisted state outside the record log, enumerated. Persisted: a column is never renamed or reused; a change is a
 * new migration. Times are milliseconds since 1970; `*_json` holds JSON text; booleans are 0 or 1.
 */
import type { Generated } from 'kysely';

export type StreamRow = {
  /** AWS's StreamId, `[a-z0-9]{20}-[a-z0-9]{3}`; made at CreateStream, never reused; also the log's name. */
  stream_id: string;
  account: string;
  region: string;
  name: string;
  status: 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';
  mode: 'PROVISIONED' | 'ON_DEMAND';
  created_ms: number;
  retention_hours: number;
  encryption_type: 'NONE' | 'KMS';
  /** As the caller wrote it; null when never encrypted by a customer key. */
  kms_key_id: string | null;
  max_record_kib: number;
  warm_throughput_mibps: number | null;
  record_distribution: 'AUTO' | 'USER_PARTITION_KEY';
  /** Sorted shard-level metric names. */
  monitoring_json: string;
  /** What the stream is doing in a transitional status, and when it ends: see streams/lifecycle/pending.ts. null when settled. */
  pending_json: string | null;
  /** Times of UpdateShardCount, UpdateStreamMode and key changes of the last 24 hours: rolling quotas. */
  changes_json: string;
  /** Peak traffic by day of the last 30 days, for on-demand scaling: see streams/resharding/scaling.ts. */
  peaks_json: string;
  /** Grows by one with each committed change of the stream, its shards or consumers. */
  version: number;
};

export type ShardRow = {
  stream_id: string;
  /** n of shardId-%012d; also the log's partition. */
  shard_index: number;
  parent_index: number | null;
  adjacent_parent_index: number | null;
  /** Decimal 128-bit numbers as text. */
  starting_hash_key: string;
  ending_hash_key: string;
  /** The creation second in the shard's sequence numbers: above its parents'. */
  created_seconds: number;
  created_ms: number;
  /** null while open. */
  closed_ms: number | null;
  /** Last position in the log when it was closed; null while open. */
  closed_position: number | null;
};

export type ConsumerRow = {
  consumer_arn: string;
  stream_id: string;
  name: string;
  status: 'CREATING' | 'ACTIVE' | 'DELETING';
  created_ms: number;
  /** When the transitional status ends; null when settled. */
  due_ms: number | null;
};

export type TagRow = { resource_arn: string; tag_key: string; tag_value: string };
export type ResourcePolicyRow = { resource_arn: string; policy: string };
export type AccountSettingRow = { account: string; region: string; name: string; value_json: string };

export type DeliveryStreamRow = {
  /** Made at CreateDeliveryStream, never reused; also the name of a DirectPut stream's log, and of its data keys. */
  delivery_stream_id: string;
  account: string;
  region: string;
  name: string;
  status: 'CREATING' | 'CREATING_FAILED' | 'ACTIVE' | 'DELETING' | 'DELETING_FAILED';
  created_ms: number;
  /** Of the last UpdateDestination; null before it. */
  last_update_ms: number | null;
  /** 1, and one more with each UpdateDestination. */
  version_id: number;
  /** `DeliveryStreamSource` of firehose/delivery-stream.ts. */
  source_json: string;
  /** JSON of `DestinationSettings`, sealed because it holds passwords: see firehose/directory/sealed-destination.ts. */
  destination: Uint8Array;
  /** The data key that it is sealed under. */
  destination_key_id: number;
  encryption_status:
    | 'ENABLED'
    | 'ENABLING'
    | 'ENABLING_FAILED'
    | 'DISABLED'
    | 'DISABLING'
    | 'DISABLING_FAILED';
  /** Of the customer's last key, also after encryption with it was stopped; null when there never was one. */
  encryption_key_type: 'AWS_OWNED_CMK' | 'CUSTOMER_MANAGED_CMK' | null;
  encryption_key_arn: string | null;
  /** Times of the Start- and StopDeliveryStreamEncryption calls of the last 24 hours: a rolling quota. */
  encryption_changes_json: string;
  /** What is under way, and when it ends: see firehose/lifecycle/pending.ts. null when settled. */
  pending_json: string | null;
  /** Grows by one with each committed change. */
  change: number;
};

/** Who reads for a reader (a delivery stream, an application). Whoever takes over raises the epoch. */
export type ReaderOwnerRow = { reader_id: string; owner: string; epoch: number };

/** Below `position` everything of the unit is done with. `epoch` is the owner's who wrote it: a lower one than the owner's now is refused. */
export type ReaderCheckpointRow = {
  reader_id: string;
  unit_id: string;
  position: number;
  /** 1 when the unit has ended and all of it is done with. */
  finished: number;
  epoch: number;
  /** Up to here the records of the unit are in the usage rows, which are written in the same transaction. */
  counted_position: Generated<number>;
};

/** What was gathered for one destination and is on its way, or is done but not yet below the checkpoint. */
export type DeliveryRow = {
  /** A GUID: also the request id and the object's uuid. */
  delivery_id: string;
  delivery_stream_id: string;
  /** main, backup, or error:TYPE. */
  lane: string;
  object_key: string | null;
  /** Which records, as compact ranges of (unit, position, sub). */
  ranges: Uint8Array;
  state: 'PENDING' | 'FINISHED';
  /** Sizes, and why a destination gave up on the records: see firehose/delivery/delivery-row.ts. */
  details_json: string;
  epoch: number;
  created_ms: number;
};

/** A database of table schemas. Its name is in lower case. */
export type TableDatabaseRow = {
  /** The account. */
  catalog_id: string;
  region: string;
  name: string;
  /** Glue's DatabaseInput as on the wire. */
  definition_json: string;
  created_ms: number;
};

/** One version of a table's schema. Names are in lower case. */
export type TableVersionRow = {
  catalog_id: string;
  region: string;
  database_name: string;
  name: string;
  /** 0 at first, and one more with each update; never given twice to one table. */
  version: number;
  /** 1 of one version of each table. */
  is_newest: number;
  /** Glue's TableInput as on the wire. */
  definition_json: string;
  /** The ARN of who created the table. */
  created_by: string;
  /** Of the table. */
  created_ms: number;
  /** Of the version. */
  updated_ms: number;
};

/** An application of Analytics. What is configured is its newest version's. */
export type ApplicationRow = {
  /** Made at CreateApplication, never reused; also the name of its log, where its steps and state are kept, and of its data keys. */
  application_id: string;
  account: string;
  region: string;
  name: string;
  status:
    | 'DELETING'
    | 'STARTING'
    | 'STOPPING'
    | 'READY'
    | 'RUNNING'
    | 'UPDATING'
    | 'FORCE_STOPPING'
    | 'ROLLING_BACK';
  created_ms: number;
  /** Of the newest version, or of the last rollback. */
  updated_ms: number;
  /** 1, and one more with each change of what is configured. */
  version_id: number;
  /** When its maintenance window begins, `HH:MM`, in UTC. */
  maintenance_start: string;
  /** The last start, `Run` of analytics/lifecycle/run.ts; null before the first one. */
  run_json: string | null;
  /** What is under way, and when it ends: see analytics/lifecycle/pending.ts. null when settled. */
  pending_json: string | null;
  /** Grows by one with each committed change. */
  change: number;
};

/** What was configured in one version. */
export type ApplicationVersionRow = {
  application_id: string;
  version_id: number;
  created_ms: number;
  /** The version that it was made from; null of the first. */
  updated_from: number | null;
  /** Of a version that a rollback made: where it came from, and what it repeats. */
  rolled_back_from: number | null;
  rolled_back_to: number | null;
  /** Of the application, when it left this version; null of the newest. */
  last_status: ApplicationRow['status'] | null;
  /** JSON of `Settings` of analytics/settings/settings.ts, sealed because code and properties may hold secrets. */
  settings: Uint8Array;
  settings_key_id: number;
};

/** What was done to an application: ListApplicationOperations. */
export type ApplicationOperationRow = {
  operation_id: string;
  application_id: string;
  /** StartApplication, StopApplication, UpdateApplication … */
  operation: string;
  started_ms: number;
  ended_ms: number | null;
  status: 'IN_PROGRESS' | 'CANCELLED' | 'SUCCESSFUL' | 'FAILED';
  error: string | null;
  from_version: number;
  to_version: number;
};

/** From RUNNING until it ran no more: what is billed. */
export type ApplicationRunRow = {
  application_id: string;
  run: number;
  started_ms: number;
  /** null while it runs. */
  stopped_ms: number | null;
  kpus: number;
};

/** A data key of a log, wrapped by the master key. */
export type DataKeyRow = { log_id: string; key_id: number; wrapped: Uint8Array; created_ms: number };

/** Usage by resource and hour: one row per counter. */
export type UsageRow = { resource_id: string; hour_ms: number; counter: string; amount: number };

/** One-off values: schema version, install id, sealed token key. */
export type SettingRow = { name: string; value: Uint8Array };

export type Tables = {
  streams: StreamRow;
  shards: ShardRow;
  consumers: ConsumerRow;
  tags: TagRow;
  resource_policies: ResourcePolicyRow;
  account_settings: AccountSettingRow;
  delivery_streams: DeliveryStreamRow;
  reader_owners: ReaderOwnerRow;
  reader_checkpoints: ReaderCheckpointRow;
  deliveries: DeliveryRow;
  table_databases: TableDatabaseRow;
  table_versions: TableVersionRow;
  applications: ApplicationRow;
  application_versions: ApplicationVersionRow;
  application_operations: ApplicationOperationRow;
  application_runs: ApplicationRunRow;
  data_keys: DataKeyRow;
  usage: UsageRow;
  settings: SettingRow;
};
