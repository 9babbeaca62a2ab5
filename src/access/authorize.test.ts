import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorizeRoot } from './authorize.ts';
import { rootOf } from './credentials.ts';

const caller = rootOf('111122223333', 'AKID', false);
const stream = (account: string, region = 'us-east-1') => `arn:aws:kinesis:${region}:${account}:stream/s`;

test('root may do everything to what its account owns, in any region, and what has no resource', () => {
  authorizeRoot(caller, 'kinesis:PutRecord', [stream('111122223333'), stream('111122223333', 'eu-west-1')]);
  authorizeRoot(caller, 'kinesis:ListStreams', ['*']);
  authorizeRoot(caller, 'kinesis:ListStreams', []);
});

test('what another account owns is denied in AWS’s words', () => {
  const other = stream('444455556666');
  assert.throws(() => authorizeRoot(caller, 'kinesis:PutRecord', ['*', stream('111122223333'), other]), {
    code: 'AccessDeniedException',
    status: 400,
    message:
      `User: arn:aws:iam::111122223333:root is not authorized to perform: kinesis:PutRecord on resource: ${other} ` +
      'because no resource-based policy allows the kinesis:PutRecord action',
  });
});

test('what is no ARN, or hides the account in another place, is denied', () => {
  for (const resource of [
    '',
    's',
    'arn:',
    'arn:aws:kinesis:us-east-1',
    'x:aws:kinesis:us-east-1:111122223333:stream/s',
    'arn:aws:kinesis:us-east-1:444455556666:111122223333:stream/s',
    ' *',
  ]) {
    assert.throws(
      () => authorizeRoot(caller, 'kinesis:PutRecord', [resource]),
      { code: 'AccessDeniedException' },
      resource,
    );
  }
});
