/** A program of the AWS SDK for JavaScript v3 on Firehose, reported as TAP. Arguments: a label for the cases, and the endpoint. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ConcurrentModificationException,
  CreateDeliveryStreamCommand,
  DeleteDeliveryStreamCommand,
  type DeliveryStreamDescription,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  InvalidArgumentException,
  ListDeliveryStreamsCommand,
  ListTagsForDeliveryStreamCommand,
  PutRecordBatchCommand,
  PutRecordCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  StartDeliveryStreamEncryptionCommand,
  StopDeliveryStreamEncryptionCommand,
  TagDeliveryStreamCommand,
  UntagDeliveryStreamCommand,
  UpdateDestinationCommand,
} from '@aws-sdk/client-firehose';

const [label, endpoint] = process.argv.slice(2);
const DeliveryStreamName = `js-${label}-${process.env['RUN_ID']}`;
const client = new FirehoseClient({ endpoint: endpoint!, region: 'us-east-1' });
let cases = 0;

async function check(name: string, body: () => Promise<void>): Promise<void> {
  cases++;
  try {
    await body();
  } catch (error) {
    process.stdout.write(`not ok ${cases} - ${label}: ${name}\n`);
    throw error;
  }
  process.stdout.write(`ok ${cases} - ${label}: ${name}\n`);
}

async function described(
  isWanted: (description: DeliveryStreamDescription) => boolean,
): Promise<DeliveryStreamDescription> {
  for (const endMs = Date.now() + 30_000; Date.now() < endMs; await sleep(200)) {
    const { DeliveryStreamDescription: found } = await client.send(
      new DescribeDeliveryStreamCommand({ DeliveryStreamName }),
    );
    if (isWanted(found!)) return found!;
  }
  throw new Error('the delivery stream does not become what is wanted');
}

/** A role has to be of the caller's account, which this answer names. */
const account = await client.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: 'none' })).then(
  () => '',
  ({ message }: Error) => /under account (\d{12})/.exec(message)?.[1],
);
const s3 = { RoleARN: `arn:aws:iam::${account}:role/js`, BucketARN: 'arn:aws:s3:::js' };

await check('creates a delivery stream, describes and lists it', async () => {
  const create = () =>
    client.send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName,
        ExtendedS3DestinationConfiguration: {
          ...s3,
          Prefix: 'year=!{timestamp:yyyy}/',
          ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
          CompressionFormat: 'GZIP',
          BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 0 },
        },
        Tags: [{ Key: 'team', Value: 'data' }],
      }),
    );
  const created = await create();
  assert.match(created.DeliveryStreamARN!, /^arn:aws:firehose:us-east-1:\d{12}:deliverystream\/js-/);
  const found = await described(({ DeliveryStreamStatus }) => DeliveryStreamStatus === 'ACTIVE');
  assert.equal(found.DeliveryStreamType, 'DirectPut');
  assert.ok(Math.abs(found.CreateTimestamp!.getTime() - Date.now()) < 60_000);
  const [destination] = found.Destinations!;
  assert.equal(destination!.ExtendedS3DestinationDescription!.CompressionFormat, 'GZIP');
  assert.deepEqual(destination!.ExtendedS3DestinationDescription!.BufferingHints, {
    SizeInMBs: 1,
    IntervalInSeconds: 0,
  });
  const listed = await client.send(
    new ListDeliveryStreamsCommand({ ExclusiveStartDeliveryStreamName: DeliveryStreamName.slice(0, -1) }),
  );
  assert.equal(listed.DeliveryStreamNames![0], DeliveryStreamName);
  await assert.rejects(create(), ResourceInUseException);
});

await check('puts records, one and many', async () => {
  const one = await client.send(
    new PutRecordCommand({ DeliveryStreamName, Record: { Data: Uint8Array.from([0, 255]) } }),
  );
  assert.equal(one.Encrypted, false);
  const Records = Array.from({ length: 500 }, (_, index) => ({ Data: Buffer.from(`record ${index}\n`) }));
  const many = await client.send(new PutRecordBatchCommand({ DeliveryStreamName, Records }));
  assert.equal(many.FailedPutCount, 0);
  const ids = new Set([one.RecordId, ...many.RequestResponses!.map(({ RecordId }) => RecordId)]);
  assert.equal(ids.size, 501);
});

await check('errors are the typed exceptions of the model', async () => {
  await assert.rejects(
    client.send(new PutRecordCommand({ DeliveryStreamName: 'none', Record: { Data: Buffer.from('x') } })),
    (error) => error instanceof ResourceNotFoundException && /Firehose none not found/.test(error.message),
  );
  const Records = Array.from({ length: 5 }, () => ({ Data: new Uint8Array(1_000_000) }));
  await assert.rejects(
    client.send(new PutRecordBatchCommand({ DeliveryStreamName, Records })),
    InvalidArgumentException,
  );
  await assert.rejects(client.send(new ListDeliveryStreamsCommand({ Limit: 0 })), {
    name: 'ValidationException',
  });
});

await check('updates the destination, one version after another', async () => {
  const update = (CurrentDeliveryStreamVersionId: string) =>
    client.send(
      new UpdateDestinationCommand({
        DeliveryStreamName,
        CurrentDeliveryStreamVersionId,
        DestinationId: 'destinationId-000000000001',
        ExtendedS3DestinationUpdate: { CompressionFormat: 'Snappy' },
      }),
    );
  await assert.rejects(update('9'), ConcurrentModificationException);
  await update('1');
  const { Destinations } = await described(({ VersionId }) => VersionId === '2');
  const settings = Destinations![0]!.ExtendedS3DestinationDescription!;
  assert.deepEqual([settings.CompressionFormat, settings.Prefix], ['Snappy', 'year=!{timestamp:yyyy}/']);
});

await check('tags, and takes tags away', async () => {
  await client.send(
    new TagDeliveryStreamCommand({ DeliveryStreamName, Tags: [{ Key: 'cost', Value: 'Käse' }] }),
  );
  await client.send(new UntagDeliveryStreamCommand({ DeliveryStreamName, TagKeys: ['team'] }));
  const { Tags } = await client.send(new ListTagsForDeliveryStreamCommand({ DeliveryStreamName }));
  assert.deepEqual(Tags, [{ Key: 'cost', Value: 'Käse' }]);
});

await check('starts and stops encryption', async () => {
  await client.send(new StartDeliveryStreamEncryptionCommand({ DeliveryStreamName }));
  const status = (wanted: string) =>
    described(({ DeliveryStreamEncryptionConfiguration: found }) => found!.Status === wanted);
  await status('ENABLED');
  const put = new PutRecordCommand({ DeliveryStreamName, Record: { Data: Buffer.from('x') } });
  assert.equal((await client.send(put)).Encrypted, true);
  await client.send(new StopDeliveryStreamEncryptionCommand({ DeliveryStreamName }));
  await status('DISABLED');
});

await check('deletes the delivery stream', async () => {
  await client.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName }));
  await assert.rejects(
    described(({ DeliveryStreamStatus }) => DeliveryStreamStatus !== 'DELETING'),
    ResourceNotFoundException,
  );
});

client.destroy();
process.stdout.write(`1..${cases}\n`);
