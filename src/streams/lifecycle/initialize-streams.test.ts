import assert from 'node:assert/strict';
import test from 'node:test';
import { ACCOUNT, openControlPlane } from '../control-plane.testing.ts';

test('streams of INITIALIZE_STREAMS are ACTIVE when the server is ready; existing ones are kept', async () => {
  const initializeStreams = [
    { name: 'a', shards: 2, region: 'us-east-1' },
    { name: 'a', shards: 1, region: 'eu-west-1' },
    ...Array.from({ length: 6 }, (_, at) => ({ name: `b${at}`, shards: 1, region: 'us-east-1' })),
  ];
  await using plane = await openControlPlane({
    initializeStreams,
    limits: { streamsCreatingPerAccount: 5, shardsPerAccount: 3 },
  });
  assert.equal(plane.stream('a').openShards.length, 2);
  assert.equal(plane.stream('a', ACCOUNT, 'eu-west-1').openShards.length, 1);
  for (const { name, region } of initializeStreams) {
    assert.equal(plane.stream(name, ACCOUNT, region).status, 'ACTIVE');
  }
  const { id } = plane.stream('a');
  await plane.restart();
  assert.equal(plane.stream('a').id, id);
});
