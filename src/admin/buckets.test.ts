import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedClock } from '../host/simulated/clock.ts';
import { createMemoryObjectStore } from '../objects/memory/memory-object-store.ts';
import type { Call } from '../wire/shape/operation.ts';
import { createBucket } from './operations/create-bucket.ts';
import { getObject } from './operations/get-object.ts';
import { listBuckets } from './operations/list-buckets.ts';
import { listObjects } from './operations/list-objects.ts';

const KEEPER = '000000000000';

function callOf(account: string): Call {
  return {
    caller: { account, arn: `arn:aws:iam::${account}:root`, accessKeyId: account },
    region: 'us-east-1',
    requestId: 'test',
    signal: new AbortController().signal,
  };
}

test('objects are listed in pages and read in pieces, by the keeper of the server alone', async () => {
  const clock = createSimulatedClock();
  const objects = createMemoryObjectStore(clock);
  const parts = { objects, config: { account: KEEPER } };
  const call = callOf(KEEPER);
  await createBucket(parts)({ Bucket: 'lake' }, call);
  const properties = { contentType: 'text/plain', contentEncoding: 'gzip' };
  for (const key of ['a/1', 'a/2', 'b']) await objects.put('lake', key, Buffer.from(`at ${key}`), properties);

  const page = await listObjects(parts)({ Bucket: 'lake', Prefix: 'a/', MaxKeys: 1 }, call);
  assert.deepEqual(
    page.Objects.map(({ Key, Size, LastModified }) => [Key, Size, LastModified]),
    [['a/1', 6, clock.now()]],
  );
  assert.equal(page.IsTruncated, true);
  const rest = await listObjects(parts)({ Bucket: 'lake', StartAfter: 'a/1' }, call);
  assert.deepEqual(
    rest.Objects.map(({ Key }) => Key),
    ['a/2', 'b'],
  );
  const piece = await getObject(parts)({ Bucket: 'lake', Key: 'b', Offset: 1, Length: 2 }, call);
  assert.equal(Buffer.from(piece.Body).toString(), 't ');
  assert.deepEqual([piece.Size, piece.ContentEncoding], [4, 'gzip']);

  await assert.rejects(async () => getObject(parts)({ Bucket: 'none', Key: 'b' }, call), {
    name: 'NoSuchBucket',
    status: 400,
  });
  const other = callOf('111111111111');
  for (const refused of [
    () => createBucket(parts)({ Bucket: 'mine' }, other),
    () => listBuckets(parts)({}, other),
    () => listObjects(parts)({ Bucket: 'lake' }, other),
    () => getObject(parts)({ Bucket: 'lake', Key: 'b' }, other),
  ]) {
    await assert.rejects(async () => refused(), { name: 'AccessDeniedException' });
  }
});
