import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CredentialsFileError, parseCredentials } from './credentials-file.ts';

const parse = (text: string) => parseCredentials(text, '/etc/keys', '000000000000');

test('profiles are read as the AWS SDKs read them', () => {
  const credentials = parse(
    [
      '# who may call',
      '; also a comment',
      '[default]',
      'AWS_ACCESS_KEY_ID=AKIDONE',
      'aws_secret_access_key = abc/+#=;x  # a comment after white space',
      'region = eu-west-1',
      's3 =',
      '  max_concurrent_requests = 20',
      '',
      '[profile two]   # comment',
      'aws_access_key_id = AKIDTWO',
      'aws_secret_access_key = secret two ',
      'aws_session_token = t/o+k==',
      'aws_account_id = 111122223333',
      '[role]',
      'role_arn = arn:aws:iam::111122223333:role/x',
    ].join('\r\n'),
  );
  assert.deepEqual([...credentials.keys()], ['AKIDONE', 'AKIDTWO']);
  const one = credentials.get('AKIDONE')!;
  assert.equal(one.secretAccessKey, 'abc/+#=;x');
  assert.equal(one.sessionToken, undefined);
  assert.equal(one.caller.account, '000000000000');
  const two = credentials.get('AKIDTWO')!;
  assert.equal(two.secretAccessKey, 'secret two');
  assert.equal(two.sessionToken, 't/o+k==');
  assert.equal(two.caller.arn, 'arn:aws:iam::111122223333:root');
});

test('what is wrong is said with the place, and without a secret', () => {
  const key = 'aws_access_key_id = AKIDONE\n';
  const secret = 'aws_secret_access_key = hush-hush\n';
  const cases: [string, RegExp][] = [
    ['', /\/etc\/keys holds no access key/],
    ['[a]\nrole_arn = x\n', /holds no access key/],
    [`[a]\n${key}`, /profile \[a\] lacks aws_secret_access_key/],
    [`[a]\n${secret}`, /profile \[a\] lacks aws_access_key_id/],
    [`[a]\n${key}${secret}[b]\n${key}${secret}`, /profile \[b\] repeats the access key/],
    [`[a]\n${key}${secret}aws_account_id = 12\n`, /\[a\] has a malformed aws_account_id/],
    [`[a]\naws_access_key_id = a/b\n${secret}`, /\[a\] has a malformed aws_access_key_id/],
    [`[a]\n${key}${secret}x_security_token_expires = soon\n`, /malformed x_security_token_expires/],
    [`${key}${secret}`, /line 1 is neither/],
    [`[a]\n${key}hush-hush\n`, /line 3 is neither/],
    ['\0\x01\x02', /line 1 is neither/],
  ];
  for (const [text, expected] of cases) {
    assert.throws(
      () => parse(text),
      (error) =>
        error instanceof CredentialsFileError &&
        expected.test(error.message) &&
        !error.message.includes('hush'),
      text,
    );
  }
});
