/** What an object is encrypted by, as an S3 shows it that was told by Millrace's headers. moto takes any signature, so it says nothing about those. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createRealHost } from '../../../src/host/real/host.ts';
import { createS3ObjectStore } from '../../../src/objects/s3/s3-object-store.ts';
import { told } from '../told.ts';

const KEY_ARN = 'arn:aws:kms:us-east-1:123456789012:key/1b4e28ba-2fa1-41d2-883f-0016d3cca427';
const host = createRealHost();
const store = createS3ObjectStore({
  ...host,
  endpoint: {
    url: told('MOTO_URL'),
    certificateAuthority: undefined,
    region: 'us-east-1',
    addressing: 'path',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any', sessionToken: undefined },
  },
});
before(() => store.createBucket('clicks'));
after(() => host.http.close());

const headersOf = async (key: string): Promise<Headers> => {
  const answer = await fetch(`${told('MOTO_URL')}/clicks/${key}`, {
    method: 'HEAD',
    headers: { authorization: SIGNED },
  });
  assert.equal(answer.status, 200);
  return answer.headers;
};
const SIGNED =
  'AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00';

describe('encryption headers', () => {
  it('names the key and the algorithm', async () => {
    await store.put('clicks', 'sealed', new Uint8Array([1]), {
      contentType: 'application/octet-stream',
      contentEncoding: 'gzip',
      kmsKeyArn: KEY_ARN,
    });
    const headers = await headersOf('sealed');
    assert.equal(headers.get('x-amz-server-side-encryption'), 'aws:kms');
    assert.equal(headers.get('x-amz-server-side-encryption-aws-kms-key-id'), KEY_ARN);
    assert.equal(headers.get('content-encoding'), 'gzip');
    assert.equal((await store.head('clicks', 'sealed')).kmsKeyArn, KEY_ARN);
  });

  it('says nothing where nothing was asked for', async () => {
    await store.put('clicks', 'open', new Uint8Array([1]), { contentType: 'application/octet-stream' });
    assert.equal((await headersOf('open')).get('x-amz-server-side-encryption-aws-kms-key-id'), null);
    assert.equal((await store.head('clicks', 'open')).kmsKeyArn, undefined);
  });
});
