import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AWS_LIMITS, NO_LIMITS } from './limits.ts';
import { START_FLAGS } from './options.ts';
import { readConfig } from './read-config.ts';

const noFile = (): never => assert.fail('no file was named');
const read = (
  args: string[],
  environment: Record<string, string> = {},
  file = noFile as (path: string) => string,
) => readConfig(args, { HOME: '/home/ada', ...environment }, file);
const usage = (message: string) => ({ name: 'UsageError', message });

test('without flags: loopback, port 4567, fsync, the limits of AWS', () => {
  const config = read([]);
  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.port, 4567);
  assert.equal(config.dataDirectory, '/home/ada/.local/share/millrace');
  assert.equal(config.durability, 'fsync');
  assert.deepEqual(config.limits, AWS_LIMITS);
  assert.equal(config.account, '000000000000');
  assert.deepEqual(config.initializeStreams, []);
  assert.ok(Object.isFrozen(config));
});

test('flags win over the environment, and that over the file', () => {
  const file = () => JSON.stringify({ port: 1, region: 'eu-west-1', account: '111111111111' });
  const config = read(
    ['--config', 'c.json', '--port', '3'],
    { MILLRACE_PORT: '2', AWS_REGION: 'eu-north-1', MILLRACE_ACCOUNT: '' },
    file,
  );
  assert.equal(config.port, 3);
  assert.equal(config.region, 'eu-north-1');
  assert.equal(config.account, '111111111111');
});

test('every limit has a flag of its own, also on top of none', () => {
  const config = read([
    ...['--limits', 'none', '--limit-shard-reads-per-second', '7', '--limit-shards-per-account', 'none'],
    ...['--limit-account-calls-per-second', 'CreateStream=1,ListStreams=none'],
  ]);
  assert.deepEqual(config.limits, {
    ...NO_LIMITS,
    shardReadsPerSecond: 7,
    accountCallsPerSecond: { CreateStream: 1, ListStreams: Infinity },
  });
  for (const name of Object.keys(AWS_LIMITS)) {
    const flag = `limit-${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    assert.ok(
      START_FLAGS.some((known) => known.name === flag),
      flag,
    );
  }
});

test('INITIALIZE_STREAMS: 4 shards and the own region unless said', () => {
  const config = read([], { INITIALIZE_STREAMS: 'a,b:2, c:1:eu-west-1 ,', AWS_REGION: 'us-west-2' });
  assert.deepEqual(config.initializeStreams, [
    { name: 'a', shards: 4, region: 'us-west-2' },
    { name: 'b', shards: 2, region: 'us-west-2' },
    { name: 'c', shards: 1, region: 'eu-west-1' },
  ]);
  assert.throws(
    () => read([], { INITIALIZE_STREAMS: 'a:0' }),
    usage("INITIALIZE_STREAMS must look like name:shards:region,…: 'a:0' does not."),
  );
});

test('what is wrong is said with the name that it was given by', () => {
  assert.throws(
    () => read(['--port', '70000']),
    usage("--port must be an integer from 0 to 65535, not '70000'."),
  );
  assert.throws(
    () => read([], { MILLRACE_PORT: 'x' }),
    usage("MILLRACE_PORT must be an integer from 0 to 65535, not 'x'."),
  );
  assert.throws(() => read(['--limits', 'some']), usage("--limits must be one of aws, none, not 'some'."));
  assert.throws(
    () => read(['--account', '12']),
    usage("--account must be an account number of 12 digits, not '12'."),
  );
  assert.throws(() => read(['now']), usage("millrace start takes flags only, not 'now'."));
  assert.throws(
    () => read(['--tls-cert', 'a.pem']),
    usage('--tls-cert and --tls-key are only useful together.'),
  );
  assert.throws(
    () => read(['--config', 'c.json'], {}, () => '{"prot":1}'),
    usage("Unknown member 'prot' in c.json. Did you mean 'port'?"),
  );
  assert.throws(
    () => read(['--limit-shard-reads-per-second', '0']),
    usage("--limit-shard-reads-per-second must be a whole number above 0, or none, not '0'."),
  );
});

test('off loopback somebody has to say who may call', () => {
  for (const host of ['0.0.0.0', '::', 'millrace.example.org', '10.0.0.1']) {
    assert.throws(() => read(['--host', host]), /--credentials FILE must say who may call/);
    assert.equal(read(['--host', host, '--credentials', 'keys']).host, host);
  }
  for (const host of ['127.0.0.1', '127.1.2.3', '::1', 'localhost'])
    assert.equal(read(['--host', host]).host, host);
});

test('a master key is given in one way', () => {
  assert.equal(read([], { MILLRACE_MASTER_KEY: 'secret' }).masterKey, 'secret');
  assert.throws(
    () => read(['--master-key', 'file'], { MILLRACE_MASTER_KEY: 'secret' }),
    (error: Error) => !error.message.includes('secret'),
  );
});
