import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseEndpoints } from '../config/endpoints.ts';
import type { HttpRequest } from '../host/http.ts';
import { createSimulatedClock } from '../host/simulated/clock.ts';
import { createSimulatedDice } from '../host/simulated/dice.ts';
import { createSimulatedDisk } from '../host/simulated/disk.ts';
import { createSimulatedHttpClient } from '../host/simulated/http.ts';
import { openObjectStore } from './open-object-store.ts';

const PLAIN = { contentType: 'application/octet-stream' };

it('a mapped bucket is at its endpoint, and every other in the data directory', async () => {
  const clock = createSimulatedClock();
  const requests: HttpRequest[] = [];
  const answered = async (request: HttpRequest) => {
    requests.push(request);
    return { status: 200, headers: new Map([['etag', '"e"']]), body: Buffer.alloc(0) };
  };
  const file = {
    buckets: {
      away: {
        url: 'https://s3.example.com',
        region: 'eu-west-1',
        credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'hush' },
      },
    },
  };
  const store = await openObjectStore({
    clock,
    disk: createSimulatedDisk(),
    dice: createSimulatedDice(1),
    directory: '/objects',
    http: createSimulatedHttpClient(clock, new Map([['https://s3.example.com', answered]])),
    endpoints: parseEndpoints(JSON.stringify(file), 'endpoints.json', () => ''),
  });
  await store.createBucket('here');
  await store.put('here', 'key', Buffer.from('near'), PLAIN);
  assert.deepEqual(requests, []);
  await store.put('away', 'key', Buffer.from('far'), PLAIN);
  assert.deepEqual(
    requests.map(({ method, url }) => `${method} ${url}`),
    ['PUT https://s3.example.com/away/key'],
  );
  assert.equal(Buffer.from((await store.get('here', 'key')).body).toString(), 'near');
});
