import assert from 'node:assert/strict';
import test from 'node:test';
import { AWS_LIMITS } from '../../config/limits.ts';
import { ACCOUNT, call, openControlPlane, serviceError } from '../control-plane.testing.ts';
import { operations } from '../operations.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const notActive = serviceError('ResourceInUseException', /not ACTIVE, instead in state/);
const POLICY =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"kinesis:*"}]}';

test('a summary has the newest members', async () => {
  await using plane = await openControlPlane();
  const { id } = await plane.create('orders', 2);
  assert.deepEqual(
    (await plane.client.DescribeStreamSummary({ StreamName: 'orders' })).StreamDescriptionSummary,
    {
      StreamName: 'orders',
      StreamARN: `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/orders`,
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      RetentionPeriodHours: 24,
      StreamCreationTimestamp: 1_795_521_600_000,
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
      EncryptionType: 'NONE',
      OpenShardCount: 2,
      ConsumerCount: 0,
      MaxRecordSizeInKiB: 1024,
      ChannelCount: 0,
    },
  );
  assert.match(id, /^[a-z0-9]{20}-[a-z0-9]{3}$/);
});

test('CreateStream asks for a count or a mode, and takes every setting', async () => {
  await using plane = await openControlPlane();
  await assert.rejects(plane.client.CreateStream({ StreamName: 'a' }), { name: 'ValidationException' });
  await assert.rejects(
    plane.client.CreateStream({
      StreamName: 'a',
      ShardCount: 1,
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    }),
    { name: 'ValidationException' },
  );
  await assert.rejects(
    plane.client.CreateStream({ StreamName: 'a', ShardCount: 1, WarmThroughputMiBps: 10 }),
    { name: 'InvalidArgumentException' },
  );
  await plane.client.CreateStream({
    StreamName: 'orders',
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    MaxRecordSizeInKiB: 2048,
    RecordDistributionStrategy: 'AUTO',
  });
  await plane.settle();
  assert.equal(plane.stream().maxRecordBytes, 2048 * 1024);
  assert.equal(plane.stream().recordDistribution, 'AUTO');
  await plane.client.UpdateMaxRecordSize({ StreamARN: plane.stream().arn, MaxRecordSizeInKiB: 10_240 });
  await plane.client.UpdateStreamRecordDistributionStrategy({
    StreamARN: plane.stream().arn,
    RecordDistributionStrategy: 'USER_PARTITION_KEY',
  });
  await plane.restart();
  assert.equal(plane.stream().maxRecordBytes, 10_240 * 1024);
  assert.equal(plane.stream().recordDistribution, 'USER_PARTITION_KEY');
});

test('only on-demand streams distribute records by themselves', async () => {
  await using plane = await openControlPlane();
  const refused = serviceError('InvalidArgumentException', /only supported in on-demand capacity mode/);
  const auto = { RecordDistributionStrategy: 'AUTO' } as const;
  await assert.rejects(plane.client.CreateStream({ StreamName: 'a', ShardCount: 1, ...auto }), refused);
  const { arn } = await plane.create();
  const update = (RecordDistributionStrategy: 'AUTO' | 'USER_PARTITION_KEY') =>
    plane.client.UpdateStreamRecordDistributionStrategy({ StreamARN: arn, RecordDistributionStrategy });
  const change = (StreamMode: 'PROVISIONED' | 'ON_DEMAND') =>
    plane.client.UpdateStreamMode({ StreamARN: arn, StreamModeDetails: { StreamMode } });
  const shown = async () =>
    (await plane.client.DescribeStreamSummary({ StreamARN: arn })).StreamDescriptionSummary
      .RecordDistributionStrategy;
  await assert.rejects(update('AUTO'), refused);
  await update('USER_PARTITION_KEY');
  assert.equal(await shown(), undefined);
  await change('ON_DEMAND');
  await plane.settle();
  await update('AUTO');
  assert.equal(await shown(), 'AUTO');
  await assert.rejects(change('PROVISIONED'), refused);
  await update('USER_PARTITION_KEY');
  await change('PROVISIONED');
  await plane.settle();
  assert.equal(await shown(), undefined);
});

test('five streams may be CREATING and fifty on demand', async () => {
  await using plane = await openControlPlane({
    limits: { streamsCreatingPerAccount: 2, onDemandStreamsPerAccount: 1 },
  });
  const onDemand = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } } as const;
  await plane.client.CreateStream({ StreamName: 'a', ShardCount: 1 });
  await plane.client.CreateStream({ StreamName: 'b', ...onDemand });
  await assert.rejects(
    plane.client.CreateStream({ StreamName: 'c', ShardCount: 1 }),
    serviceError('LimitExceededException', /CREATING/),
  );
  await plane.settle();
  await assert.rejects(
    plane.client.CreateStream({ StreamName: 'c', ...onDemand }),
    serviceError('LimitExceededException', /on-demand stream limit/),
  );
  await assert.rejects(
    plane.client.UpdateStreamMode({
      StreamARN: plane.stream('a').arn,
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    }),
    serviceError('LimitExceededException', /on-demand stream limit/),
  );
  assert.deepEqual(await plane.client.DescribeLimits({}), {
    ShardLimit: 100_000,
    OpenShardCount: 5,
    OnDemandStreamCount: 1,
    OnDemandStreamCountLimit: 1,
    ChannelCount: 0,
    ChannelCountLimit: 0,
  });
});

test('streams are listed by name with their summaries, page by page', async () => {
  await using plane = await openControlPlane();
  for (const name of ['c', 'a', 'B']) await plane.client.CreateStream({ StreamName: name, ShardCount: 1 });
  const first = await plane.client.ListStreams({ Limit: 2 });
  assert.deepEqual(first.StreamNames, ['B', 'a']);
  assert.equal(first.HasMoreStreams, true);
  assert.deepEqual(first.StreamSummaries![0], {
    StreamName: 'B',
    StreamARN: `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/B`,
    StreamStatus: 'CREATING',
    StreamModeDetails: { StreamMode: 'PROVISIONED' },
    StreamCreationTimestamp: 1_795_521_600_000,
  });
  assert.deepEqual((await plane.client.ListStreams({ NextToken: first.NextToken })).StreamNames, ['c']);
  const rest = await plane.client.ListStreams({ ExclusiveStartStreamName: 'a' });
  assert.deepEqual([rest.StreamNames, rest.HasMoreStreams, rest.NextToken], [['c'], false, undefined]);
  assert.deepEqual((await plane.client.ListStreams({}, call('111111111111'))).StreamNames, []);
  await assert.rejects(
    plane.client.ListStreams({ NextToken: first.NextToken, ExclusiveStartStreamName: 'a' }),
    { name: 'InvalidArgumentException' },
  );
  await plane.clock.advance(300_001);
  await assert.rejects(plane.client.ListStreams({ NextToken: first.NextToken }), {
    name: 'ExpiredNextTokenException',
  });
});

test('monitoring levels are kept, ALL is every one of them', async () => {
  await using plane = await openControlPlane();
  await plane.create();
  const on = await plane.client.EnableEnhancedMonitoring({
    StreamName: 'orders',
    ShardLevelMetrics: ['OutgoingBytes', 'IncomingBytes'],
  });
  assert.deepEqual(on, {
    StreamName: 'orders',
    StreamARN: plane.stream().arn,
    CurrentShardLevelMetrics: [],
    DesiredShardLevelMetrics: ['IncomingBytes', 'OutgoingBytes'],
  });
  const all = await plane.client.EnableEnhancedMonitoring({
    StreamName: 'orders',
    ShardLevelMetrics: ['ALL'],
  });
  assert.equal(all.DesiredShardLevelMetrics!.length, 7);
  const off = await plane.client.DisableEnhancedMonitoring({
    StreamName: 'orders',
    ShardLevelMetrics: ['IncomingBytes'],
  });
  assert.equal(off.CurrentShardLevelMetrics!.length, 7);
  assert.equal(off.DesiredShardLevelMetrics!.length, 6);
  await plane.restart();
  assert.equal(plane.stream().monitoring.length, 6);
});

test('encryption with a customer key is UPDATING, then there; its changes have a rolling quota', async () => {
  await using plane = await openControlPlane({ limits: { keyChangesPerDay: 2 } });
  const { id } = await plane.create();
  const key = 'arn:aws:kms:us-east-1:000000000000:key/12345678-1234-1234-1234-123456789012';
  const start = (KeyId: string, EncryptionType: 'KMS' | 'NONE' = 'KMS') =>
    plane.client.StartStreamEncryption({ StreamName: 'orders', EncryptionType, KeyId });
  for (const bad of ['nonsense', 'arn:aws:s3:::bucket', 'alias/', '12345678']) {
    await assert.rejects(start(bad), serviceError('InvalidArgumentException', `KeyId ${bad} is not valid.`));
  }
  await assert.rejects(start(key, 'NONE'), { name: 'InvalidArgumentException' });
  const keyId = plane.keys.sealer(id).keyId;
  await start(key);
  assert.equal(plane.stream().status, 'UPDATING');
  await assert.rejects(start(key), notActive);
  await plane.settle();
  assert.notEqual(plane.keys.sealer(id).keyId, keyId);
  const { EncryptionType, KeyId } = (await plane.client.DescribeStreamSummary({ StreamName: 'orders' }))
    .StreamDescriptionSummary;
  assert.deepEqual([EncryptionType, KeyId], ['KMS', key]);
  await plane.client.StopStreamEncryption({ StreamName: 'orders', EncryptionType: 'KMS', KeyId: key });
  await plane.settle();
  assert.equal(plane.stream().encryptionType, 'NONE');
  await start('alias/aws/kinesis');
  await plane.settle();
  await assert.rejects(start('alias/other'), { name: 'LimitExceededException' });
  await plane.later(DAY_MS);
  await start('12345678-1234-1234-1234-123456789012');
});

test('the mode changes twice a day at most and keeps the shards', async () => {
  await using plane = await openControlPlane({ limits: { modeChangesPerDay: 2 }, onDemandReactionMs: 1000 });
  const { arn } = await plane.create('orders', 9);
  const change = (StreamMode: 'PROVISIONED' | 'ON_DEMAND') =>
    plane.client.UpdateStreamMode({ StreamARN: arn, StreamModeDetails: { StreamMode } });
  await change('ON_DEMAND');
  await assert.rejects(change('ON_DEMAND'), notActive);
  await plane.settle();
  await plane.clock.advance(60_000);
  assert.equal(plane.stream().mode, 'ON_DEMAND');
  assert.equal(plane.stream().openShards.length, 9);
  await change('PROVISIONED');
  await plane.settle();
  await assert.rejects(change('ON_DEMAND'), { name: 'LimitExceededException' });
  await assert.rejects(
    plane.client.UpdateStreamMode({
      StreamARN: arn,
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      WarmThroughputMiBps: 5,
    }),
    { name: 'InvalidArgumentException' },
  );
});

test('a commitment lasts a day at least, and unlocks warm throughput', async () => {
  await using plane = await openControlPlane({ limits: { onDemandMibpsPerStream: 40 } });
  const settings = async () =>
    (await plane.client.DescribeAccountSettings({})).MinimumThroughputBillingCommitment;
  const update = (Status: 'ENABLED' | 'DISABLED') =>
    plane.client.UpdateAccountSettings({ MinimumThroughputBillingCommitment: { Status } });
  assert.deepEqual(await settings(), { Status: 'DISABLED' });
  await plane.client.CreateStream({ StreamName: 'orders', StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  await plane.settle();
  const { arn } = plane.stream();
  const warm = (WarmThroughputMiBps: number) =>
    plane.client.UpdateStreamWarmThroughput({ StreamARN: arn, WarmThroughputMiBps });
  await assert.rejects(
    warm(10),
    serviceError('InvalidArgumentException', /MinimumThroughputBillingCommitment/),
  );
  const startedMs = plane.clock.now();
  await update('ENABLED');
  assert.deepEqual(await settings(), {
    Status: 'ENABLED',
    StartedAt: startedMs,
    EarliestAllowedEndAt: startedMs + DAY_MS,
  });
  await assert.rejects(warm(41), serviceError('InvalidArgumentException', /exceeds the maximum/));
  assert.deepEqual(await warm(10), {
    StreamName: 'orders',
    StreamARN: arn,
    WarmThroughput: { TargetMiBps: 10, CurrentMiBps: 4 },
  });
  await assert.rejects(warm(11), notActive);
  await plane.settle();
  const { WarmThroughput, OpenShardCount } = (
    await plane.client.DescribeStreamSummary({ StreamName: 'orders' })
  ).StreamDescriptionSummary;
  assert.deepEqual([WarmThroughput, OpenShardCount], [{ TargetMiBps: 10, CurrentMiBps: 10 }, 10]);

  await warm(5);
  await plane.settle();
  assert.equal(plane.stream().openShards.length, 5);
  await assert.rejects(update('DISABLED'), serviceError('InvalidArgumentException', /warm throughput/));
  await warm(0);
  await plane.settle();
  assert.equal(plane.stream().openShards.length, 4);

  await update('DISABLED');
  assert.equal((await settings())!.Status, 'ENABLED_UNTIL_EARLIEST_ALLOWED_END');
  await update('ENABLED');
  assert.equal((await settings())!.Status, 'ENABLED');
  await update('DISABLED');
  await plane.later(DAY_MS);
  assert.deepEqual(await settings(), {
    Status: 'DISABLED',
    StartedAt: startedMs,
    EndedAt: startedMs + DAY_MS,
  });
  await plane.create('provisioned');
  await assert.rejects(
    plane.client.UpdateStreamWarmThroughput({ StreamName: 'provisioned', WarmThroughputMiBps: 4 }),
    { name: 'ValidationException' },
  );
});

test('resource policies of streams and consumers are stored as they came', async () => {
  await using plane = await openControlPlane();
  const { arn } = await plane.create();
  assert.deepEqual(await plane.client.GetResourcePolicy({ ResourceARN: arn }), { Policy: '{}' });
  const put = (Policy: string, ResourceARN = arn) => plane.client.PutResourcePolicy({ ResourceARN, Policy });
  for (const bad of ['', 'no json', '[]', '{}', '{"Statement":[]}', '{"Statement":{"Effect":"Allow"}}']) {
    await assert.rejects(put(bad), { name: 'InvalidArgumentException' });
  }
  await assert.rejects(
    put(JSON.stringify({ ...JSON.parse(POLICY), Id: 'x'.repeat(21_000) })),
    serviceError('InvalidArgumentException', /exceeds the maximum size/),
  );
  await put(POLICY);
  await plane.restart();
  assert.deepEqual(await plane.client.GetResourcePolicy({ ResourceARN: arn }), { Policy: POLICY });
  await plane.client.DeleteResourcePolicy({ ResourceARN: arn });
  await plane.client.DeleteResourcePolicy({ ResourceARN: arn });
  assert.deepEqual(await plane.client.GetResourcePolicy({ ResourceARN: arn }), { Policy: '{}' });
  await assert.rejects(put(POLICY, `${arn}x`), { name: 'ResourceNotFoundException' });
  await plane.client.DeleteStream({ StreamARN: arn });
  await assert.rejects(put(POLICY), notActive);
});

test('Channel operations answer a typed error', async () => {
  await using plane = await openControlPlane();
  const refused = serviceError('InvalidArgumentException', /Channels are not offered/);
  await assert.rejects(plane.client.ListChannels({}), refused);
  await assert.rejects(plane.client.DescribeChannel({ ChannelARN: 'a' }), refused);
});

test('every change refuses while the stream is being created', async () => {
  await using plane = await openControlPlane();
  await plane.client.CreateStream({ StreamName: 'orders', ShardCount: 1 });
  const { arn } = plane.stream();
  const target = { StreamName: 'orders' } as const;
  const changes = [
    plane.client.IncreaseStreamRetentionPeriod({ ...target, RetentionPeriodHours: 48 }),
    plane.client.DecreaseStreamRetentionPeriod({ ...target, RetentionPeriodHours: 24 }),
    plane.client.DeleteStream(target),
    plane.client.RegisterStreamConsumer({ StreamARN: arn, ConsumerName: 'a' }),
    plane.client.EnableEnhancedMonitoring({ ...target, ShardLevelMetrics: ['ALL'] }),
    plane.client.DisableEnhancedMonitoring({ ...target, ShardLevelMetrics: ['ALL'] }),
    plane.client.StopStreamEncryption({ ...target, EncryptionType: 'KMS', KeyId: 'alias/a' }),
    plane.client.UpdateMaxRecordSize({ StreamARN: arn, MaxRecordSizeInKiB: 1024 }),
    plane.client.UpdateShardCount({ ...target, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' }),
    plane.client.UpdateStreamMode({ StreamARN: arn, StreamModeDetails: { StreamMode: 'ON_DEMAND' } }),
    plane.client.UpdateStreamRecordDistributionStrategy({
      StreamARN: arn,
      RecordDistributionStrategy: 'AUTO',
    }),
    plane.client.TagResource({ ResourceARN: arn, Tags: new Map([['a', 'b']]) }),
    plane.client.UntagResource({ ResourceARN: arn, TagKeys: ['a'] }),
    plane.client.RemoveTagsFromStream({ ...target, TagKeys: ['a'] }),
    plane.client.DeleteResourcePolicy({ ResourceARN: arn }),
  ];
  for (const change of await Promise.allSettled(changes)) {
    assert.equal(change.status, 'rejected');
    assert.equal(change.reason.name, 'ResourceInUseException');
  }
});

test('calls beyond the rate of their operation are refused, by account or by stream', async () => {
  await using plane = await openControlPlane({
    limits: {
      accountCallsPerSecond: AWS_LIMITS.accountCallsPerSecond,
      streamCallsPerSecond: AWS_LIMITS.streamCallsPerSecond,
    },
  });
  await plane.create();
  const { arn } = plane.stream();
  for (let at = 0; at < 5; at++) await plane.client.ListStreams({});
  await assert.rejects(
    plane.client.ListStreams({}),
    serviceError('LimitExceededException', `Rate exceeded for account ${ACCOUNT}.`),
  );
  await plane.client.ListStreams({}, call('111111111111'));
  await plane.client.ListStreams({}, call(ACCOUNT, 'eu-west-1'));
  await plane.clock.advance(200);
  await plane.client.ListStreams({});
  await assert.rejects(plane.client.ListStreams({}), { name: 'LimitExceededException' });
  for (let at = 0; at < 10; at++) await plane.client.DescribeStream({ StreamName: 'orders' });
  await assert.rejects(
    plane.client.DescribeStream({ StreamName: 'orders' }),
    serviceError('LimitExceededException', `Rate exceeded for stream orders under account ${ACCOUNT}.`),
  );
  for (let at = 0; at < 5; at++) await plane.client.ListStreamConsumers({ StreamARN: arn });
  await assert.rejects(
    plane.client.ListStreamConsumers({ StreamARN: arn }),
    serviceError('LimitExceededException', `Rate exceeded for stream orders under account ${ACCOUNT}.`),
  );
  await assert.rejects(plane.client.ListStreamConsumers({ StreamARN: `${arn}2` }), {
    name: 'ResourceNotFoundException',
  });
  const names = Object.keys(operations);
  for (const name of Object.keys({
    ...AWS_LIMITS.accountCallsPerSecond,
    ...AWS_LIMITS.streamCallsPerSecond,
  })) {
    // Those of Firehose have tests of their own.
    if (/DeliveryStream|^UpdateDestination$/.test(name)) continue;
    assert.ok(names.includes(name), `${name} is an operation`);
  }
});
