/** The flags that name where an application reads from. */
import { UsageError, type Flag, type ParsedFlags } from '../../base/flags.ts';
import type { Own } from './app-api.ts';

export const SOURCE_FLAGS: readonly Flag[] = [
  { name: 'stream', value: 'NAME', help: 'Read this stream.' },
  { name: 'firehose', value: 'NAME', help: 'Read what is put into this delivery stream.' },
  { name: 'function', value: 'NAME', help: 'Let this function change records first.' },
];

export type NamedSource = { readonly kind: 'stream' | 'firehose'; readonly arn: string };

/** Undefined when none is named. */
export function sourceOf({ values }: ParsedFlags, own: Own): NamedSource | undefined {
  const stream = values.get('stream');
  const firehose = values.get('firehose');
  if (stream !== undefined && firehose !== undefined) {
    throw new UsageError('An application has one source: --stream or --firehose, not both.');
  }
  if (stream !== undefined) return { kind: 'stream', arn: own.arn('kinesis', stream) };
  return firehose === undefined ? undefined : { kind: 'firehose', arn: own.arn('firehose', firehose) };
}

export function processorOf({ values }: ParsedFlags, own: Own): object {
  const name = values.get('function');
  if (name === undefined) return {};
  return {
    InputProcessingConfiguration: { InputLambdaProcessor: { ResourceARN: own.arn('lambda', name) } },
  };
}
