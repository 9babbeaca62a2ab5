/** The S3 store at a real S3 that checks signatures: the contract, and a wrong secret. */
import { after, describe, it } from 'node:test';
import { createRealHost } from '../../../src/host/real/host.ts';
import { ODD_KEYS, describeObjectStore, refuses } from '../../../src/objects/contract.ts';
import { createS3ObjectStore } from '../../../src/objects/s3/s3-object-store.ts';
import { told } from '../told.ts';

const host = createRealHost();
const storeWith = (secretAccessKey: string) =>
  createS3ObjectStore({
    ...host,
    endpoint: {
      url: told('VERSITYGW_URL'),
      certificateAuthority: undefined,
      region: 'us-east-1',
      addressing: 'path',
      credentials: { accessKeyId: told('VERSITYGW_ACCESS_KEY'), secretAccessKey, sessionToken: undefined },
    },
  });
after(() => host.http.close());

// It keeps keys as paths of files, so that these are no keys of their own to it.
const asPaths = (key: string): boolean =>
  key === 'a' ||
  key === 'a/b' ||
  key.includes('//') ||
  key.startsWith('/') ||
  key.endsWith('/') ||
  key.length > 300;
describeObjectStore(
  'versitygw',
  async () => storeWith(told('VERSITYGW_SECRET_KEY')),
  ODD_KEYS.filter((key) => !asPaths(key)),
  true,
);

describe('versitygw', () => {
  it('refuses a wrong secret', async () => {
    await refuses(storeWith('wrong').listBuckets(), 'SignatureDoesNotMatch', 'later');
  });
});
