import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { createSimulatedDice } from '../host/simulated/dice.ts';
import type { SignedRequest } from '../wire/shape/authentication.ts';
import { canonicalRequest } from './canonical-request.ts';
import { RepeatedForm } from './repeated-form.ts';
import type { SignatureClaim } from './signature-claim.ts';

const NAMES = [
  ['host', 'x-amz-date'],
  ['content-type', 'host', 'x-amz-date', 'x-amz-target'],
  ['host', 'x-amz-date', 'x-absent'],
  [':authority', 'x-amz-date'],
];
const VALUES = ['a', 'b', ' spaces  inside ', 'é', '', 'x'.repeat(5000)];

test('is the canonical request, whatever changes from one request to the next', () => {
  const dice = createSimulatedDice(501);
  for (const signedHeaders of NAMES) {
    const claim: SignatureClaim = {
      ...{ accessKeyId: 'k', region: 'r', service: 's', scope: 'x', dateTime: 'd', signature: '' },
      ...{
        signedHeaders,
        signedHeaderList: signedHeaders.join(';'),
        sessionToken: undefined,
        canonicalQuery: '',
      },
    };
    const form = new RepeatedForm();
    const headers = new Map<string, string>();
    let method = 'POST';
    for (let round = 0; round < 400; round++) {
      const change = dice.integer(6);
      const name = ['host', 'content-type', 'x-amz-date', 'x-amz-target', 'x-absent'][dice.integer(5)]!;
      if (change === 0) headers.set(name, VALUES[dice.integer(VALUES.length)]!);
      else if (change === 1) headers.delete(name);
      else if (change === 2) method = method === 'POST' ? 'GET' : 'POST';
      const body = dice.bytes(dice.integer(50));
      const request = { method, target: '/', headers, body } as unknown as SignedRequest;
      const expected = hash('sha256', Buffer.from(canonicalRequest(request, claim), 'latin1'), 'hex');
      assert.equal(form.hashOf(request, claim), expected, `round ${round}`);
    }
  }
});
