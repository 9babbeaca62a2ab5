import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { checkPrefixes } from './check-prefixes.ts';
import { errorObjectKeys } from './error-object-keys.ts';
import { evaluateErrorPrefix, evaluatePrefix, objectName } from './object-key.ts';

const TIME_MS = Date.UTC(2026, 10, 24, 19);
const dice = createSimulatedDice(1);

const SETTINGS: readonly { readonly prefix?: string; readonly errorOutputPrefix?: string }[] = [
  {},
  { prefix: 'logs(1)' },
  { prefix: 'logs', errorOutputPrefix: 'logs' },
  { prefix: 'y=!{timestamp:yyyy}/', errorOutputPrefix: 'e/!{firehose:error-output-type}/!{timestamp:HH}/' },
  { errorOutputPrefix: '!{firehose:random-string}/!{firehose:error-output-type}/' },
];

for (const settings of SETTINGS) {
  test(`error objects are told from all others by their keys: ${JSON.stringify(settings)}`, () => {
    const prefixes = checkPrefixes({ expressionsAllowed: true, ...settings });
    const nameOf = (extension: string) =>
      objectName({
        ...{ deliveryStream: 'a.b', versionId: '3', oldestArrivalMs: TIME_MS, extension },
        timeZone: prefixes.timeZone,
        uuid: 'fe27867a-c778-4121-a922-78f561ee1ad3',
      });
    const folders = evaluateErrorPrefix(prefixes, 'processing-failed', TIME_MS, dice);
    const failed = folders + nameOf('');
    const { begin, isErrorObject } = errorObjectKeys(prefixes, 'a.b');
    assert.ok(isErrorObject(failed) && failed.startsWith(begin), failed);
    assert.ok(errorObjectKeys(prefixes, 'a.b', 'processing-failed').isErrorObject(failed));
    assert.ok(!errorObjectKeys(prefixes, 'a.b', 'splunk-failed').isErrorObject(failed));
    for (const other of ['axb', '.b', 'b', 'z']) {
      assert.ok(!errorObjectKeys(prefixes, other).isErrorObject(failed), other);
    }
    assert.ok(!isErrorObject(evaluatePrefix(prefixes, TIME_MS, dice) + nameOf('')));
    assert.ok(!isErrorObject(folders + nameOf('.gz')));
    assert.ok(!isErrorObject(`${folders}notes`));
  });
}
