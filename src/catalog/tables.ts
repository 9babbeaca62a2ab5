/**
 * All persisted state outside the record log, enumerated. Persisted: a column is never renamed or reused; a change is a
 * new migration. Times are milliseconds since 1970; `*_json` holds JSON text; booleans are 0 or 1.
 */

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
  /** What the stream is doing in a transitional status, and when it ends: see streams/lifecycle/lifecycle.ts. null when settled. */
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
  data_keys: DataKeyRow;
  usage: UsageRow;
  settings: SettingRow;
};
