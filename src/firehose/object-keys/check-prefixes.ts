/**
 * What AWS checks of Prefix, ErrorOutputPrefix and CustomTimeZone when a delivery stream is created or updated. Rules: "Custom prefixes for Amazon
 * S3 objects", Firehose developer guide. Texts: seen from the service by the AWS CDK and others (decision 0424); two are our own.
 */
import { localTimeOf } from './local-time.ts';
import {
  PrefixError,
  parsePrefix,
  type PrefixExpression,
  type PrefixMember,
  type PrefixPart,
} from './prefix-expression.ts';
import { UTC, timeZoneOf, type TimeZone } from './time-zone.ts';

export const PREFIX_CHARACTERS_MAX = 512;
export const RANDOM_STRING_CHARACTERS = 11;

export type PrefixSettings = {
  readonly prefix?: string | undefined;
  readonly errorOutputPrefix?: string | undefined;
  readonly customTimeZone?: string | undefined;
  /** False for the S3 configuration of Redshift. */
  readonly expressionsAllowed: boolean;
  /** Undefined when dynamic partitioning is off. */
  readonly partitioning?:
    | {
        /** The keys that MetadataExtraction's query gives; undefined without that processor, or when they cannot be known. */
        readonly queryKeys: readonly string[] | undefined;
        readonly hasQuery: boolean;
        readonly hasLambda: boolean;
      }
    | undefined;
};

/** What `checkPrefixes` gives and object keys are made from. */
export type Prefixes = {
  readonly prefix: PrefixExpression;
  /** Undefined when none is set: errors then go below `prefix`, which has no expressions. */
  readonly errorOutputPrefix: PrefixExpression | undefined;
  readonly timeZone: TimeZone;
};

/** Throws `PrefixError`. An empty prefix counts as none. */
export function checkPrefixes(settings: PrefixSettings): Prefixes {
  const prefix = parsePrefix(settings.prefix ?? '', 'Prefix');
  const errorOutputPrefix = settings.errorOutputPrefix
    ? parsePrefix(settings.errorOutputPrefix, 'ErrorOutputPrefix')
    : undefined;
  const timeZone = checkTimeZone(settings.customTimeZone ?? '', [...prefix, ...(errorOutputPrefix ?? [])]);
  if (!settings.expressionsAllowed && (hasExpressions(prefix) || errorOutputPrefix !== undefined)) {
    throw new PrefixError(
      'Prefix Expressions or ErrorOutputPrefix is currently not supported for this destination',
    );
  }
  if (prefix.some(({ kind }) => kind === 'error-output-type')) {
    throw new PrefixError('Prefix must not contain any occurrence of !{firehose:error-output-type}');
  }
  if (errorOutputPrefix !== undefined) checkErrorOutputPrefix(errorOutputPrefix);
  checkPartitionKeys(prefix, settings.partitioning);
  if (hasExpressions(prefix) && errorOutputPrefix === undefined) {
    throw new PrefixError('ErrorOutputPrefix cannot be null or empty when Prefix contains expressions');
  }
  checkLength(prefix, 'Prefix');
  if (errorOutputPrefix !== undefined) checkLength(errorOutputPrefix, 'ErrorOutputPrefix');
  return Object.freeze({ prefix, errorOutputPrefix, timeZone });
}

export function hasExpressions(prefix: PrefixExpression): boolean {
  return prefix.some(({ kind }) => kind !== 'literal');
}

function isPartitionKey(part: PrefixPart): part is PrefixPart & { readonly key: string } {
  return part.kind === 'partitionKeyFromQuery' || part.kind === 'partitionKeyFromLambda';
}

function checkTimeZone(name: string, parts: PrefixExpression): TimeZone {
  const zone = timeZoneOf(name);
  if (zone === undefined) {
    throw new PrefixError(
      'AWS Kinesis Firehose delivery stream, the supported IANA time zone formats are non-3-letter identifiers',
    );
  }
  if (zone !== UTC && parts.some((part) => part.kind === 'timestamp' && part.pattern.namesZone)) {
    throw new PrefixError(
      `The pattern letter z is supported without CustomTimeZone only; VV prints ${name}, and xxx the offset`,
    );
  }
  return zone;
}

function checkErrorOutputPrefix(prefix: PrefixExpression): void {
  if (prefix.some(isPartitionKey)) {
    throw new PrefixError("Dynamic Partitioning Namespaces can't be part of an error prefix expression");
  }
  if (hasExpressions(prefix) && !prefix.some(({ kind }) => kind === 'error-output-type')) {
    throw new PrefixError(
      'ErrorOutputPrefix must contain at least one occurrence of !{firehose:error-output-type}',
    );
  }
}

function checkPartitionKeys(prefix: PrefixExpression, partitioning: PrefixSettings['partitioning']): void {
  const keys = prefix.filter(isPartitionKey);
  if (partitioning === undefined) {
    if (keys.length === 0) return;
    throw new PrefixError(
      'Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled.',
    );
  }
  if (keys.length === 0) {
    throw new PrefixError(
      'S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is enabled',
    );
  }
  if (!partitioning.hasLambda && keys.some(({ kind }) => kind === 'partitionKeyFromLambda')) {
    throw new PrefixError(
      'Lambda should be present when S3 Prefix contains keys from partitionKeyFromLambda namespace',
    );
  }
  const fromQuery = new Set(
    keys.filter(({ kind }) => kind === 'partitionKeyFromQuery').map(({ key }) => key),
  );
  if (!partitioning.hasQuery && fromQuery.size > 0) {
    throw new PrefixError(
      'MetadataExtraction processor should be present when S3 Prefix has partitionKeyFromQuery namespace',
    );
  }
  const { queryKeys } = partitioning;
  if (queryKeys === undefined) return;
  const unknown = [...fromQuery].find((key) => !queryKeys.includes(key));
  if (unknown !== undefined) {
    throw new PrefixError(`MetadataExtraction query does not give the partition key ${unknown} of S3 Prefix`);
  }
  if (queryKeys.some((key) => !fromQuery.has(key))) {
    throw new PrefixError(
      "MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix expression",
    );
  }
}

/** The least that the prefix can evaluate to; keys and types are one character at least. */
function checkLength(prefix: PrefixExpression, member: PrefixMember): void {
  const length = prefix.reduce((total, part) => total + leastLength(part), 0);
  if (length > PREFIX_CHARACTERS_MAX) {
    const name = member === 'Prefix' ? 'prefix' : member;
    throw new PrefixError(`Length of evaluated ${name} cannot be greater than ${PREFIX_CHARACTERS_MAX}`);
  }
}

const ANY_TIME = localTimeOf(0, UTC);

function leastLength(part: PrefixPart): number {
  if (part.kind === 'literal') return part.text.length;
  if (part.kind === 'timestamp') return part.pattern.format(ANY_TIME).length;
  return part.kind === 'random-string' ? RANDOM_STRING_CHARACTERS : 1;
}
