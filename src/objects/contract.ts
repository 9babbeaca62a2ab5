/** What every object store must do, as tests: `describeObjectStore(name, open)` runs them over one. Each test makes buckets of its own. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { compareKeys } from './names.ts';
import { ObjectStoreError, type Retry } from './object-store-error.ts';
import type { ObjectStore } from './objects.ts';

const PLAIN = { contentType: 'application/octet-stream' };

/** Keys from records of strangers. */
export const ODD_KEYS: readonly string[] = [
  'a',
  'a/b',
  'a/b/c',
  'A',
  'a-b',
  'a//b',
  '/a',
  'a/',
  'a b+c&d=e?f#g',
  'year=2026/month=11/x-1-2026-11-24-15-00-00-1b4e28ba-2fa1-11d2-883f-0016d3cca427.gz',
  'x-1b4e28ba-2fa1-11d2-883f-0016d3cca427.gz/inner',
  'a%2Fb',
  'a%',
  '%',
  '100%_/%+',
  'con/nul.txt',
  ' lead/trail ',
  '日本語/Zürich/😀',
  `${'long'.repeat(100)}/${'é'.repeat(120)}`,
  'quote\'"<>&;`|*',
];

/** Those that some S3 servers refuse because they take keys for paths. */
export const PATH_LIKE_KEYS: readonly string[] = [
  '..',
  '../x',
  'a/../../b',
  './x',
  '.hidden/.',
  'x/..',
  '\\..\\x',
];
/** Those that cannot be written in XML 1.0. */
export const CONTROL_KEYS: readonly string[] = ['tab\tnewline\n', '\u0001\u001f', 'nul\0inside'];

export function describeObjectStore(
  name: string,
  open: () => Promise<ObjectStore>,
  oddKeys: readonly string[] = [...ODD_KEYS, ...PATH_LIKE_KEYS, ...CONTROL_KEYS],
  /** For a server that keeps the encoding of the object that is replaced. */
  keepsOldEncoding = false,
): void {
  let buckets = 0;
  const newBucket = async (store: ObjectStore): Promise<string> => {
    const bucket = `contract-${++buckets}`;
    await store.createBucket(bucket);
    return bucket;
  };

  describe(`${name} keeps the object store's contract`, () => {
    it('gives back what was put, with its properties', async () => {
      const store = await open();
      const bucket = await newBucket(store);
      const body = Buffer.from('one two');
      const properties = {
        contentType: 'text/plain',
        contentEncoding: 'gzip',
        metadata: { origin: 'test', 'record-count': '2' },
      };
      const { etag } = await store.put(bucket, 'k', [body.subarray(0, 4), body.subarray(4)], properties);
      assert.equal(etag, createHash('md5').update(body).digest('hex'));
      const got = await store.get(bucket, 'k');
      assert.equal(Buffer.from(got.body).toString(), 'one two');
      const { key, bytes, lastModifiedMs, contentType, contentEncoding, metadata } = got.head;
      assert.deepEqual({ key, bytes, etag: got.head.etag }, { key: 'k', bytes: 7, etag });
      assert.deepEqual({ contentType, contentEncoding, metadata }, properties);
      assert.ok(lastModifiedMs > Date.UTC(2020, 0, 1));
      assert.deepEqual(await store.head(bucket, 'k'), got.head);
    });

    it('replaces, takes empty and large bodies, deletes twice', async () => {
      const store = await open();
      const bucket = await newBucket(store);
      await store.put(bucket, 'k', Buffer.from('old and longer'), { ...PLAIN, contentEncoding: 'zip' });
      await store.put(bucket, 'k', new Uint8Array(0), PLAIN);
      const { head, body } = await store.get(bucket, 'k');
      assert.equal(body.length, 0);
      if (!keepsOldEncoding) assert.equal(head.contentEncoding, undefined);
      const large = Buffer.alloc(5_000_000, 'large ');
      await store.put(bucket, 'large', large, PLAIN);
      assert.ok(large.equals((await store.get(bucket, 'large')).body));
      await store.delete(bucket, 'k');
      await store.delete(bucket, 'k');
      await refuses(store.head(bucket, 'k'), 'NoSuchKey', 'never');
      assert.deepEqual(
        (await store.list(bucket, '', '', 10)).objects.map(({ key }) => key),
        ['large'],
      );
    });

    it('keeps keys of all kinds apart and lists them in order', async () => {
      const store = await open();
      const bucket = await newBucket(store);
      for (const key of oddKeys) await store.put(bucket, key, Buffer.from(`of ${key}`), PLAIN);
      for (const key of oddKeys) {
        const { head, body } = await store.get(bucket, key);
        assert.equal(Buffer.from(body).toString(), `of ${key}`);
        assert.equal(head.key, key);
      }
      const sorted = oddKeys.toSorted(compareKeys);
      const whole = await store.list(bucket, '', '', 1000);
      assert.deepEqual(
        whole.objects.map(({ key }) => key),
        sorted,
      );
      assert.equal(whole.hasMore, false);
      const first = whole.objects[0]!;
      assert.equal(first.bytes, Buffer.byteLength(`of ${first.key}`));
      assert.equal(first.etag, (await store.head(bucket, first.key)).etag);

      const paged: string[] = [];
      for (let hasMore = true; hasMore;) {
        const page = await store.list(bucket, '', paged.at(-1) ?? '', 3);
        paged.push(...page.objects.map(({ key }) => key));
        ({ hasMore } = page);
      }
      assert.deepEqual(paged, sorted);
      for (const prefix of ['a', 'a/', 'a/b', 'year=', '日', 'zzz']) {
        assert.deepEqual(
          (await store.list(bucket, prefix, '', 1000)).objects.map(({ key }) => key),
          sorted.filter((key) => key.startsWith(prefix)),
          prefix,
        );
      }
    });

    it('refuses in the words of S3', async () => {
      const store = await open();
      const bucket = await newBucket(store);
      await refuses(store.put('no-such-bucket-here', 'k', new Uint8Array(1), PLAIN), 'NoSuchBucket', 'later');
      await refuses(store.get('no-such-bucket-here', 'k'), 'NoSuchBucket', 'later');
      await refuses(store.list('no-such-bucket-here', '', '', 1), 'NoSuchBucket', 'later');
      await refuses(store.get(bucket, 'nothing'), 'NoSuchKey', 'never');
      await refuses(
        store.put(bucket, 'k'.repeat(1025), new Uint8Array(1), PLAIN),
        'KeyTooLongError',
        'never',
      );
      await refuses(store.createBucket(bucket), 'BucketAlreadyOwnedByYou', 'never');
      for (const wrong of ['ab', 'Capital', '../x', 'a..b', '.objects', '-a-b-', '1.2.3.4', 'a/b/c']) {
        await refuses(store.createBucket(wrong), 'InvalidBucketName', 'never');
      }
      assert.ok((await store.listBuckets()).some(({ name, createdMs }) => name === bucket && createdMs > 0));
    });

    it('does nothing when it is aborted before', async () => {
      const store = await open();
      const bucket = await newBucket(store);
      const reason = new Error('enough');
      const aborted = AbortSignal.abort(reason);
      await assert.rejects(store.put(bucket, 'k', new Uint8Array(1), PLAIN, aborted), reason);
      await refuses(store.head(bucket, 'k'), 'NoSuchKey', 'never');
    });
  });
}

export async function refuses(call: Promise<unknown>, code: string, retry: Retry): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof ObjectStoreError, String(error));
    assert.deepEqual([error.code, error.retry], [code, retry], error.message);
    return true;
  });
}
