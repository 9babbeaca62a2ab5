/** The HTTP endpoint destination at a receiver of somebody else's. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { NO_ENDPOINTS } from '../../../src/config/endpoints.ts';
import { deliveryOf } from '../../../src/firehose/destinations/deliveries.testing.ts';
import { createHttpEndpointDestination } from '../../../src/firehose/destinations/http-endpoint/http-endpoint-destination.ts';
import { createRealHost } from '../../../src/host/real/host.ts';
import { BACKUP, HINTS, openMillrace } from '../millrace.ts';
import { told } from '../told.ts';

const host = createRealHost();
after(() => host.http.close());

function destinationWith(options: {
  readonly encoding?: 'GZIP';
  readonly accessKey?: string;
  readonly url?: string;
  readonly certificateAuthority?: string;
}) {
  const settings = {
    EndpointConfiguration: {
      Url: 'https://collector.example.com/fh',
      AccessKey: options.accessKey ?? told('TELEGRAF_ACCESS_KEY'),
    },
    RequestConfiguration: {
      ContentEncoding: options.encoding ?? 'NONE',
      CommonAttributes: [{ AttributeName: 'env', AttributeValue: 'größe "1"' }],
    },
    RetryOptions: { DurationInSeconds: 300 },
  } as const;
  const url = options.url ?? told('TELEGRAF_URL');
  const { certificateAuthority } = options;
  return createHttpEndpointDestination(settings, {
    ...host,
    endpoints: {
      ...NO_ENDPOINTS,
      hosts: new Map([['collector.example.com', { url, certificateAuthority }]]),
    },
    refusesAddress: undefined,
    deliveryStream: { arn: 'arn:aws:firehose:us-east-1:123456789012:deliverystream/clicks' },
  });
}

const attempt = (options: Parameters<typeof destinationWith>[0], texts: readonly string[]) =>
  destinationWith(options).attempt(deliveryOf(texts), new AbortController().signal);

/** The lines that Telegraf wrote of records that begin with `mark`, once there are as many. */
async function taken(mark: string, count: number) {
  for (let tries = 0; ; tries++) {
    let text = '';
    try {
      text = readFileSync(told('TELEGRAF_OUTPUT'), 'utf8');
    } catch {}
    const lines = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { fields: { value: string }; tags: Record<string, string> })
      .filter(({ fields }) => fields.value.startsWith(mark));
    if (lines.length >= count || tries === 200) return lines;
    await sleep(50);
  }
}

describe('Telegraf', () => {
  it('takes records with their common attributes, and answers as AWS wants it', async () => {
    const texts = ['plain one', 'plain {"two":"ü"}'];
    assert.deepEqual(await attempt({}, texts), { kind: 'done', refused: [] });
    const lines = await taken('plain', 2);
    assert.deepEqual(lines.map(({ fields }) => fields.value).toSorted(), texts.toSorted());
    for (const { tags } of lines) assert.equal(tags['env'], 'größe "1"');
  });

  it('takes ten thousand gzipped records', async () => {
    const texts = Array.from({ length: 10_000 }, (_, index) => `gzipped ${index}`);
    assert.equal((await attempt({ encoding: 'GZIP' }, texts)).kind, 'done');
    const values = (await taken('gzipped', texts.length)).map(({ fields }) => fields.value);
    assert.deepEqual(values.toSorted(), texts.toSorted());
  });

  it('refuses a wrong access key', async () => {
    const outcome = await attempt({ accessKey: 'wrong' }, ['refused']);
    assert.ok(outcome.kind === 'retry' && outcome.error.code === 'HttpEndpoint.DestinationException');
    assert.match(outcome.error.message, /destination\. 401: /);
  });

  it('is reached over TLS by its own authority only', async () => {
    const url = told('TELEGRAF_TLS_URL');
    const certificateAuthority = readFileSync(told('TELEGRAF_AUTHORITY'), 'utf8');
    assert.equal((await attempt({ url, certificateAuthority }, ['secure'])).kind, 'done');
    assert.equal((await taken('secure', 1)).length, 1);
    const outcome = await attempt({ url }, ['insecure']);
    assert.ok(outcome.kind === 'retry' && outcome.error.code === 'HttpEndpoint.SSLHandshakeFailure');
  });

  it('takes what is put at Millrace', async () => {
    const hosts = {
      'collector.example.com': {
        url: told('TELEGRAF_TLS_URL'),
        certificateAuthorityFile: told('TELEGRAF_AUTHORITY'),
      },
    };
    await using millrace = await openMillrace({ hosts });
    const to = (AccessKey: string) => ({
      HttpEndpointDestinationConfiguration: {
        EndpointConfiguration: { Url: 'https://collector.example.com/fh', AccessKey },
        RequestConfiguration: {
          ContentEncoding: 'GZIP',
          CommonAttributes: [{ AttributeName: 'env', AttributeValue: 'test' }],
        },
        BufferingHints: HINTS,
        RetryOptions: { DurationInSeconds: 0 },
        S3Configuration: BACKUP,
      },
    });
    const texts = Array.from({ length: 500 }, (_, index) => `whole ${index}`);
    await millrace.create('clicks', to(told('TELEGRAF_ACCESS_KEY')));
    await millrace.put('clicks', texts);
    const lines = await taken('whole', texts.length);
    assert.deepEqual(lines.map(({ fields }) => fields.value).toSorted(), texts.toSorted());
    await millrace.create('refused', to('wrong'));
    await millrace.put('refused', ['one']);
    const [line] = await millrace.errors('http-endpoint-failed/');
    assert.equal(line!['errorCode'], 'HttpEndpoint.DestinationException');
    assert.equal(line!['rawData'], Buffer.from('one').toString('base64'));
  });
});
