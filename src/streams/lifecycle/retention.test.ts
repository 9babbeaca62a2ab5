import assert from 'node:assert/strict';
import test from 'node:test';
import { openControlPlane, serviceError, type ControlPlane } from '../control-plane.testing.ts';

const HOUR_MS = 3_600_000;
const bytes = (text: string) => new TextEncoder().encode(text);

async function put(plane: ControlPlane, text: string): Promise<void> {
  await plane.client.PutRecord({ StreamName: 'orders', PartitionKey: 'a', Data: bytes(text) });
}
/** The positions that are left, in order. */
async function kept(plane: ControlPlane): Promise<number> {
  const { records } = await plane.log.read(plane.stream().id, 0, 0 as never, 1000, 1_000_000);
  return records.length;
}
function increase(plane: ControlPlane, hours: number) {
  return plane.client.IncreaseStreamRetentionPeriod({ StreamName: 'orders', RetentionPeriodHours: hours });
}
function decrease(plane: ControlPlane, hours: number) {
  return plane.client.DecreaseStreamRetentionPeriod({ StreamName: 'orders', RetentionPeriodHours: hours });
}

test('records are trimmed one by one as their period passes', async () => {
  await using plane = await openControlPlane();
  await plane.create();
  for (const text of ['1', '2', '3']) {
    await put(plane, text);
    await plane.later(HOUR_MS);
  }
  assert.equal(await kept(plane), 3);
  await plane.later(20.9 * HOUR_MS);
  assert.equal(await kept(plane), 3);
  await plane.later(0.2 * HOUR_MS);
  assert.equal(await kept(plane), 2);
  await plane.later(HOUR_MS);
  assert.equal(await kept(plane), 1);
  assert.deepEqual(plane.failures, []);
});

test('a longer period brings nothing back, not even what no round had trimmed yet', async () => {
  await using plane = await openControlPlane();
  await plane.create();
  await put(plane, '1');
  await plane.clock.advance(HOUR_MS);
  await put(plane, '2');
  // Closed meanwhile, so that no round sees the first record expire.
  await plane.streams[Symbol.asyncDispose]();
  await plane.clock.advance(23.5 * HOUR_MS);
  await plane.reopen();
  assert.equal(await kept(plane), 2);
  await increase(plane, 8760);
  assert.equal(await kept(plane), 1);
  await plane.later(HOUR_MS);
  assert.equal(await kept(plane), 1);
});

test('a shorter period trims at once', async () => {
  await using plane = await openControlPlane();
  await plane.create();
  await increase(plane, 30);
  await put(plane, '1');
  await plane.later(26 * HOUR_MS);
  assert.equal(await kept(plane), 1);
  await decrease(plane, 25);
  assert.equal(await kept(plane), 0);
});

test('periods are 24 to 8,760 hours, and each operation goes one way', async () => {
  await using plane = await openControlPlane();
  await plane.create();
  await increase(plane, 48);
  await increase(plane, 48);
  await decrease(plane, 48);
  const refused = (work: Promise<unknown>, message: string) =>
    assert.rejects(work, serviceError('InvalidArgumentException', message));
  await refused(
    increase(plane, 23),
    'Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.',
  );
  await refused(
    decrease(plane, 8761),
    'Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long.',
  );
  await refused(
    increase(plane, 47),
    'Requested retention period (47 hours) for stream orders can not be shorter than existing retention period (48 hours). Use DecreaseRetentionPeriod API.',
  );
  await refused(
    decrease(plane, 49),
    'Requested retention period (49 hours) for stream orders can not be longer than existing retention period (48 hours). Use IncreaseRetentionPeriod API.',
  );
});
