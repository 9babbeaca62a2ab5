import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, openTestFirehose, S3 } from '../firehose.testing.ts';

const DeliveryStreamName = 'clicks';
const PLAIN = { contentType: 'application/octet-stream' };
const SOON = {
  ExtendedS3DestinationConfiguration: { ...S3, BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 } },
};

async function open() {
  const plane = await openTestFirehose();
  await plane.objects.createBucket('lake');
  await plane.create('clicks', SOON);
  const { handlers } = plane.firehose.operatorService;
  return {
    plane,
    describe: async () => handlers.DescribeDelivery({ DeliveryStreamName }, call()),
    retry: async (input: object = {}) => handlers.RetryErrors({ DeliveryStreamName, ...input }, call()),
    texts: async () => {
      const { objects } = await plane.objects.list('lake', '2026/', '', 1000);
      const bodies = objects.map(async ({ key }) => (await plane.objects.get('lake', key)).body);
      return (await Promise.all(bodies)).map((body) => Buffer.from(body).toString());
    },
    [Symbol.asyncDispose]: () => plane[Symbol.asyncDispose](),
  };
}

test('what is gathered and what was delivered is told', async () => {
  await using opened = await open();
  const { plane } = opened;
  const Records = ['a', 'b'].map((text) => ({ Data: Buffer.from(text) }));
  await plane.client.PutRecordBatch({ DeliveryStreamName, Records });
  await plane.settle();
  const before = await opened.describe();
  assert.deepEqual(before.Buffers, [{ Lane: 'main', Partition: undefined, Records: 2, Bytes: 2 }]);
  assert.deepEqual([before.RecordsRead, before.BytesRead, before.BufferCount], [2, 2, 1]);
  await plane.clock.advance(60_000);
  await plane.settle();
  const after = await opened.describe();
  assert.deepEqual(after.Lanes, [{ Lane: 'main', Deliveries: 1, Records: 2, Bytes: 2 }]);
  assert.deepEqual([after.BufferCount, after.DeliveryCount, after.Errors], [0, 0, []]);
  assert.deepEqual(await opened.texts(), ['ab']);
});

test('what failed is put once more, and its objects go', async () => {
  await using opened = await open();
  const { plane } = opened;
  const { objects, clock } = plane;
  const name = (number: number) =>
    `processing-failed/2026/11/24/12/clicks-1-2026-11-24-12-00-00-fe27867a-c778-4121-a922-78f561ee1ad${number}`;
  const line = (text: string) => JSON.stringify({ rawData: Buffer.from(text).toString('base64') });
  await objects.put('lake', name(1), Buffer.from(`${line('x')}\n${line('yy')}\n`), PLAIN);
  await objects.put('lake', name(2), Buffer.from('not an error record\n'), PLAIN);
  await objects.put('lake', 'processing-failed/mine', Buffer.from(`${line('z')}\n`), PLAIN);

  assert.equal((await opened.retry({ ErrorOutputType: 'splunk-failed' })).Objects, 0);
  assert.equal((await opened.retry({ Before: clock.now() - 1000 })).Objects, 0);
  const counted = { Objects: 1, Records: 2, Bytes: 3, SkippedObjects: 1, Before: clock.now() };
  assert.deepEqual(await opened.retry({ DryRun: true }), { ...counted, NextKey: undefined });
  await objects.head('lake', name(1));
  assert.deepEqual(await opened.retry(), { ...counted, NextKey: undefined });
  await assert.rejects(objects.head('lake', name(1)), { code: 'NoSuchKey' });
  await objects.head('lake', name(2));
  await objects.head('lake', 'processing-failed/mine');
  await plane.settle();
  await clock.advance(60_000);
  await plane.settle();
  assert.deepEqual(await opened.texts(), ['xyy']);
});

test('a call takes some objects, and says where the next one goes on', async () => {
  await using opened = await open();
  const { objects } = opened.plane;
  for (let number = 0; number < 45; number++) {
    const uuid = `fe27867a-c778-4121-a922-${String(number).padStart(12, '0')}`;
    const key = `processing-failed/2026/11/24/12/clicks-1-2026-11-24-12-00-00-${uuid}`;
    await objects.put('lake', key, Buffer.from('{"rawData":"eA=="}\n'), PLAIN);
  }
  const counts: number[] = [];
  for (let StartAfter: string | undefined; ;) {
    const answer = await opened.retry({ StartAfter });
    counts.push(answer.Objects);
    StartAfter = answer.NextKey;
    if (StartAfter === undefined) break;
  }
  assert.deepEqual(counts, [20, 20, 5]);
});

test('a missing bucket and a delivery stream that is not there are said', async () => {
  await using plane = await openTestFirehose();
  await plane.create('clicks', SOON);
  const { handlers } = plane.firehose.operatorService;
  const retry = async (name: string) => handlers.RetryErrors({ DeliveryStreamName: name }, call());
  await assert.rejects(retry('clicks'), { name: 'NoSuchBucket', status: 400 });
  await assert.rejects(retry('none'), { name: 'ResourceNotFoundException' });
  const other = async () => handlers.RetryErrors({ DeliveryStreamName }, call('111111111111'));
  await assert.rejects(other(), { name: 'AssertionError' }, 'only the keeper of the server');
});
