import assert from 'node:assert/strict';
import { PassThrough, Readable, Writable } from 'node:stream';
import { after, before, test } from 'node:test';
import { openCliServer, runCli } from './cli.testing.ts';

type Server = Awaited<ReturnType<typeof openCliServer>>;

let server: Server;
before(async () => {
  server = await openCliServer(['--limits', 'none']);
});
after(() => server[Symbol.asyncDispose]());

test('a stream lives from create to delete', async () => {
  assert.deepEqual(await server.run(['stream', 'create', 'life', '--shards', '2']), {
    status: 0,
    output: '',
    errors: 'Created life.\n',
  });
  const described = await server.run(['stream', 'describe', 'life', '--json']);
  const summary = JSON.parse(described.output) as { StreamStatus: string; Shards: { ShardId: string }[] };
  assert.equal(summary.StreamStatus, 'ACTIVE');
  assert.equal(summary.Shards.length, 2);

  assert.equal((await server.run(['stream', 'split', 'life', '0'])).status, 0);
  assert.equal((await server.run(['stream', 'merge', 'life', '2', '3'])).status, 0);
  assert.equal((await server.run(['stream', 'scale', 'life', '4'])).status, 0);
  const { output } = await server.run(['stream', 'describe', 'life']);
  assert.match(output, /^Open shards {2}4$/m);
  assert.match(output, /^shardId-000000000004 +closed .*shardId-000000000002, shardId-000000000003$/m);

  assert.match((await server.run(['stream', 'list'])).output, /^life +ACTIVE +PROVISIONED/m);
  assert.equal((await server.run(['stream', 'delete', 'life'])).errors, 'Deleted life.\n');
  assert.equal((await server.run(['stream', 'list', '--json'])).output, '[]\n');
});

test('what put takes from a pipe, tail prints: through a split, and in order within a key', async () => {
  await server.run(['stream', 'create', 'pipe']);
  const lines = Array.from({ length: 1200 }, (_, index) => `line ${index}`);
  const put = await server.run(['stream', 'put', 'pipe', '--partition-key', 'k'], `${lines.join('\n')}\n\n`);
  assert.equal(put.status, 0);
  assert.match(put.errors, /^1,200 records, 9\.5 KiB in /);
  await server.run(['stream', 'split', 'pipe', '0']);
  await server.run(['stream', 'put', 'pipe', '--partition-key', 'k', '--data', 'two\nlines']);

  const tail = await server.run(['stream', 'tail', 'pipe', '--from', 'trim-horizon', '--no-follow']);

  assert.deepEqual(tail.output, [...lines, 'two\nlines', ''].join('\n'));
});

test('JSON goes around: tail --json into put --format json', async () => {
  await server.run(['stream', 'create', 'json-a']);
  await server.run(['stream', 'create', 'json-b']);
  const input = [
    { data: 'text', partitionKey: 'a' },
    { dataBase64: '//4=', partitionKey: 'b', explicitHashKey: '7' },
    { data: { nested: [1] } },
  ];
  const put = await server.run(
    ['stream', 'put', 'json-a', '--format', 'json', '--json'],
    input.map((value) => JSON.stringify(value)).join('\n'),
  );
  assert.deepEqual(JSON.parse(put.output), { records: 3, bytes: 20, retries: 0 });
  const all = ['--json', '--from', 'trim-horizon', '--no-follow'];
  const first = await server.run(['stream', 'tail', 'json-a', ...all]);
  await server.run(['stream', 'put', 'json-b', '--format', 'json'], first.output);
  const second = await server.run(['stream', 'tail', 'json-b', ...all]);

  const contents = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { data?: string; dataBase64?: string; partitionKey: string })
      .map(({ data, dataBase64, partitionKey }) => ({ data, dataBase64, partitionKey }))
      .toSorted((left, right) => left.partitionKey.localeCompare(right.partitionKey));
  assert.deepEqual(contents(second.output), contents(first.output));
  assert.deepEqual(
    contents(second.output)
      .map(({ data, dataBase64 }) => data ?? dataBase64)
      .toSorted(),
    ['//4=', 'text', '{"nested":[1]}'],
  );
});

test('a slow pipe is not kept waiting, and a running tail follows a reshard until it is interrupted', async () => {
  await server.run(['stream', 'create', 'live']);
  const tail = server.begin(['stream', 'tail', 'live', '--from', 'trim-horizon']);
  const input = new PassThrough();
  const put = server.begin(['stream', 'put', 'live', '--partition-key', 'k'], input);
  input.write('before\n');
  await printed(tail.output, 'before\n');
  await server.run(['stream', 'split', 'live', '0']);
  input.write('after\n');
  await printed(tail.output, 'after\n');
  input.end('end');
  assert.equal((await put.finished).status, 0);
  await printed(tail.output, 'end\n');
  tail.interrupt();
  assert.deepEqual(await tail.finished, { status: 130, output: 'before\nafter\nend\n', errors: '' });
});

test('tail begins at a time, and ends after a count', async () => {
  await server.run(['stream', 'create', 'times']);
  await server.run(['stream', 'put', 'times', '--partition-key', 'k'], 'a\nb\nc\n');
  const ago = await server.run(['stream', 'tail', 'times', '--from', '1h', '-n', '2']);
  assert.equal(ago.output, 'a\nb\n');
  const long = await server.run([
    'stream',
    'tail',
    'times',
    '--from',
    '2026-01-01T00:00:00Z',
    '-n',
    '1',
    '--long',
  ]);
  assert.match(long.output, /^\d{4}-\d\d-\d\dT[\d:.]+Z {2}shardId-000000000000 {2}k {2}a\n$/);
});

test('a put that is interrupted says how far it came', async () => {
  await server.run(['stream', 'create', 'stopped']);
  const put = server.begin(['stream', 'put', 'stopped'], Readable.from(endless()));
  const tail = server.begin(['stream', 'tail', 'stopped', '--from', 'trim-horizon', '-n', '1']);
  await tail.finished;
  put.interrupt();
  const { status, errors } = await put.finished;
  assert.equal(status, 130);
  assert.match(errors, /^[1-9][\d,]* records, /);
});

test('a reader that goes away ends the command quietly', async () => {
  await server.run(['stream', 'create', 'gone']);
  await server.run(['stream', 'put', 'gone'], 'a\nb\n');
  const broken = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    highWaterMark: 1,
  });
  const environment = { HOME: '/nowhere', AWS_ENDPOINT_URL: server.url };
  const tail = runCli(['stream', 'tail', 'gone', '--from', 'trim-horizon'], { environment, output: broken });
  const { status, errors } = await tail.finished;
  assert.deepEqual([status, errors], [0, '']);
});

test('mistakes are told in words, with a status', async () => {
  const ran = async (...args: string[]) => {
    const { status, errors } = await server.run(args);
    return [status, errors];
  };
  assert.deepEqual(await ran('stream', 'describe', 'absent'), [
    1,
    'ResourceNotFoundException: Stream absent under account 000000000000 not found.\n' +
      'The streams of this account and region: millrace stream list\n',
  ]);
  assert.deepEqual(await ran('stream', 'puts', 'a'), [
    2,
    "There is no command 'millrace stream puts'. Did you mean 'millrace stream put'?\n",
  ]);
  assert.deepEqual(await ran('put', 'a'), [
    2,
    "There is no command 'millrace put a'. Did you mean 'millrace stream put'?\n",
  ]);
  assert.deepEqual(await ran('status', '--data', ''), [2, '--data has an empty value: --data DIR\n']);
  assert.match((await server.run(['help', 'stream', 'put'])).output, /^millrace stream put NAME/);
  assert.deepEqual(await ran('stream', 'create'), [
    2,
    'Something is missing: millrace stream create NAME [flags]\n',
  ]);
  assert.deepEqual(await ran('stream', 'create', 'a', 'b'), [
    2,
    "'b' is too much: millrace stream create NAME [flags]\n",
  ]);
  assert.deepEqual(await ran('stream', 'create', 'a', '--shrads', '2'), [
    2,
    'Unknown flag --shrads. Did you mean --shards?\n',
  ]);
  assert.deepEqual(await ran('stream', 'list', '--endpoint-url', 'http://127.0.0.1:9'), [
    3,
    'Nothing answers at http://127.0.0.1:9. Is the server running? (millrace start)\n',
  ]);
  const [status, errors] = await ran('stream', 'put', 'a', '/no/such/file');
  assert.deepEqual([status, errors], [2, 'There is no file /no/such/file.\n']);
});

test('base64 that is none is refused, and bytes that are no text come out as they went in', async () => {
  await server.run(['stream', 'create', 'bytes']);
  const refused = await server.run(['stream', 'put', 'bytes', '--format', 'json'], '{"dataBase64":"%%%"}\n');
  assert.deepEqual(
    [refused.status, refused.errors],
    [2, 'Line 1: "dataBase64" must be a string in base64.\n'],
  );

  await server.run(['stream', 'put', 'bytes', '--format', 'json'], '{"dataBase64":"/wD+"}\n');
  const output = new PassThrough();
  await runCli(['stream', 'tail', 'bytes', '--from', 'trim-horizon', '--no-follow'], {
    environment: { HOME: '/nowhere', AWS_ENDPOINT_URL: server.url },
    output,
  }).finished;
  assert.deepEqual(output.read(), Buffer.from([0xff, 0x00, 0xfe, 0x0a]));
});

test('every command has help', async () => {
  const { CLIENT_COMMANDS } = await import('./commands.ts');
  for (const { words } of CLIENT_COMMANDS) {
    const { status, output } = await server.run([...words, '--help']);
    assert.equal(status, 0);
    assert.ok(output.startsWith(`millrace ${words.join(' ')}`), output);
  }
  const overview = await server.run(['--help']);
  assert.equal(overview.status, 0);
  assert.match(overview.output, /^ {2}millrace stream put {5}/m);
});

test('the page for other tools says that it runs; metrics count what was asked', async () => {
  const health = (await (await fetch(`${server.url}/_localstack/health`)).json()) as { services: object };
  assert.deepEqual(health.services, { kinesis: 'running' });
  await server.run(['stream', 'create', 'measured']);
  await server.run(['stream', 'put', 'measured'], 'a\nb\nc\n');
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  const labels = 'account="000000000000",region="us-east-1",stream="measured"';
  assert.ok(metrics.includes(`\nmillrace_stream_records_in_total{${labels}} 3\n`), metrics);
  assert.ok(metrics.includes(`\nmillrace_stream_open_shards{${labels}} 1\n`), metrics);
  assert.match(
    metrics,
    /^millrace_requests_total\{service="kinesis",operation="CreateStream",status="200"\} \d+$/m,
  );
});

async function* endless(): AsyncGenerator<Buffer> {
  for (let number = 0; ; number++) {
    yield Buffer.from(`${number}\n`.repeat(100));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Resolves when the text has appeared in the output. */
async function printed(output: PassThrough, text: string): Promise<void> {
  let seen = '';
  await new Promise<void>((resolve) => {
    const look = (chunk: Buffer): void => {
      seen += chunk.toString();
      if (!seen.includes(text)) return;
      output.off('data', look);
      resolve();
    };
    output.on('data', look);
  });
}
