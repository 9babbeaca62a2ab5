import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT, call, openTestFirehose, REGION, ROLE, S3, STATE_MS } from './firehose.testing.ts';
import { AWS_LIMITS } from '../config/limits.ts';
import { operations } from './operations.ts';

const error = (name: string, message: string | RegExp) => ({ name, message });
const NOT_FOUND = error('ResourceNotFoundException', `Firehose none not found under account ${ACCOUNT}.`);
const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;

test('a delivery stream is CREATING, then ACTIVE, then DELETING, then gone with everything of it', async () => {
  await using plane = await openTestFirehose();
  const { client, catalog, log } = plane;
  const created = await client.CreateDeliveryStream({
    DeliveryStreamName: 'clicks',
    ExtendedS3DestinationConfiguration: S3,
    Tags: [{ Key: 'team', Value: 'data' }],
  });
  assert.deepEqual(created, {
    DeliveryStreamARN: `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/clicks`,
  });
  const status = async () =>
    (await client.DescribeDeliveryStream({ DeliveryStreamName: 'clicks' })).DeliveryStreamDescription
      .DeliveryStreamStatus;
  assert.equal(await status(), 'CREATING');
  await assert.rejects(
    client.DeleteDeliveryStream({ DeliveryStreamName: 'clicks' }),
    error('ResourceInUseException', /CREATING/),
  );
  await plane.settle();
  assert.equal(await status(), 'ACTIVE');
  const { id } = plane.stream();
  assert.deepEqual([...log.logs()], [[id, [0]]]);
  const owners = () =>
    catalog.read((transaction) => transaction.selectFrom('reader_owners').selectAll().execute());
  assert.deepEqual(
    (await owners()).map(({ reader_id }) => reader_id),
    [id],
  );

  await client.DeleteDeliveryStream({ DeliveryStreamName: 'clicks' });
  assert.equal(await status(), 'DELETING');
  await client.DeleteDeliveryStream({ DeliveryStreamName: 'clicks', AllowForceDelete: true });
  await plane.settle();
  await assert.rejects(status(), { name: 'ResourceNotFoundException' });
  assert.equal(log.logs().size, 0);
  const left = await catalog.read(async (transaction) => [
    ...(await transaction.selectFrom('tags').selectAll().execute()),
    ...(await transaction.selectFrom('data_keys').selectAll().execute()),
  ]);
  assert.deepEqual([...left, ...(await owners())], []);
  assert.deepEqual(plane.failures, []);
});

test('what is pending at a restart goes on', async () => {
  await using plane = await openTestFirehose();
  await plane.client.CreateDeliveryStream({
    DeliveryStreamName: 'clicks',
    S3DestinationConfiguration: S3,
  });
  await plane.restart();
  assert.equal(plane.stream().status, 'CREATING');
  await plane.settle();
  assert.equal(plane.stream().status, 'ACTIVE');
  await plane.client.DeleteDeliveryStream({ DeliveryStreamName: 'clicks' });
  await plane.restart();
  await plane.settle();
  assert.throws(() => plane.stream());
});

test('a start removes what no delivery stream owns, makes what is missing, and leaves streams alone', async () => {
  await using plane = await openTestFirehose();
  const { log, keys, catalog } = plane;
  const { id } = await plane.create();
  await log.dropLog(id);
  await keys.begin('firehose-nobody');
  await log.createLog('firehose-nobody', [0]);
  await keys.begin('abcdefghij0123456789-0a1');
  await log.createLog('abcdefghij0123456789-0a1', [0, 1]);
  await plane.restart();
  assert.deepEqual([...log.logs().keys()].sort(), ['abcdefghij0123456789-0a1', id]);
  const keyed = await catalog.read((transaction) =>
    transaction.selectFrom('data_keys').select('log_id').distinct().orderBy('log_id').execute(),
  );
  assert.deepEqual(
    keyed.map((row) => row.log_id),
    ['abcdefghij0123456789-0a1', id],
  );
});

test('secrets of a destination are not in the catalog, and survive a restart', async () => {
  await using plane = await openTestFirehose();
  await plane.client.CreateDeliveryStream({
    DeliveryStreamName: 'events',
    SplunkDestinationConfiguration: {
      HECEndpoint: 'https://splunk.example:8088',
      HECEndpointType: 'Event',
      HECToken: 'a-token-that-nobody-may-read',
      S3Configuration: S3,
    },
  });
  const rows = await plane.catalog.read((transaction) =>
    transaction.selectFrom('delivery_streams').selectAll().execute(),
  );
  for (const value of Object.values(rows[0]!)) {
    const text = value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value);
    assert.ok(!text.includes('nobody-may-read') && !text.includes('splunk.example'));
  }
  await plane.restart();
  const { destination } = plane.stream('events');
  assert.equal(
    destination.kind === 'Splunk' && destination.settings.HECToken,
    'a-token-that-nobody-may-read',
  );
});

test('names are taken once in an account and region', async () => {
  await using plane = await openTestFirehose({ limits: { deliveryStreamsPerAccount: 1 } });
  await plane.create();
  await assert.rejects(
    plane.create(),
    error('ResourceInUseException', `Firehose clicks under accountId ${ACCOUNT} already exists`),
  );
  await plane.create('clicks', {}, call(ACCOUNT, 'eu-west-1'));
  await assert.rejects(
    plane.create('views'),
    error('LimitExceededException', 'You have already consumed your firehose quota of 1 hoses.'),
  );
  const keyed = await plane.catalog.read((transaction) =>
    transaction.selectFrom('data_keys').select('log_id').distinct().execute(),
  );
  assert.equal(keyed.length, 2, 'a refused call leaves no key');
});

test('a source is DirectPut or a stream that exists, of the account and region', async () => {
  await using plane = await openTestFirehose({ streams: ['orders'] });
  const { client } = plane;
  const create = (more: object) =>
    client.CreateDeliveryStream({
      DeliveryStreamName: 'orders',
      ExtendedS3DestinationConfiguration: S3,
      DeliveryStreamType: 'KinesisStreamAsSource',
      ...more,
    });
  const from = (name: string, account = ACCOUNT, region = REGION) => ({
    KinesisStreamSourceConfiguration: {
      KinesisStreamARN: `arn:aws:kinesis:${region}:${account}:stream/${name}`,
      RoleARN: ROLE,
    },
  });
  await assert.rejects(
    create({}),
    error(
      'InvalidArgumentException',
      'KinesisSourceStreamConfig is mandatory for KinesisStreamAsSource stream type.',
    ),
  );
  await assert.rejects(
    create(from('none')),
    error('InvalidArgumentException', `Stream none under account ${ACCOUNT} not found.`),
  );
  await assert.rejects(create(from('orders', '111111111111')), { name: 'InvalidArgumentException' });
  await assert.rejects(create(from('orders', ACCOUNT, 'eu-west-1')), { name: 'InvalidArgumentException' });
  await assert.rejects(
    create({ ...from('orders'), DeliveryStreamType: 'DirectPut' }),
    error('InvalidArgumentException', /must not be provided/),
  );
  await assert.rejects(
    create({ DeliveryStreamType: 'MSKAsSource' }),
    error('InvalidArgumentException', 'MSKSourceConfig is mandatory for MSK as Source stream type.'),
  );
  const msk = {
    MSKClusterARN: `arn:aws:kafka:us-east-1:${ACCOUNT}:cluster/c/00000000-0000-0000-0000-000000000000-1`,
    TopicName: 'clicks',
    AuthenticationConfiguration: { RoleARN: ROLE, Connectivity: 'PRIVATE' },
  } as const;
  await assert.rejects(
    create({ DeliveryStreamType: 'MSKAsSource', MSKSourceConfiguration: msk }),
    error('InvalidArgumentException', /MSKSourceConfiguration is not served by Millrace/),
  );
  await assert.rejects(
    create({ DeliveryStreamType: 'DatabaseAsSource' }),
    error(
      'InvalidArgumentException',
      'IcebergDestinationConfiguration must be specified for Database as Source.',
    ),
  );
  await assert.rejects(
    create({ ...from('orders'), DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' } }),
    error('InvalidArgumentException', /only allowed for direct put delivery streams/),
  );
  const foreign = {
    ...from('orders').KinesisStreamSourceConfiguration,
    RoleARN: ROLE.replace(ACCOUNT, '1'.repeat(12)),
  };
  await assert.rejects(create({ KinesisStreamSourceConfiguration: foreign }), {
    name: 'AccessDeniedException',
  });

  const createdMs = plane.clock.now();
  await create(from('orders'));
  await plane.settle();
  assert.equal(plane.log.logs().size, 1);
  const { DeliveryStreamDescription: described } = await client.DescribeDeliveryStream({
    DeliveryStreamName: 'orders',
  });
  assert.equal(described.DeliveryStreamType, 'KinesisStreamAsSource');
  assert.deepEqual(described.Source, {
    KinesisStreamSourceDescription: {
      ...from('orders').KinesisStreamSourceConfiguration,
      DeliveryStartTimestamp: createdMs,
    },
  });
  await assert.rejects(
    client.PutRecord({ DeliveryStreamName: 'orders', Record: { Data: Buffer.from('x') } }),
    error(
      'InvalidArgumentException',
      'This operation is not permitted on KinesisStreamAsSource delivery stream type.',
    ),
  );
});

test('descriptions say what AWS says', async () => {
  await using plane = await openTestFirehose();
  const createdMs = plane.clock.now();
  await plane.create('clicks', { DirectPutSourceConfiguration: { ThroughputHintInMBs: 3 } });
  const { DeliveryStreamDescription: described } = await plane.client.DescribeDeliveryStream({
    DeliveryStreamName: 'clicks',
  });
  const { Destinations, ...rest } = described;
  assert.deepEqual(JSON.parse(JSON.stringify(rest)), {
    DeliveryStreamName: 'clicks',
    DeliveryStreamARN: `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/clicks`,
    DeliveryStreamStatus: 'ACTIVE',
    DeliveryStreamEncryptionConfiguration: { Status: 'DISABLED' },
    DeliveryStreamType: 'DirectPut',
    VersionId: '1',
    CreateTimestamp: createdMs,
    Source: { DirectPutSourceDescription: { ThroughputHintInMBs: 3 } },
    HasMoreDestinations: false,
  });
  assert.equal(Destinations[0]!.DestinationId, 'destinationId-000000000001');
  assert.equal(Destinations[0]!.ExtendedS3DestinationDescription!.BucketARN, S3.BucketARN);
  const after = await plane.client.DescribeDeliveryStream({
    DeliveryStreamName: 'clicks',
    ExclusiveStartDestinationId: 'destinationId-000000000001',
  });
  assert.deepEqual(after.DeliveryStreamDescription.Destinations, []);
});

test('an update needs the version that it is based on, and makes the next one', async () => {
  await using plane = await openTestFirehose();
  const { client } = plane;
  const update = (version: string, more: object = {}) =>
    client.UpdateDestination({
      DeliveryStreamName: 'clicks',
      CurrentDeliveryStreamVersionId: version,
      DestinationId: 'destinationId-000000000001',
      ExtendedS3DestinationUpdate: { Prefix: 'new/' },
      ...more,
    });
  await assert.rejects(update('1'), { name: 'ResourceNotFoundException' });
  await client.CreateDeliveryStream({
    DeliveryStreamName: 'clicks',
    ExtendedS3DestinationConfiguration: { ...S3, CompressionFormat: 'GZIP' },
  });
  await assert.rejects(
    update('1'),
    error('ResourceInUseException', 'Cannot update firehose: clicks when it is in CREATING status'),
  );
  await plane.settle();
  await assert.rejects(
    update('1', { DestinationId: 'destinationId-000000000002' }),
    error('InvalidArgumentException', 'Destination Id destinationId-000000000002 not found.'),
  );
  await assert.rejects(
    update('2'),
    error(
      'ConcurrentModificationException',
      'Cannot update firehose: clicks since the current version id: 1 and specified version id: 2 do not match',
    ),
  );
  const outcomes = await Promise.allSettled([update('1'), update('1')]);
  assert.deepEqual(outcomes.map((outcome) => outcome.status).sort(), ['fulfilled', 'rejected']);
  await plane.restart();
  const { DeliveryStreamDescription: described } = await client.DescribeDeliveryStream({
    DeliveryStreamName: 'clicks',
  });
  assert.equal(described.VersionId, '2');
  assert.equal(described.LastUpdateTimestamp, plane.clock.now());
  const s3 = described.Destinations[0]!.ExtendedS3DestinationDescription!;
  assert.deepEqual([s3.Prefix, s3.CompressionFormat], ['new/', 'GZIP']);
});

test('lists are alphabetical, ten at once, by type', async () => {
  await using plane = await openTestFirehose({ streams: ['orders'] });
  const names = Array.from({ length: 12 }, (_, index) => `s${String(index).padStart(2, '0')}`);
  for (const name of names.toReversed()) await plane.create(name);
  await plane.create('kinesis', {
    DeliveryStreamType: 'KinesisStreamAsSource',
    KinesisStreamSourceConfiguration: {
      KinesisStreamARN: `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/orders`,
      RoleARN: ROLE,
    },
  });
  const { client } = plane;
  assert.deepEqual(await client.ListDeliveryStreams({}), {
    DeliveryStreamNames: ['kinesis', ...names.slice(0, 9)],
    HasMoreDeliveryStreams: true,
  });
  assert.deepEqual(await client.ListDeliveryStreams({ ExclusiveStartDeliveryStreamName: 's08' }), {
    DeliveryStreamNames: names.slice(9),
    HasMoreDeliveryStreams: false,
  });
  assert.deepEqual(await client.ListDeliveryStreams({ DeliveryStreamType: 'KinesisStreamAsSource' }), {
    DeliveryStreamNames: ['kinesis'],
    HasMoreDeliveryStreams: false,
  });
  assert.deepEqual(await client.ListDeliveryStreams({ DeliveryStreamType: 'DirectPut', Limit: 2 }), {
    DeliveryStreamNames: names.slice(0, 2),
    HasMoreDeliveryStreams: true,
  });
  assert.deepEqual((await client.ListDeliveryStreams({}, call('111111111111'))).DeliveryStreamNames, []);
});

test('tags are kept, listed in pages, and fifty at the most', async () => {
  await using plane = await openTestFirehose();
  const { client } = plane;
  const DeliveryStreamName = 'clicks';
  await assert.rejects(client.ListTagsForDeliveryStream({ DeliveryStreamName: 'none' }), NOT_FOUND);
  await plane.create('clicks', { Tags: [{ Key: 'b', Value: '1' }] });
  await client.TagDeliveryStream({ DeliveryStreamName, Tags: [{ Key: 'a' }, { Key: 'b', Value: '2' }] });
  assert.deepEqual(await client.ListTagsForDeliveryStream({ DeliveryStreamName }), {
    Tags: [
      { Key: 'a', Value: '' },
      { Key: 'b', Value: '2' },
    ],
    HasMoreTags: false,
  });
  assert.deepEqual(await client.ListTagsForDeliveryStream({ DeliveryStreamName, Limit: 1 }), {
    Tags: [{ Key: 'a', Value: '' }],
    HasMoreTags: true,
  });
  assert.deepEqual(
    (await client.ListTagsForDeliveryStream({ DeliveryStreamName, ExclusiveStartTagKey: 'a' })).Tags,
    [{ Key: 'b', Value: '2' }],
  );
  await client.UntagDeliveryStream({ DeliveryStreamName, TagKeys: ['a', 'none'] });
  const many = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
  await assert.rejects(client.TagDeliveryStream({ DeliveryStreamName, Tags: many }), {
    name: 'LimitExceededException',
  });
  await client.TagDeliveryStream({ DeliveryStreamName, Tags: many.slice(1) });
  assert.equal((await client.ListTagsForDeliveryStream({ DeliveryStreamName })).Tags.length, 50);
});

test('encryption goes through its states, begins a new key, and keeps the name of the last one', async () => {
  await using plane = await openTestFirehose();
  const { client, keys } = plane;
  const DeliveryStreamName = 'clicks';
  const { id } = await plane.create();
  const described = async () =>
    JSON.parse(
      JSON.stringify(
        (await client.DescribeDeliveryStream({ DeliveryStreamName })).DeliveryStreamDescription
          .DeliveryStreamEncryptionConfiguration,
      ),
    ) as unknown;
  const input = (KeyARN?: string) => ({
    DeliveryStreamName,
    DeliveryStreamEncryptionConfigurationInput: { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN } as const,
  });
  await assert.rejects(
    client.StartDeliveryStreamEncryption(input()),
    error('InvalidArgumentException', 'KeyARN has to be specified when KeyType is CUSTOMER_MANAGED_CMK'),
  );
  await assert.rejects(client.StartDeliveryStreamEncryption(input(KEY.replace(ACCOUNT, '1'.repeat(12)))), {
    name: 'InvalidKMSResourceException',
    members: { code: 'NotFoundException' },
  });
  await assert.rejects(client.StartDeliveryStreamEncryption(input(KEY.replace('us-east-1', 'eu-west-1'))), {
    name: 'InvalidKMSResourceException',
    message: 'Cross-region keys are not allowed for SSE. Please provide CMKs in the same region as firehose',
  });
  const before = keys.sealer(id).keyId;
  await client.StartDeliveryStreamEncryption(input(KEY));
  assert.deepEqual(await described(), { KeyARN: KEY, KeyType: 'CUSTOMER_MANAGED_CMK', Status: 'ENABLING' });
  await assert.rejects(client.StopDeliveryStreamEncryption({ DeliveryStreamName }), {
    name: 'ResourceInUseException',
  });
  const put = () => client.PutRecord({ DeliveryStreamName, Record: { Data: Buffer.from('x') } });
  assert.equal((await put()).Encrypted, false);
  await plane.restart();
  await plane.settle();
  assert.equal(keys.sealer(id).keyId, before + 1);
  assert.equal((await put()).Encrypted, true);
  await client.StopDeliveryStreamEncryption({ DeliveryStreamName });
  assert.deepEqual(await described(), { KeyARN: KEY, KeyType: 'CUSTOMER_MANAGED_CMK', Status: 'DISABLING' });
  await plane.settle();
  assert.deepEqual(await described(), { KeyARN: KEY, KeyType: 'CUSTOMER_MANAGED_CMK', Status: 'DISABLED' });
  await client.StartDeliveryStreamEncryption({ DeliveryStreamName });
  await plane.settle();
  assert.deepEqual(await described(), { KeyType: 'AWS_OWNED_CMK', Status: 'ENABLED' });
  await plane.create('secret', { DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' } });
  assert.equal(plane.stream('secret').encryption.status, 'ENABLED');
});

test('encryption changes 25 times in 24 hours, starts and stops together', async () => {
  await using plane = await openTestFirehose({ limits: { deliveryKeyChangesPerDay: 3 } });
  const { client } = plane;
  const DeliveryStreamName = 'clicks';
  await plane.create();
  for (const name of ['Start', 'Stop', 'Start'] as const) {
    await client[`${name}DeliveryStreamEncryption`]({ DeliveryStreamName });
    await plane.settle();
  }
  await assert.rejects(client.StopDeliveryStreamEncryption({ DeliveryStreamName }), {
    name: 'LimitExceededException',
  });
  await plane.clock.advance(24 * 3_600_000 - 3 * STATE_MS);
  await client.StopDeliveryStreamEncryption({ DeliveryStreamName });
});

test('the control plane takes five calls a second of an operation', async () => {
  const { accountCallsPerSecond } = AWS_LIMITS;
  await using plane = await openTestFirehose({ limits: { accountCallsPerSecond } });
  for (let at = 0; at < 5; at++) await plane.client.ListDeliveryStreams({});
  await assert.rejects(plane.client.ListDeliveryStreams({}), error('ThrottlingException', 'Rate exceeded'));
  await plane.client.ListDeliveryStreams({}, call('111111111111'));
  await plane.clock.advance(200);
  await plane.client.ListDeliveryStreams({});
  for (const name of Object.keys(operations)) {
    assert.equal(accountCallsPerSecond[name], name.startsWith('Put') ? undefined : 5, name);
  }
});
