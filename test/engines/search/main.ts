/** The search destination at OpenSearch or Elasticsearch. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { createAuthenticate } from '../../../src/access/authenticate.ts';
import { rootOf } from '../../../src/access/credentials.ts';
import { NO_ENDPOINTS, type DomainEndpoint } from '../../../src/config/endpoints.ts';
import type { Delivery } from '../../../src/firehose/delivery/destination.ts';
import { deliveryOf, failedRecordOf } from '../../../src/firehose/destinations/deliveries.testing.ts';
import {
  createSearchDestination,
  type SearchSettings,
} from '../../../src/firehose/destinations/search/search-destination.ts';
import { createRealHost } from '../../../src/host/real/host.ts';
import { BACKUP, HINTS, openMillrace, until } from '../millrace.ts';
import { told } from '../told.ts';

const ARN = 'arn:aws:es:us-east-1:123456789012:domain/logs';
const KEYS = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret', sessionToken: undefined };
const isElastic = told('SEARCH_NAME') === 'elasticsearch';
const host = createRealHost();
after(() => host.http.close());

type Settings = Partial<Extract<SearchSettings, { kind: 'Elasticsearch' }>['settings']>;

function open(IndexName: string, more: Settings = {}, endpoint: Partial<DomainEndpoint> = {}) {
  const settings = {
    DomainARN: ARN,
    IndexName,
    IndexRotationPeriod: 'NoRotation',
    RetryOptions: { DurationInSeconds: 300 },
    ...more,
  };
  const kind = isElastic ? 'Elasticsearch' : 'Amazonopensearchservice';
  const domain = {
    url: told('SEARCH_URL'),
    certificateAuthority: undefined,
    credentials: undefined,
    ...endpoint,
  };
  return createSearchDestination({ kind, settings } as unknown as SearchSettings, {
    ...host,
    endpoints: { ...NO_ENDPOINTS, domains: new Map([[ARN, domain]]) },
    refusesAddress: undefined,
    deliveryStream: { id: 'stream-1', region: 'us-east-1' },
  });
}

const attempt = (
  destination: ReturnType<typeof open>,
  texts: readonly string[],
  more: Partial<Delivery> = {},
) => destination.attempt(deliveryOf(texts, more), new AbortController().signal);

async function ask(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(told('SEARCH_URL') + path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const value = (await answer.json()) as Record<string, unknown>;
  assert.ok(answer.ok, JSON.stringify(value));
  return value;
}

async function countOf(index: string): Promise<unknown> {
  await ask('POST', `/${index}/_refresh`);
  return (await ask('GET', `/${index}/_count`))['count'];
}

describe(told('SEARCH_NAME'), () => {
  it('has each document once under its id, however often it is sent', async () => {
    const destination = open('once');
    const texts = Array.from({ length: 2_000 }, (_, n) => `{"n":${n},"text":"größe \\"${n}\\""}\n`);
    for (let times = 0; times < 2; times++) {
      assert.deepEqual(await attempt(destination, texts), { kind: 'done', refused: [] });
    }
    assert.equal(await countOf('once'), 2_000);
    const id = destination.errorRecord(failedRecordOf(texts[0]!))['esDocumentId'] as string;
    const found = await ask('GET', `/once/_doc/${id}`);
    assert.deepEqual(found['_source'], { n: 0, text: 'größe "0"' });
  });

  it('gives ids of its own where it is left to', async () => {
    const options: Settings = { DocumentIdOptions: { DefaultDocumentIdFormat: 'NO_DOCUMENT_ID' } };
    for (let times = 0; times < 2; times++) await attempt(open('twice', options), ['{"n":1}']);
    assert.equal(await countOf('twice'), 2);
  });

  it('rotates indices', async () => {
    await attempt(open('rotated', { IndexRotationPeriod: 'OneHour' }), ['{"n":1}']);
    assert.equal(await countOf('rotated-2016-02-25-13'), 1);
  });

  it('refuses single documents, which go to the error output', async () => {
    await ask('PUT', '/mapped', { mappings: { properties: { at: { type: 'date' } } } });
    const texts = [
      '{"at":"2026-11-24"}',
      '{"at":"no date"}',
      '{"_id":"own"}',
      '{"at":{}}}',
      '{"at":"2026-11-25"}',
    ];
    const outcome = await attempt(open('mapped'), texts);
    assert.ok(outcome.kind === 'done');
    assert.deepEqual(
      outcome.refused.map(({ index, error }) => [index, error.code]),
      [
        [1, '400'],
        [2, '400'],
        [3, '400'],
      ],
    );
    for (const { error } of outcome.refused) assert.match(error.message, /"type":"mapper_parsing_exception"/);
    assert.equal(await countOf('mapped'), 2);
  });

  it('is tried again while an index is blocked, with those documents only', async () => {
    await ask('PUT', '/blocked', { settings: { 'index.blocks.write': true } });
    const destination = open('blocked');
    const texts = ['{"n":1}', '{"n":2}'];
    const outcome = await attempt(destination, texts);
    assert.ok(outcome.kind === 'retry');
    assert.deepEqual(outcome.remaining, [0, 1]);
    assert.match(outcome.error.message, /cluster_block_exception/);
    await ask('PUT', '/blocked/_settings', { 'index.blocks.write': false });
    const { remaining } = outcome;
    assert.equal((await attempt(destination, texts, { remaining, attempt: 2 })).kind, 'done');
    assert.equal(await countOf('blocked'), 2);
  });

  it('takes a type in version 7, and no longer in OpenSearch 2', async () => {
    const outcome = await attempt(open('typed', { TypeName: '_doc' }), ['{"n":1}']);
    if (isElastic) assert.equal(outcome.kind, 'done');
    else assert.ok(outcome.kind === 'retry' && outcome.error.code === '400', JSON.stringify(outcome));
  });

  it('is signed for, which a guard in front of it verifies', async () => {
    const caller = rootOf('123456789012', KEYS.accessKeyId, false);
    const authenticate = createAuthenticate({
      clock: host.clock,
      mode: {
        kind: 'verified',
        credentials: {
          find: (id) =>
            id === KEYS.accessKeyId
              ? { ...KEYS, expiresMs: undefined, caller, signingKeys: new Map() }
              : undefined,
        },
      },
    });
    const guard = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        const body = Buffer.concat(chunks);
        const headers = new Map(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        );
        try {
          const { service, region } = authenticate({
            method: 'POST',
            target: request.url!,
            headers,
            body,
            loopback: true,
          });
          assert.deepEqual([service, region], ['es', 'us-east-1']);
        } catch (error) {
          response.writeHead(403).end(JSON.stringify({ message: (error as Error).message }));
          return;
        }
        const answer = await fetch(told('SEARCH_URL') + request.url!.replace('/b%20c', ''), {
          method: 'POST',
          headers: { 'content-type': request.headers['content-type']! },
          body,
        });
        response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
      });
    });
    await new Promise<void>((resolve) => void guard.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(guard.address() as AddressInfo).port}/b%20c`;
      assert.equal((await attempt(open('signed', {}, { url, credentials: KEYS }), ['{"n":1}'])).kind, 'done');
      assert.equal(await countOf('signed'), 1);
      const credentials = { ...KEYS, secretAccessKey: 'wrong' };
      const outcome = await attempt(open('signed', {}, { url, credentials }), ['{"n":1}']);
      assert.ok(outcome.kind === 'retry' && outcome.error.code === '403');
    } finally {
      guard.closeAllConnections();
      guard.close();
    }
  });

  it('takes what is put at Millrace, and the rest is left', async () => {
    await using millrace = await openMillrace({ domains: { [ARN]: { url: told('SEARCH_URL') } } });
    await ask('PUT', '/whole', { mappings: { properties: { n: { type: 'integer' } } } });
    await millrace.create('documents', {
      [isElastic
        ? 'ElasticsearchDestinationConfiguration'
        : 'AmazonopensearchserviceDestinationConfiguration']: {
        RoleARN: BACKUP.RoleARN,
        DomainARN: ARN,
        IndexName: 'whole',
        IndexRotationPeriod: 'NoRotation',
        BufferingHints: HINTS,
        S3Configuration: BACKUP,
      },
    });
    const texts = Array.from({ length: 500 }, (_, n) => (n === 250 ? '{"n":"no number"}' : `{"n":${n}}`));
    await millrace.put('documents', texts);
    await until('all are there', async () => ((await countOf('whole')) === 499 ? true : undefined));
    const prefix = isElastic ? 'elasticsearch-failed/' : 'AmazonOpenSearchService-failed/';
    const lines = await millrace.errors(prefix);
    assert.equal(lines.length, 1);
    const [line] = lines;
    assert.equal(line!['errorCode'], '400');
    assert.equal(Buffer.from(String(line!['rawData']), 'base64').toString(), texts[250]);
    assert.match(String(line!['errorMessage']), /mapper_parsing_exception/);
  });
});
