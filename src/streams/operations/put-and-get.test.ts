import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, callOf, openDataPlane, readAll, textOf } from '../data-plane.testing.ts';

test('records that were put are read back, with their numbers, times and keys', async () => {
  const plane = openDataPlane();
  await plane.createStream('clicks', 2);
  const put = await plane.putRecord(
    { StreamName: 'clicks', Data: bytesOf('one'), PartitionKey: 'user-1' },
    callOf(),
  );
  await plane.clock.advance(1500);
  const many = await plane.putRecords(
    {
      StreamName: 'clicks',
      Records: ['two', 'three', 'four'].map((text) => ({ Data: bytesOf(text), PartitionKey: 'user-1' })),
    },
    callOf(),
  );
  assert.equal(many.FailedRecordCount, 0);
  assert.equal('EncryptionType' in put || 'EncryptionType' in many, false);
  const records = await readAll(plane, 'clicks', put.ShardId);
  assert.deepEqual(
    records.map((record) => textOf(record.Data)),
    ['one', 'two', 'three', 'four'],
  );
  assert.deepEqual(
    records.map((record) => record.SequenceNumber),
    [put.SequenceNumber, ...many.Records.map((record) => record.SequenceNumber)],
  );
  assert.deepEqual(
    records.map((record) => plane.clock.now() - record.ApproximateArrivalTimestamp!),
    [1500, 0, 0, 0],
  );
  assert.ok(records.every((record) => record.PartitionKey === 'user-1'));
});
