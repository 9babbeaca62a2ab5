/** Parts of Kinesis's answers that the model looks at. */

/** As GetRecords and SubscribeToShard give it. */
export type ReadRecord = {
  readonly SequenceNumber: string;
  readonly Data: string;
  readonly PartitionKey: string;
  readonly ApproximateArrivalTimestamp: number;
};

/** As ListShards does. */
export type ListedShard = {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly AdjacentParentShardId?: string;
  readonly HashKeyRange: { readonly StartingHashKey: string; readonly EndingHashKey: string };
  readonly SequenceNumberRange: {
    readonly StartingSequenceNumber: string;
    readonly EndingSequenceNumber?: string;
  };
};
