/**
 * Keys of delivered objects: `<evaluated prefix><stream>-<version>-yyyy-MM-dd-HH-mm-ss-<uuid><extension>`. All times are the arrival of the
 * oldest record in the object, in the custom time zone. Sources: "Custom prefixes for Amazon S3 objects" and "Amazon S3 object name", Firehose
 * developer guide; where they contradict what the service does, the service (decision 0424).
 */
import { assert } from '../../base/assert.ts';
import type { Dice } from '../../host/host.ts';
import { RANDOM_STRING_CHARACTERS, hasExpressions, type Prefixes } from './check-prefixes.ts';
import { parseDatePattern } from './date-pattern.ts';
import { localTimeOf } from './local-time.ts';
import type { PrefixExpression, PrefixPart } from './prefix-expression.ts';
import type { TimeZone } from './time-zone.ts';

export type ErrorOutputType =
  | 'processing-failed'
  | 'metadata-extraction-failed'
  | 'decompression-failed'
  | 'format-conversion-failed'
  | 'AmazonOpenSearchService-failed'
  | 'AmazonOpenSearchServerless-failed'
  | 'elasticsearch-failed'
  | 'splunk-failed'
  | 'http-endpoint-failed';

/** The values of partition keys of one partition, by namespace. */
export type PartitionKeys = {
  readonly fromQuery: ReadonlyMap<string, string>;
  readonly fromLambda: ReadonlyMap<string, string>;
};

const HOUR_FOLDERS: PrefixPart = { kind: 'timestamp', pattern: parseDatePattern('yyyy/MM/dd/HH/') };
const NAME_TIME = parseDatePattern('yyyy-MM-dd-HH-mm-ss');
const RANDOM_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const NO_KEYS: PartitionKeys = { fromQuery: new Map(), fromLambda: new Map() };

/** Up to and without the object's name. `keys` must hold every key that the prefix names. It may be longer than `PREFIX_CHARACTERS_MAX`. */
export function evaluatePrefix(
  { prefix, timeZone }: Prefixes,
  oldestArrivalMs: number,
  dice: Dice,
  keys: PartitionKeys = NO_KEYS,
): string {
  // A prefix without a slash at its end gets none: `logs` is `logs2026/…`.
  const parts = hasExpressions(prefix) ? prefix : [...prefix, HOUR_FOLDERS];
  return evaluate(parts, { oldestArrivalMs, timeZone, dice, keys });
}

export function evaluateErrorPrefix(
  { prefix, errorOutputPrefix, timeZone }: Prefixes,
  type: ErrorOutputType,
  oldestArrivalMs: number,
  dice: Dice,
): string {
  const own = errorOutputPrefix ?? prefix;
  const parts: PrefixExpression = hasExpressions(own)
    ? own
    : [...own, { kind: 'literal', text: `${type}/` }, HOUR_FOLDERS];
  return evaluate(parts, { oldestArrivalMs, timeZone, dice, keys: NO_KEYS, type });
}

/** `uuid` is 36 characters; `extension` begins with its dot, or is empty. */
export function objectName(name: {
  readonly deliveryStream: string;
  readonly versionId: string;
  readonly oldestArrivalMs: number;
  readonly timeZone: TimeZone;
  readonly uuid: string;
  readonly extension: string;
}): string {
  const time = NAME_TIME.format(localTimeOf(name.oldestArrivalMs, name.timeZone));
  return `${name.deliveryStream}-${name.versionId}-${time}-${name.uuid}${name.extension}`;
}

function evaluate(
  parts: PrefixExpression,
  given: {
    readonly oldestArrivalMs: number;
    readonly timeZone: TimeZone;
    readonly dice: Dice;
    readonly keys: PartitionKeys;
    readonly type?: ErrorOutputType;
  },
): string {
  const time = localTimeOf(given.oldestArrivalMs, given.timeZone);
  return parts
    .map((part) => {
      switch (part.kind) {
        case 'literal':
          return part.text;
        case 'timestamp':
          return part.pattern.format(time);
        case 'random-string':
          return randomString(given.dice);
        case 'error-output-type':
          assert(given.type !== undefined, 'only error prefixes name the type of the error');
          return given.type;
        case 'partitionKeyFromQuery':
          return keyOf(given.keys.fromQuery, part.key);
        case 'partitionKeyFromLambda':
          return keyOf(given.keys.fromLambda, part.key);
      }
    })
    .join('');
}

function keyOf(keys: ReadonlyMap<string, string>, key: string): string {
  const value = keys.get(key);
  assert(value !== undefined, `the partition has a value for ${key}`);
  return value;
}

function randomString(dice: Dice): string {
  let text = '';
  while (text.length < RANDOM_STRING_CHARACTERS) {
    text += RANDOM_CHARACTERS[dice.integer(RANDOM_CHARACTERS.length)];
  }
  return text;
}
