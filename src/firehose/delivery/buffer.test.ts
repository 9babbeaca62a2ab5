import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { MemoryBudget } from './budget.ts';
import { RecordBuffer } from './buffer.ts';
import type { RecordIdentity } from './delivery-record.ts';
import { IdentitySet } from './ranges.ts';

const DATA = Buffer.from('x');

function identitiesOf(given: readonly RecordIdentity[]): {
  readonly buffered: Uint8Array;
  readonly all: Uint8Array;
} {
  const buffer = new RecordBuffer(new MemoryBudget(1024 * 1024), false);
  const set = new IdentitySet();
  for (const identity of given) {
    buffer.add({ identity, data: DATA, rawData: DATA, arrivalMs: 1 });
    set.add(identity.unit, identity.position, identity.sub);
  }
  return { buffered: buffer.identities().bytes, all: set.pack().bytes };
}

test('a buffer knows the identities of its records, whether they follow one another or not', () => {
  const dice = createSimulatedDice(500);
  for (const gaps of [1, 2, 50]) {
    for (const records of [1, 100, 1_500, 4_000]) {
      const next = new Map<string, number>();
      const given = Array.from({ length: records }, (_, index): RecordIdentity => {
        const unit = `shard-${Math.floor(index / 250) % 3}`;
        const position = (next.get(unit) ?? 0) + 1 + dice.integer(gaps);
        next.set(unit, position);
        return { unit, position, sub: 0 };
      });
      const { buffered, all } = identitiesOf(given);
      assert.deepEqual(buffered, all, `${records} records, gaps ${gaps}`);
    }
  }
});
