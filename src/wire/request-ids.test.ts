import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedDice } from '../host/simulated/dice.ts';
import { createRequestIds } from './request-ids.ts';

test('every request has identities of its own, in the form of AWS', () => {
  const nextIds = createRequestIds(createSimulatedDice(1));
  const seen = new Set<string>();
  for (let request = 0; request < 500; request += 1) {
    const { requestId, id2 } = nextIds();
    assert.match(requestId, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.match(id2, /^[A-Za-z0-9+/]{96}$/);
    seen.add(requestId).add(id2);
  }
  assert.equal(seen.size, 1000);
});
