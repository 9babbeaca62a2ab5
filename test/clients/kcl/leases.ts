/** The KCL's lease table: made by us before the start, to spare a run the minute that a new application waits, and read to see who has what. */
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { shardsOf } from '../driver.ts';
import { dynamoDb } from '../dynamodb-local/dynamodb-local.ts';

type Attributes = { readonly [name: string]: { readonly S?: string; readonly N?: string } };

export type Lease = {
  readonly shardId: string;
  readonly owner: string | undefined;
  /** A sequence number, or one of TRIM_HORIZON and SHARD_END. */
  readonly checkpoint: string;
};

/** Leases of every shard, with no owner yet. */
export async function seedLeases(url: string, client: KinesisClient, application: string): Promise<void> {
  const key = (name: string, type: string) => ({ AttributeName: name, KeyType: type });
  await dynamoDb(url, 'CreateTable', {
    TableName: application,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [key('leaseKey', 'HASH')],
    AttributeDefinitions: ['leaseKey', 'leaseOwner'].map((name) => ({
      AttributeName: name,
      AttributeType: 'S',
    })),
    GlobalSecondaryIndexes: [
      {
        IndexName: 'LeaseOwnerToLeaseKeyIndex',
        Projection: { ProjectionType: 'KEYS_ONLY' },
        KeySchema: [key('leaseOwner', 'HASH'), key('leaseKey', 'RANGE')],
      },
    ],
  });
  for (const shard of await shardsOf(client, application)) {
    await dynamoDb(url, 'PutItem', {
      TableName: application,
      Item: {
        leaseKey: { S: shard.ShardId },
        checkpoint: { S: 'TRIM_HORIZON' },
        checkpointSubSequenceNumber: { N: '0' },
        leaseCounter: { N: '0' },
        ownerSwitchesSinceCheckpoint: { N: '0' },
        startingHashKey: { S: shard.HashKeyRange?.StartingHashKey },
        endingHashKey: { S: shard.HashKeyRange?.EndingHashKey },
      },
    });
  }
}

/** Version 3.5 keeps more than leases in the table; leases are what is named after a shard. */
export async function readLeases(url: string, application: string): Promise<readonly Lease[]> {
  const scan = { TableName: application, ConsistentRead: true };
  const { Items } = (await dynamoDb(url, 'Scan', scan)) as { Items: readonly Attributes[] };
  return Items.filter((item) => item['leaseKey']?.S?.startsWith('shardId-')).map((item) => ({
    shardId: item['leaseKey']!.S!,
    owner: item['leaseOwner']?.S,
    checkpoint: item['checkpoint']!.S!,
  }));
}
