import assert from 'node:assert/strict';
import test from 'node:test';
import { ACCOUNT, openControlPlane, serviceError } from '../control-plane.testing.ts';

const failed = `Failed to add tags to stream orders under account ${ACCOUNT}`;
const tagsOf = (...keys: string[]) => new Map(keys.map((key) => [key, 'v']));

test('tags are added, overwritten, removed and listed in order, page by page, by both interfaces', async () => {
  await using plane = await openControlPlane();
  await plane.client.CreateStream({ StreamName: 'orders', ShardCount: 1, Tags: new Map([['b', '1']]) });
  await assert.rejects(
    plane.client.AddTagsToStream({ StreamName: 'orders', Tags: tagsOf('x') }),
    serviceError('ResourceInUseException', /not ACTIVE, instead in state CREATING/),
  );
  await plane.settle();
  const { arn } = plane.stream();
  await plane.client.AddTagsToStream({
    StreamName: 'orders',
    Tags: new Map([
      ['b', '2'],
      ['B', ''],
      ['ä:/ .=+-@_', 'ok'],
    ]),
  });
  const first = await plane.client.ListTagsForStream({ StreamName: 'orders', Limit: 2 });
  assert.deepEqual(first, {
    Tags: [
      { Key: 'B', Value: '' },
      { Key: 'b', Value: '2' },
    ],
    HasMoreTags: true,
  });
  const rest = await plane.client.ListTagsForStream({ StreamName: 'orders', ExclusiveStartTagKey: 'b' });
  assert.deepEqual(rest, { Tags: [{ Key: 'ä:/ .=+-@_', Value: 'ok' }], HasMoreTags: false });
  await plane.client.UntagResource({ ResourceARN: arn, TagKeys: ['b', 'none'] });
  await plane.client.RemoveTagsFromStream({ StreamARN: arn, TagKeys: ['B'] });
  await plane.restart();
  assert.deepEqual((await plane.client.ListTagsForResource({ ResourceARN: arn })).Tags, [
    { Key: 'ä:/ .=+-@_', Value: 'ok' },
  ]);
});

test('tags with characters that AWS refuses, and more than fifty, are refused in its words', async () => {
  await using plane = await openControlPlane();
  await plane.create();
  const add = (...keys: string[]) =>
    plane.client.AddTagsToStream({ StreamName: 'orders', Tags: tagsOf(...keys) });
  await assert.rejects(
    add('a;b'),
    serviceError(
      'InvalidArgumentException',
      'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.',
    ),
  );
  await assert.rejects(
    add('a%b'),
    serviceError(
      'InvalidArgumentException',
      `${failed} because some tags contained illegal characters. The allowed characters are ` +
        "Unicode letters, white-spaces, '_',',','/','=','+','-','@'.",
    ),
  );
  await assert.rejects(add('aws:a'), serviceError('InvalidArgumentException', /must not start with aws:/));
  await assert.rejects(
    plane.client.RemoveTagsFromStream({ StreamName: 'orders', TagKeys: ['a;b'] }),
    serviceError('InvalidArgumentException', /^Some tags contain invalid characters/),
  );
  await assert.rejects(
    plane.client.RemoveTagsFromStream({ StreamName: 'orders', TagKeys: ['%'] }),
    serviceError('InvalidArgumentException', /^Failed to remove tags from stream orders/),
  );
  await add(...Array.from({ length: 50 }, (_, at) => `k${at}`));
  await add('k1', 'k2');
  await assert.rejects(
    add('one more'),
    serviceError(
      'InvalidArgumentException',
      `${failed} because a given stream cannot have more than 50 tags associated with it.`,
    ),
  );
  const all = await plane.client.ListTagsForStream({ StreamName: 'orders' });
  assert.equal(all.Tags.length, 50);
  assert.equal(all.HasMoreTags, false);
});
