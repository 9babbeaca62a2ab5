/**
 * Every quota, once, with its source. `limitsOf('aws')` is what AWS enforces; `limitsOf('none')` lifts rates, counts and
 * totals, never shapes, sizes or states. Each quota has a flag of its own: `--limit-<kebab-name> N`.
 * Source, unless another is named: "Quotas and limits", Kinesis Data Streams developer guide, and the API reference's pages.
 */
const KIB = 1024;
const MIB = 1024 * KIB;

export type Limits = {
  /** Records a second that a shard takes. */
  readonly shardWriteRecordsPerSecond: number;
  /** Bytes a second (data and partition keys) that a shard takes. */
  readonly shardWriteBytesPerSecond: number;
  readonly shardReadBytesPerSecond: number;
  /** GetRecords calls a second on a shard. */
  readonly shardReadsPerSecond: number;
  /** GetShardIterator calls a second on an open shard. */
  readonly shardIteratorsPerSecond: number;
  /** Pushed bytes a second per consumer and shard. */
  readonly consumerShardBytesPerSecond: number;
  /** Open shards of an account's provisioned streams in a region: "only applicable for … the provisioned capacity mode". */
  readonly shardsPerAccount: number;
  readonly onDemandStreamsPerAccount: number;
  /** MiB a second that an on-demand stream takes in at most: as many shards, and as much warm throughput. */
  readonly onDemandMibpsPerStream: number;
  readonly consumersPerStream: number;
  /** Of an on-demand stream in an account with a minimum throughput commitment ("On-demand Advantage"). */
  readonly consumersPerAdvantageStream: number;
  /** Consumers of a stream that may be CREATING at once. */
  readonly consumersCreatingPerStream: number;
  /** Streams of an account that may be CREATING at once. */
  readonly streamsCreatingPerAccount: number;
  readonly updateShardCountsPerDay: number;
  readonly shardCountMaxByUpdate: number;
  readonly modeChangesPerDay: number;
  readonly keyChangesPerDay: number;
  readonly tagsPerStream: number;
  /** Delivery streams of an account in a region: CreateDeliveryStream in the API reference. */
  readonly deliveryStreamsPerAccount: number;
  /** Starts and stops of encryption of a delivery stream together, in 24 hours: StartDeliveryStreamEncryption in the API reference. */
  readonly deliveryKeyChangesPerDay: number;
  /** Delivery streams that one customer's key encrypts: DeliveryStreamEncryptionConfigurationInput in the API reference. */
  readonly deliveryStreamsPerKey: number;
  /** Partitions of a delivery stream that are gathered or not yet delivered, with dynamic partitioning: "Quota", Data Firehose developer guide. */
  readonly activePartitionsPerDeliveryStream: number;
  /** What a DirectPut delivery stream takes a second in us-east-1, us-west-2 and eu-west-1: "Quota", Data Firehose developer guide. */
  readonly putRecordsPerSecond: number;
  readonly putRequestsPerSecond: number;
  readonly putBytesPerSecond: number;
  /** The same in other regions. */
  readonly putRecordsPerSecondElsewhere: number;
  readonly putRequestsPerSecondElsewhere: number;
  readonly putBytesPerSecondElsewhere: number;
  /** Applications of Analytics of an account in a region, and tags of one of them: "Limits", Kinesis Data Analytics for SQL developer guide. */
  readonly applicationsPerAccount: number;
  readonly tagsPerApplication: number;
  /** Calls a second by operation: of an account in a region, or of a stream where `streamCallsPerSecond` names it. */
  readonly accountCallsPerSecond: Readonly<Record<string, number>>;
  readonly streamCallsPerSecond: Readonly<Record<string, number>>;
};

export const AWS_LIMITS: Limits = Object.freeze({
  shardWriteRecordsPerSecond: 1000,
  shardWriteBytesPerSecond: MIB,
  shardReadBytesPerSecond: 2 * MIB,
  shardReadsPerSecond: 5,
  shardIteratorsPerSecond: 5,
  consumerShardBytesPerSecond: 2 * MIB,
  shardsPerAccount: 20_000,
  onDemandStreamsPerAccount: 50,
  onDemandMibpsPerStream: 10 * 1024,
  consumersPerStream: 20,
  consumersPerAdvantageStream: 50,
  consumersCreatingPerStream: 5,
  streamsCreatingPerAccount: 5,
  updateShardCountsPerDay: 10,
  shardCountMaxByUpdate: 10_000,
  modeChangesPerDay: 2,
  keyChangesPerDay: 25,
  tagsPerStream: 50,
  deliveryStreamsPerAccount: 5000,
  deliveryKeyChangesPerDay: 25,
  deliveryStreamsPerKey: 500,
  activePartitionsPerDeliveryStream: 500,
  putRecordsPerSecond: 500_000,
  putRequestsPerSecond: 2000,
  putBytesPerSecond: 5 * MIB,
  putRecordsPerSecondElsewhere: 100_000,
  putRequestsPerSecondElsewhere: 1000,
  putBytesPerSecondElsewhere: MIB,
  applicationsPerAccount: 50,
  tagsPerApplication: 50,
  accountCallsPerSecond: Object.freeze({
    AddTagsToStream: 5,
    CreateDeliveryStream: 5,
    CreateStream: 5,
    DeleteDeliveryStream: 5,
    DeleteResourcePolicy: 5,
    DeleteStream: 5,
    DescribeAccountSettings: 5,
    DescribeDeliveryStream: 5,
    DescribeLimits: 1,
    DescribeStream: 10,
    DescribeStreamSummary: 20,
    GetResourcePolicy: 5,
    ListDeliveryStreams: 5,
    ListStreams: 5,
    ListTagsForDeliveryStream: 5,
    ListTagsForResource: 5,
    PutResourcePolicy: 5,
    StartDeliveryStreamEncryption: 5,
    StopDeliveryStreamEncryption: 5,
    TagDeliveryStream: 5,
    TagResource: 5,
    UntagDeliveryStream: 5,
    UntagResource: 5,
    UpdateAccountSettings: 5,
    UpdateDestination: 5,
    UpdateShardCount: 10,
    UpdateStreamWarmThroughput: 5,
  }),
  streamCallsPerSecond: Object.freeze({
    DecreaseStreamRetentionPeriod: 5,
    DeregisterStreamConsumer: 5,
    DescribeStreamConsumer: 20,
    DisableEnhancedMonitoring: 5,
    EnableEnhancedMonitoring: 5,
    IncreaseStreamRetentionPeriod: 5,
    ListShards: 1000,
    ListStreamConsumers: 5,
    ListTagsForStream: 5,
    MergeShards: 5,
    RegisterStreamConsumer: 5,
    RemoveTagsFromStream: 5,
    SplitShard: 5,
  }),
});

export const NO_LIMITS: Limits = Object.freeze({
  ...(Object.fromEntries(Object.keys(AWS_LIMITS).map((name) => [name, Infinity])) as unknown as Limits),
  accountCallsPerSecond: Object.freeze({}),
  streamCallsPerSecond: Object.freeze({}),
});

/** Sizes and shapes: enforced always. */
export const SIZES = Object.freeze({
  /** A PutRecords request: data and partition keys of all its records. */
  putRecordsBytesMax: 10 * MIB,
  getRecordsBytesMax: 10 * MIB,
  getRecordsCountMax: 10_000,
  maxRecordKibDefault: 1024,
  /** A PutRecordBatch request: data of all its records. "Quota", Data Firehose developer guide. */
  putRecordBatchBytesMax: 4 * MIB,
  /** An HTTP body: ten MiB of records in base64 with their keys. */
  bodyBytesMax: 16 * MIB,
  headerBytesMax: 64 * KIB,
  iteratorLifetimeMs: 300_000,
  nextTokenLifetimeMs: 300_000,
  subscriptionLifetimeMs: 300_000,
  subscriptionTakeoverMs: 5_000,
  retentionHoursMin: 24,
  retentionHoursMax: 8760,
  onDemandShardsInitial: 4,
});
