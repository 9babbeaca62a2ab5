import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { checkPrefixes, type PrefixSettings } from './check-prefixes.ts';
import { evaluateErrorPrefix, evaluatePrefix, objectName } from './object-key.ts';
import { PrefixError } from './prefix-expression.ts';
import { UTC, timeZoneOf } from './time-zone.ts';

const dice = createSimulatedDice(7);
const TIME = Date.UTC(2018, 7, 27, 10, 30, 5);
const ERRORS = 'failed/!{firehose:error-output-type}/';

function prefixes(settings: Partial<PrefixSettings>) {
  return checkPrefixes({ expressionsAllowed: true, ...settings });
}

function evaluated(settings: Partial<PrefixSettings>): string {
  return evaluatePrefix(prefixes(settings), TIME, dice);
}

describe('Prefixes', () => {
  it('without expressions end in folders of the hour, and no slash is put before them', () => {
    assert.equal(evaluated({}), '2018/08/27/10/');
    assert.equal(evaluated({ prefix: 'legacy' }), 'legacy2018/08/27/10/');
    assert.equal(evaluated({ prefix: 'logs/', customTimeZone: 'Asia/Tokyo' }), 'logs/2018/08/27/19/');
  });

  it('with expressions get nothing more', () => {
    const prefix = "y=!{timestamp:yyyy}/'!{timestamp:yyyy'-W'ww}'/!{timestamp:HH}";
    assert.equal(evaluated({ prefix, errorOutputPrefix: ERRORS }), "y=2018/'2018-W35'/10");
    const random = evaluated({
      prefix: '!{firehose:random-string}/!{firehose:random-string}',
      errorOutputPrefix: 'e',
    });
    assert.match(random, /^[A-Za-z0-9]{11}\/[A-Za-z0-9]{11}$/);
    assert.notEqual(random.slice(0, 11), random.slice(12));
  });

  it('take partition keys of both kinds', () => {
    const parsed = prefixes({
      prefix: 'c=!{partitionKeyFromQuery:customer}/r=!{partitionKeyFromLambda:region}/',
      errorOutputPrefix: ERRORS,
      partitioning: { queryKeys: ['customer'], hasQuery: true, hasLambda: true },
    });
    const keys = { fromQuery: new Map([['customer', '../x']]), fromLambda: new Map([['region', 'eu']]) };
    assert.equal(evaluatePrefix(parsed, TIME, dice, keys), 'c=../x/r=eu/');
  });

  it('of errors name the type', () => {
    const errors = (settings: Partial<PrefixSettings>) =>
      evaluateErrorPrefix(prefixes(settings), 'processing-failed', TIME, dice);
    assert.equal(errors({}), 'processing-failed/2018/08/27/10/');
    assert.equal(errors({ prefix: 'logs/' }), 'logs/processing-failed/2018/08/27/10/');
    assert.equal(errors({ errorOutputPrefix: 'bad/' }), 'bad/processing-failed/2018/08/27/10/');
    assert.equal(
      errors({ errorOutputPrefix: '!{firehose:error-output-type}/!{timestamp:yyyy}' }),
      'processing-failed/2018',
    );
  });

  const REFUSED: readonly (readonly [string, Partial<PrefixSettings>])[] = [
    ['Invalid expression usage', { prefix: 'a!{timestamp}' }],
    ['Invalid expression usage', { prefix: 'a!{timestamp:yyyy' }],
    ['Namespace to the left of colon (time) is an invalid keyword!', { prefix: '!{time:yyyy}' }],
    [
      'Invalid conversion character used in the value of the expression in ErrorOutputPrefix',
      { errorOutputPrefix: '!{firehose:uuid}' },
    ],
    [
      'Invalid conversion character used in the value of the expression in Prefix. Unknown pattern letter: b',
      { prefix: '!{timestamp:bb}' },
    ],
    [
      'ErrorOutputPrefix cannot be null or empty when Prefix contains expressions',
      { prefix: '!{timestamp:yyyy}', errorOutputPrefix: '' },
    ],
    [
      'Prefix must not contain any occurrence of !{firehose:error-output-type}',
      { prefix: ERRORS, errorOutputPrefix: ERRORS },
    ],
    [
      'ErrorOutputPrefix must contain at least one occurrence of !{firehose:error-output-type}',
      { errorOutputPrefix: '!{timestamp:yyyy}' },
    ],
    [
      "Dynamic Partitioning Namespaces can't be part of an error prefix expression",
      { errorOutputPrefix: `${ERRORS}!{partitionKeyFromQuery:a}` },
    ],
    [
      'Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled.',
      { prefix: '!{partitionKeyFromQuery:a}', errorOutputPrefix: ERRORS },
    ],
    [
      'S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is enabled',
      { prefix: 'a', partitioning: { queryKeys: ['a'], hasQuery: true, hasLambda: false } },
    ],
    [
      'Lambda should be present when S3 Prefix contains keys from partitionKeyFromLambda namespace',
      {
        prefix: '!{partitionKeyFromLambda:a}',
        partitioning: { queryKeys: undefined, hasQuery: false, hasLambda: false },
      },
    ],
    [
      'MetadataExtraction processor should be present when S3 Prefix has partitionKeyFromQuery namespace',
      {
        prefix: '!{partitionKeyFromQuery:a}',
        partitioning: { queryKeys: undefined, hasQuery: false, hasLambda: true },
      },
    ],
    [
      "MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix expression",
      {
        prefix: '!{partitionKeyFromQuery:a}',
        partitioning: { queryKeys: ['a', 'b'], hasQuery: true, hasLambda: false },
      },
    ],
    [
      'Prefix Expressions or ErrorOutputPrefix is currently not supported for this destination',
      { errorOutputPrefix: 'e/', expressionsAllowed: false },
    ],
    ['Length of evaluated prefix cannot be greater than 512', { prefix: 'x'.repeat(513) }],
    [
      'Length of evaluated ErrorOutputPrefix cannot be greater than 512',
      { errorOutputPrefix: 'x'.repeat(510) + ERRORS },
    ],
    [
      'AWS Kinesis Firehose delivery stream, the supported IANA time zone formats are non-3-letter identifiers',
      { customTimeZone: 'EST' },
    ],
  ];
  for (const [message, settings] of REFUSED) {
    it(`are refused: ${message}`, () => {
      assert.throws(
        () => prefixes(settings),
        (error) => error instanceof PrefixError && error.message === message,
      );
    });
  }

  it('keep to zones that there are', () => {
    for (const name of ['EST', 'Mars/Olympus', 'asia/tokyo', '+09:00'])
      assert.equal(timeZoneOf(name), undefined);
    assert.equal(timeZoneOf('America/St_Johns')!.offsetSeconds(TIME), -9000);
    assert.equal(timeZoneOf(''), UTC);
  });
});

describe('Names of objects', () => {
  it('hold the stream, its version, the time in the zone, the uuid and the extension', () => {
    const uuid = '1b4e28ba-2fa1-11d2-883f-0016d3cca427';
    const name = { deliveryStream: 'clicks', versionId: '3', oldestArrivalMs: TIME, uuid };
    assert.equal(
      objectName({ ...name, timeZone: timeZoneOf('Asia/Kolkata')!, extension: '.gz' }),
      `clicks-3-2018-08-27-16-00-05-${uuid}.gz`,
    );
    assert.equal(
      objectName({ ...name, timeZone: UTC, extension: '' }),
      `clicks-3-2018-08-27-10-30-05-${uuid}`,
    );
  });
});
