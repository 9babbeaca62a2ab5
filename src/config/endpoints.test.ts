import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '../base/flags.ts';
import {
  bucketEndpoint,
  functionEndpoint,
  hostEndpoint,
  parseEndpoints,
  refusedAddresses,
} from './endpoints.ts';

const PEM = '-----BEGIN CERTIFICATE-----\n…';
const files = new Map([
  ['/etc/millrace/ca.pem', PEM],
  ['/etc/millrace/not.pem', 'x'],
]);
const parse = (content: unknown) =>
  parseEndpoints(
    typeof content === 'string' ? content : JSON.stringify(content),
    '/etc/millrace/endpoints.json',
    (file) => files.get(file) ?? assert.fail(`ENOENT ${file}`),
  );
const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:clean';

describe('The endpoints file', () => {
  it('maps what it names', () => {
    const keys = { accessKeyId: 'AK', secretAccessKey: 'SK' };
    const endpoints = parse({
      buckets: {
        '*': { url: 'https://minio:9000/', certificateAuthorityFile: 'ca.pem', credentials: keys },
        own: { url: 'http://10.0.0.1', region: 'eu-west-1', addressing: 'virtual-host' },
      },
      hosts: { 'Collector.example.com:8088': { url: 'https://127.0.0.1:8088' } },
      domains: {
        'arn:aws:es:us-east-1:123456789012:domain/logs': {
          url: 'http://127.0.0.1:9200',
          credentials: { user: 'admin', password: 'x' },
        },
      },
      databases: { 'c.abc.redshift.amazonaws.com': { url: 'postgresql://db:5432', load: 'copy-from-stdin' } },
      functions: { [FUNCTION]: { url: 'http://localhost:3001', credentials: keys } },
    });
    assert.deepEqual(bucketEndpoint(endpoints, 'any'), {
      url: 'https://minio:9000',
      certificateAuthority: PEM,
      region: 'us-east-1',
      addressing: 'path',
      credentials: { ...keys, sessionToken: undefined },
    });
    assert.equal(bucketEndpoint(endpoints, 'own')?.addressing, 'virtual-host');
    assert.equal(hostEndpoint(endpoints.hosts, 'collector.EXAMPLE.com', 8088)?.url, 'https://127.0.0.1:8088');
    assert.equal(hostEndpoint(endpoints.hosts, 'collector.example.com', 443), undefined);
    assert.equal(
      hostEndpoint(endpoints.databases, 'c.abc.redshift.amazonaws.com', 5439)?.load,
      'copy-from-stdin',
    );
    assert.equal(functionEndpoint(endpoints, `${FUNCTION}:live`)?.url, 'http://localhost:3001');
    assert.equal(functionEndpoint(endpoints, `${FUNCTION}2`), undefined);
    assert.equal(parse({}).buckets.size, 0);
  });

  const WRONG: readonly (readonly [unknown, string])[] = [
    ['{\n"buckets": {,}\n}', 'endpoints.json:2 is not JSON'],
    ['[]', 'endpoints.json: the file must be a JSON object.'],
    [{ bucket: {} }, 'endpoints.json: bucket is not known; perhaps "buckets" was meant.'],
    [{ buckets: { Own: {} } }, 'buckets."Own" must be named by a bucket, or *.'],
    [{ buckets: { own: 'http://x' } }, 'buckets."own" must be a JSON object.'],
    [{ buckets: { own: {} } }, 'buckets."own".url is missing'],
    [
      { buckets: { own: { url: 'ftp://x' } } },
      'buckets."own".url must be a URL that begins with http:// or https://.',
    ],
    [{ hosts: { h: { url: 'https://u:p@x' } } }, 'hosts."h".url must not hold credentials.'],
    [{ hosts: { h: { url: 'https://x/?a=b' } } }, 'hosts."h".url must not have a query'],
    [{ hosts: { h: { url: 'https://x', region: 'r' } } }, 'hosts."h".region is not known.'],
    [
      { buckets: { own: { url: 'http://x', credentials: { accessKeyId: 'a' } } } },
      'buckets."own".credentials.secretAccessKey is missing.',
    ],
    [
      { hosts: { h: { url: 'https://x', certificateAuthorityFile: 'none.pem' } } },
      'hosts."h".certificateAuthorityFile cannot be read: ENOENT /etc/millrace/none.pem.',
    ],
    [
      { hosts: { h: { url: 'https://x', certificateAuthorityFile: 'not.pem' } } },
      'hosts."h".certificateAuthorityFile holds no certificate in PEM',
    ],
    [
      { databases: { d: { url: 'http://x' } } },
      'databases."d".url must be a URL that begins with postgres://',
    ],
    [
      { functions: { clean: { url: 'http://x' } } },
      'functions."clean" must be named by an ARN of a function, or *.',
    ],
  ];
  for (const [content, message] of WRONG) {
    it(`is refused: ${message}`, () => {
      assert.throws(
        () => parse(content),
        (error) =>
          error instanceof UsageError &&
          error.message.includes(message) &&
          error.message.includes('endpoints.json'),
      );
    });
  }

  it('is what opens private addresses to a server that others can reach', () => {
    assert.equal(refusedAddresses('127.0.0.1'), undefined);
    assert.equal(refusedAddresses('0.0.0.0')?.('169.254.169.254'), true);
    assert.equal(refusedAddresses('0.0.0.0')?.('8.8.8.8'), false);
  });
});
