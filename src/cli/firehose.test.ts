import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openCliServer } from './cli.testing.ts';

type Server = Awaited<ReturnType<typeof openCliServer>>;

let server: Server;
before(async () => {
  server = await openCliServer(['--limits', 'none']);
});
after(() => server[Symbol.asyncDispose]());

test('a delivery stream lives from create to delete', async () => {
  const created = await server.run([
    ...['firehose', 'create', 'clicks', '--bucket', 'lake', '--prefix', 'clicks/'],
    ...['--compression', 'GZIP', '--buffer-seconds', '60'],
  ]);
  assert.deepEqual(created, { status: 0, output: '', errors: 'Created clicks.\n' });
  const described = await server.run(['firehose', 'describe', 'clicks', '--json']);
  const { DeliveryStreamStatus, Destinations } = JSON.parse(described.output);
  assert.equal(DeliveryStreamStatus, 'ACTIVE');
  const s3 = Destinations[0].ExtendedS3DestinationDescription;
  assert.deepEqual(s3.BufferingHints, { SizeInMBs: 5, IntervalInSeconds: 60 });
  assert.equal(s3.RoleARN, 'arn:aws:iam::000000000000:role/millrace');
  const { output } = await server.run(['firehose', 'describe', 'clicks']);
  assert.match(output, /^Source +DirectPut$/m);
  assert.match(output, /^Destination: ExtendedS3$/m);
  assert.match(output, /"Prefix": "clicks\/"/);
  assert.equal((await server.run(['firehose', 'list'])).output, 'clicks\n');

  const lines = Array.from({ length: 1200 }, (_, index) => `line ${index}`);
  const put = await server.run(['firehose', 'put', 'clicks', '--json'], `${lines.join('\n')}\n\n`);
  assert.match(put.errors, /^1,200 records, /);
  assert.equal(JSON.parse(put.output).bytes, lines.join('\n').length + 1);
  const one = await server.run(['firehose', 'put', 'clicks', '--data', 'one']);
  assert.match(one.errors, /^1 record, 3 B/);

  assert.equal((await server.run(['firehose', 'delete', 'clicks'])).errors, 'Deleted clicks.\n');
  assert.equal((await server.run(['firehose', 'list', '--json'])).output, '[]\n');
});

test('a delivery stream reads a stream, and delivers to an HTTP endpoint', async () => {
  await server.run(['stream', 'create', 'orders']);
  const flags = ['--bucket', 'lake', '--stream', 'orders', '--http', 'https://collector.example/in'];
  const created = await server.run(['firehose', 'create', 'orders', ...flags]);
  assert.equal(created.status, 0, created.errors);
  const { output } = await server.run(['firehose', 'describe', 'orders']);
  assert.match(output, /^Source +arn:aws:kinesis:us-east-1:000000000000:stream\/orders$/m);
  assert.match(output, /^Destination: HttpEndpoint$/m);
  const put = await server.run(['firehose', 'put', 'orders', '--data', 'x']);
  assert.equal(put.status, 1);
  assert.match(put.errors, /not permitted on KinesisStreamAsSource/);
});

test('what cannot be created is said', async () => {
  assert.equal((await server.run(['firehose', 'create', 'x', '--http', 'https://a.example'])).status, 2);
  assert.equal(
    (await server.run(['firehose', 'create', 'x', '--bucket', 'b', '--buffer-mb', 'two'])).status,
    2,
  );
  assert.equal((await server.run(['firehose', 'create', 'x', '--config', '/nowhere.json'])).status, 2);
  const none = await server.run(['firehose', 'create', 'x']);
  assert.equal(none.status, 2);
  assert.match(none.errors, /Say where to deliver to: --bucket NAME/);
  const missing = await server.run(['firehose', 'create', 'x', '--bucket', 'b', '--stream', 'none']);
  assert.match(missing.errors, /Stream none under account 000000000000 not found/);
});

test('buckets are created and listed, and objects read', async () => {
  assert.match((await server.run(['bucket', 'list'])).errors, /^No buckets/);
  assert.equal((await server.run(['bucket', 'create', 'pond'])).errors, 'Created pond.\n');
  assert.match((await server.run(['bucket', 'list'])).output, /^pond +20/m);
  const again = await server.run(['bucket', 'create', 'pond']);
  assert.equal(again.status, 1);
  assert.match(again.errors, /BucketAlreadyOwnedByYou|already/);
  assert.equal((await server.run(['bucket', 'list', 'pond'])).errors, 'No objects.\n');
  assert.match((await server.run(['bucket', 'list', 'none'])).errors, /NoSuchBucket|does not exist/);
  assert.match((await server.run(['bucket', 'get', 'pond', 'none'])).errors, /key does not exist/);
});

test('records are delivered, watched, read back, and put once more when they failed', async () => {
  await server.run(['bucket', 'create', 'sea']);
  const created = await server.run([
    ...['firehose', 'create', 'waves', '--bucket', 'sea', '--compression', 'GZIP', '--buffer-seconds', '0'],
  ]);
  assert.equal(created.status, 0, created.errors);
  await server.run(['firehose', 'put', 'waves', '--data', 'a wave']);
  const watching = async () =>
    JSON.parse((await server.run(['firehose', 'watch', 'waves', '--once', '--json'])).output);
  while ((await watching()).Lanes.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const page = (await server.run(['firehose', 'watch', 'waves'])).output;
  assert.match(page, /^waves: ACTIVE, /);
  assert.match(page, /^read 1 records, 6 B; dropped 0, failed 0, lost 0; 0 retries$/m);
  assert.match(page, /^main +1 +1 +/m);
  const [object] = JSON.parse((await server.run(['bucket', 'list', 'sea', '--json'])).output);
  assert.match((await server.run(['bucket', 'list', 'sea'])).output, /waves-1-.*\.gz$/m);
  assert.equal((await server.run(['bucket', 'get', 'sea', object.key, '--gunzip'])).output, 'a wave');

  const retried = await server.run(['firehose', 'retry', 'waves', '--json']);
  assert.deepEqual(JSON.parse(retried.output), { objects: 0, records: 0, bytes: 0, skippedObjects: 0 });
  assert.equal(retried.errors, 'Put once more: 0 records, 0 B, of 0 objects.\n');
  await server.run(['bucket', 'create', 'lake']);
  const reading = await server.run(['firehose', 'retry', 'orders']);
  assert.equal(reading.errors, 'Put once more: 0 records, 0 B, of 0 objects.\n');
  await server.run(['stream', 'delete', 'orders']);
  const refused = await server.run(['firehose', 'retry', 'orders']);
  assert.match(refused.errors, /The stream that Firehose orders reads is not there/);
});
