import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { signedHeaders } from '../../base/signature-v4.ts';
import { HttpError, type HttpAnswer, type HttpRequest } from '../../host/http.ts';
import { createSimulatedClock } from '../../host/simulated/clock.ts';
import { createSimulatedHttpClient } from '../../host/simulated/http.ts';
import { refuses } from '../contract.ts';
import { createS3ObjectStore } from './s3-object-store.ts';

const endpoint = {
  url: 'https://s3.example.com:9000/base',
  certificateAuthority: 'PEM',
  region: 'eu-west-1',
  addressing: 'path' as const,
  credentials: {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    sessionToken: undefined,
  },
};
const PLAIN = { contentType: 'application/octet-stream' };

function answer(status: number, body = '', headers: Record<string, string> = {}): HttpAnswer {
  return { status, headers: new Map(Object.entries(headers)), body: Buffer.from(body) };
}

/** A store whose server answers as told, and the requests that it got. */
function storeWith(respond: (request: HttpRequest) => Promise<HttpAnswer> | HttpAnswer, changed = {}) {
  const clock = createSimulatedClock();
  const requests: HttpRequest[] = [];
  const server = async (request: HttpRequest): Promise<HttpAnswer> => {
    requests.push(request);
    return respond(request);
  };
  const names = ['https://s3.example.com:9000', 'https://own.s3.example.com:9000'];
  const http = createSimulatedHttpClient(clock, new Map(names.map((name) => [name, server])));
  return {
    store: createS3ObjectStore({ http, clock, endpoint: { ...endpoint, ...changed } }),
    requests,
    clock,
  };
}

describe('The S3 store', () => {
  it("signs as the S3 API reference's example does", () => {
    const body = 'Welcome to Amazon S3.';
    const headers = signedHeaders(
      {
        method: 'PUT',
        path: '/test%24file.text',
        query: {},
        headers: {
          host: 'examplebucket.s3.amazonaws.com',
          date: 'Fri, 24 May 2013 00:00:00 GMT',
          'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        },
        bodyHash: createHash('sha256').update(body).digest('hex'),
      },
      endpoint.credentials,
      { region: 'us-east-1', service: 's3' },
      Date.UTC(2013, 4, 24),
    );
    assert.match(
      headers['authorization']!,
      /Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd$/,
    );
  });

  it('puts in one request, with encoding, key and metadata in headers', async () => {
    const { store, requests } = storeWith(() => answer(200, '', { etag: '"abc"' }));
    const properties = {
      ...PLAIN,
      contentEncoding: 'gzip',
      kmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/k',
      metadata: { a: 'b' },
    };
    const body = [Buffer.from('a'), Buffer.from('b')];
    assert.deepEqual(await store.put('own', 'a b/../é+!', body, properties), { etag: 'abc' });
    const { url, headers, certificateAuthority } = requests[0]!;
    assert.equal(url, 'https://s3.example.com:9000/base/own/a%20b/../%C3%A9%2B%21');
    assert.equal(headers['x-amz-server-side-encryption'], 'aws:kms');
    assert.equal(headers['x-amz-server-side-encryption-aws-kms-key-id'], properties.kmsKeyArn);
    assert.equal(headers['x-amz-meta-a'], 'b');
    assert.equal(headers['content-encoding'], 'gzip');
    assert.equal(headers['x-amz-content-sha256'], createHash('sha256').update('ab').digest('hex'));
    assert.match(headers['authorization']!, /\/eu-west-1\/s3\/aws4_request/);
    assert.equal(certificateAuthority, 'PEM');
  });

  it('puts the bucket before the host when asked, and signs nothing without credentials', async () => {
    const { store, requests } = storeWith(() => answer(204), {
      addressing: 'virtual-host',
      credentials: undefined,
    });
    await store.delete('own', 'k');
    assert.equal(requests[0]!.url, 'https://own.s3.example.com:9000/base/k');
    assert.deepEqual(requests[0]!.headers, { host: 'own.s3.example.com:9000' });
  });

  it('reads lists with keys of all kinds', async () => {
    const xml = `<?xml version="1.0"?><ListBucketResult xmlns="x"><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><Contents><Key>a%2Fb+c%0A%26</Key>
      <LastModified>2026-11-24T15:00:00.000Z</LastModified><ETag>&quot;e&#34;</ETag><Size>5</Size></Contents></ListBucketResult>`;
    const { store, requests } = storeWith(() => answer(200, xml));
    assert.deepEqual(await store.list('own', 'a/', 'a/b', 7), {
      objects: [{ key: 'a/b c\n&', bytes: 5, etag: 'e', lastModifiedMs: Date.UTC(2026, 10, 24, 15) }],
      hasMore: true,
    });
    assert.match(
      requests[0]!.url,
      /\?encoding-type=url&list-type=2&max-keys=7&prefix=a%2F&start-after=a%2Fb$/,
    );
  });

  it('tells what a second attempt is worth', async () => {
    const put = (respond: () => HttpAnswer) =>
      storeWith(respond).store.put('own', 'k', new Uint8Array(1), PLAIN);
    const error = (status: number, code: string) => () =>
      answer(status, `<Error><Code>${code}</Code><Message>m</Message></Error>`);
    await refuses(put(error(503, 'SlowDown')), 'SlowDown', 'soon');
    await refuses(put(error(500, 'InternalError')), 'InternalError', 'soon');
    await refuses(put(error(400, 'RequestTimeout')), 'RequestTimeout', 'soon');
    await refuses(put(error(403, 'AccessDenied')), 'AccessDenied', 'later');
    await refuses(put(error(403, 'SignatureDoesNotMatch')), 'SignatureDoesNotMatch', 'later');
    await refuses(put(error(404, 'NoSuchBucket')), 'NoSuchBucket', 'later');
    await refuses(put(error(301, 'PermanentRedirect')), 'PermanentRedirect', 'later');
    await refuses(put(error(400, 'EntityTooLarge')), 'EntityTooLarge', 'never');
    await refuses(
      put(() => answer(502, '<html>nonsense')),
      'InternalError',
      'soon',
    );
    await refuses(
      put(() => answer(599)),
      'InternalError',
      'soon',
    );
    const failing = (failure: ConstructorParameters<typeof HttpError>[0]) =>
      put(() => {
        throw new HttpError(failure, failure);
      });
    await refuses(failing('broken'), 'InternalError', 'soon');
    await refuses(failing('unreachable'), 'ServiceUnavailable', 'soon');
    await refuses(failing('untrusted'), 'UntrustedCertificate', 'later');
    await refuses(storeWith(() => answer(404)).store.head('own', 'k'), 'NoSuchKey', 'never');
  });

  it('waits no longer than it should', async () => {
    const { store, clock } = storeWith(() => new Promise(() => {}));
    const refused = refuses(store.head('own', 'k'), 'RequestTimeout', 'soon');
    while (clock.nextTimerMs() === undefined) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(30_001);
    await refused;
  });
});
