import { CLIENT_FLAGS, JSON_FLAG, createKinesisClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { properties, table } from '../terminal/table.ts';
import { describeSummary, listShards, type Shard } from './stream-api.ts';

export const describe: Command = {
  usage: 'NAME',
  positionals: { min: 1, max: 1 },
  details: 'Shows a stream and its shards, open and closed.',
  flags: [JSON_FLAG, ...CLIENT_FLAGS],
  async run({ flags, environment, terminal, signal }) {
    const name = flags.positionals[0]!;
    const client = createKinesisClient(flags, environment);
    try {
      const summary = await describeSummary(client, name, signal);
      // Shards are listed of streams that are there: not while they are created or deleted.
      const listed = summary.StreamStatus === 'ACTIVE' || summary.StreamStatus === 'UPDATING';
      const shards = listed ? await listShards(client, name, signal) : [];
      if (flags.values.has('json')) {
        await terminal.print(`${JSON.stringify({ ...summary, Shards: shards }, undefined, 2)}\n`);
        return EXIT.ok;
      }
      await terminal.print(
        properties([
          ['Name', summary.StreamName],
          ['ARN', summary.StreamARN],
          ['Status', summary.StreamStatus],
          ['Mode', summary.StreamModeDetails?.StreamMode ?? 'PROVISIONED'],
          ['Created', new Date(summary.StreamCreationTimestamp * 1000).toISOString()],
          ['Retention', `${summary.RetentionPeriodHours} h`],
          [
            'Encryption',
            summary.KeyId ? `${summary.EncryptionType} ${summary.KeyId}` : (summary.EncryptionType ?? 'NONE'),
          ],
          ['Open shards', summary.OpenShardCount],
          ['Consumers', summary.ConsumerCount ?? 0],
        ]),
      );
      await terminal.print(`\n${table(['SHARD', 'STATE', 'HASH KEYS', 'PARENTS'], shards.map(rowOf))}`);
      return EXIT.ok;
    } finally {
      client.close();
    }
  },
};

const HASH_KEYS = 2n ** 128n;

function rowOf(shard: Shard): readonly string[] {
  const { StartingHashKey, EndingHashKey } = shard.HashKeyRange;
  // Hundredths of a percent in integers: a double has no room for a hash key.
  const share = Number(((BigInt(EndingHashKey) - BigInt(StartingHashKey) + 1n) * 10_000n) / HASH_KEYS) / 100;
  return [
    shard.ShardId,
    shard.SequenceNumberRange.EndingSequenceNumber === undefined ? 'open' : 'closed',
    `${StartingHashKey}..${EndingHashKey} (${share.toFixed(2)} %)`,
    [shard.ParentShardId, shard.AdjacentParentShardId].filter((parent) => parent !== undefined).join(', '),
  ];
}
