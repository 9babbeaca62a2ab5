/** The AWS CLI: one command after another, as a person types them. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type {
  DescribeStreamSummaryOutput,
  GetShardIteratorOutput,
  ListShardsOutput,
  ListStreamConsumersOutput,
  ListStreamsOutput,
  ListTagsForResourceOutput,
  PutRecordOutput,
  PutRecordsOutput,
  RegisterStreamConsumerOutput,
} from '@aws-sdk/client-kinesis';
import { pythonAws } from '../boto3/suite.ts';
import type { Suite, SuiteRun } from '../suite.ts';
import { awsCli } from './aws.ts';

export const awsCliSuite: Suite = {
  name: 'aws-cli',
  what: 'AWS CLI 1.46.3 over TLS: streams, records, shards, consumers, tags, errors',
  installations: [pythonAws],
  timeoutMs: 180_000,
  crashesServer: false,
  run: runCommands,
};

/** The CLI prints data in base64. */
type Printed = { readonly Records: readonly { readonly Data: string; readonly SequenceNumber: string }[] };

async function runCommands(run: SuiteRun): Promise<void> {
  const aws = awsCli(run);
  const name = `aws-cli-${run.id}`;
  const stream = ['--stream-name', name];

  await run.check('create-stream, wait stream-exists, describe-stream-summary, list-streams', async () => {
    await aws('create-stream', ...stream, '--shard-count', '2');
    await aws('wait', 'stream-exists', ...stream);
    const { StreamDescriptionSummary } = await aws<DescribeStreamSummaryOutput>(
      'describe-stream-summary',
      ...stream,
    );
    assert.equal(StreamDescriptionSummary!.StreamStatus, 'ACTIVE');
    assert.equal(StreamDescriptionSummary!.OpenShardCount, 2);
    const { StreamNames } = await aws<ListStreamsOutput>('list-streams');
    assert.ok(StreamNames?.includes(name));
  });

  let shardId = '';
  await run.check('put-record, put-records, get-shard-iterator, get-records', async () => {
    // Version 1 of the CLI takes --data as it is; version 2 would want --cli-binary-format raw-in-base64-out.
    const hash = ['--explicit-hash-key', '0'];
    const put = await aws<PutRecordOutput>(
      'put-record',
      ...stream,
      '--partition-key',
      'k',
      '--data',
      'größe',
      ...hash,
    );
    shardId = put.ShardId!;
    const records = ['a', 'b', 'c'].map((Data) => ({ Data, PartitionKey: Data, ExplicitHashKey: '0' }));
    await writeFile(path.join(run.workFolder, 'records.json'), JSON.stringify(records));
    const many = await aws<PutRecordsOutput>('put-records', ...stream, '--records', 'file://records.json');
    assert.equal(many.FailedRecordCount, 0);
    const { Shards } = await aws<ListShardsOutput>('list-shards', ...stream);
    assert.equal(Shards?.length, 2);
    const shard = ['--shard-id', shardId, '--shard-iterator-type', 'TRIM_HORIZON'];
    const { ShardIterator } = await aws<GetShardIteratorOutput>('get-shard-iterator', ...stream, ...shard);
    const { Records } = await aws<Printed>('get-records', '--shard-iterator', ShardIterator!);
    const texts = Records.map(({ Data }) => Buffer.from(Data, 'base64').toString());
    assert.deepEqual(texts, ['größe', 'a', 'b', 'c']);
    assert.equal(Records[0]?.SequenceNumber, put.SequenceNumber);
  });

  await run.check('split-shard, merge-shards, list-shards with a filter', async () => {
    const { Shards: before } = await aws<ListShardsOutput>('list-shards', ...stream);
    const [low, high] = before!;
    const merge = ['--shard-to-merge', low!.ShardId!, '--adjacent-shard-to-merge', high!.ShardId!];
    await aws('merge-shards', ...stream, ...merge);
    await aws('wait', 'stream-exists', ...stream);
    const latest = ['--shard-filter', 'Type=AT_LATEST'];
    const { Shards: merged } = await aws<ListShardsOutput>('list-shards', ...stream, ...latest);
    assert.equal(merged?.length, 1);
    const half = (2n ** 127n).toString();
    const split = ['--shard-to-split', merged![0]!.ShardId!, '--new-starting-hash-key', half];
    await aws('split-shard', ...stream, ...split);
    await aws('wait', 'stream-exists', ...stream);
    const { Shards: after } = await aws<ListShardsOutput>('list-shards', ...stream, ...latest);
    assert.deepEqual(
      after?.map(({ ParentShardId }) => ParentShardId),
      [merged![0]!.ShardId, merged![0]!.ShardId],
    );
  });

  await run.check('register-stream-consumer, tag-resource, list-tags-for-resource', async () => {
    const { StreamDescriptionSummary } = await aws<DescribeStreamSummaryOutput>(
      'describe-stream-summary',
      ...stream,
    );
    const arn = StreamDescriptionSummary!.StreamARN!;
    const { Consumer } = await aws<RegisterStreamConsumerOutput>(
      'register-stream-consumer',
      '--stream-arn',
      arn,
      '--consumer-name',
      'c',
    );
    const { Consumers } = await aws<ListStreamConsumersOutput>('list-stream-consumers', '--stream-arn', arn);
    assert.equal(Consumers?.[0]?.ConsumerARN, Consumer?.ConsumerARN);
    await aws('tag-resource', '--resource-arn', arn, '--tags', 'team=mill');
    const { Tags } = await aws<ListTagsForResourceOutput>('list-tags-for-resource', '--resource-arn', arn);
    assert.deepEqual(Tags, [{ Key: 'team', Value: 'mill' }]);
  });

  await run.check('errors end the command and say why', async () => {
    await assert.rejects(
      aws('put-record', '--stream-name', 'missing', '--partition-key', 'k', '--data', 'x'),
      /An error occurred \(ResourceNotFoundException\) when calling the PutRecord operation: Stream missing under account \d{12} not found\./,
    );
  });

  await run.check('delete-stream, wait stream-not-exists', async () => {
    await aws('delete-stream', ...stream, '--enforce-consumer-deletion');
    await aws('wait', 'stream-not-exists', ...stream);
  });
}
