/** The processors of a delivery stream as steps in the service's order, whatever the order they are listed in. Each kind works once. */
import type { ProcessingSettings } from '../settings/destination-settings.ts';
import type { DeAggregation } from './de-aggregation.ts';
import { delimiterOf } from './delimiter.ts';
import type { LambdaSettings } from './lambda-transform.ts';
import { PROCESSING_LIMITS } from './processing-limits.ts';

export type ProcessingPlan = {
  readonly decompresses: boolean;
  readonly extractsMessages: boolean;
  readonly deAggregation: DeAggregation | undefined;
  readonly lambda: (LambdaSettings & { readonly bufferIntervalMs: number }) | undefined;
  /** A jq program. */
  readonly query: string | undefined;
  readonly delimiter: Uint8Array | undefined;
};

type ProcessorSetting = ProcessingSettings['Processors'][number];

/** Of settings that were checked: what cannot be understood is as if it were not there. */
export function processingPlan(settings: ProcessingSettings | undefined): ProcessingPlan {
  const processors = settings?.Enabled === true ? settings.Processors : [];
  const find = (type: ProcessorSetting['Type']): ProcessorSetting | undefined =>
    processors.find((processor) => processor.Type === type);
  const deAggregation = find('RecordDeAggregation');
  const extraction = find('MetadataExtraction');
  const delimiter = find('AppendDelimiterToRecord');
  const logs = find('CloudWatchLogProcessing');
  return {
    decompresses: find('Decompression') !== undefined,
    extractsMessages:
      logs !== undefined && parameter(logs, 'DataMessageExtraction')?.toLowerCase() === 'true',
    deAggregation: deAggregation && deAggregationOf(deAggregation),
    lambda: lambdaOf(find('Lambda')),
    query: extraction && parameter(extraction, 'MetadataExtractionQuery'),
    delimiter: delimiter && delimiterOf(parameter(delimiter, 'Delimiter')),
  };
}

function deAggregationOf(processor: ProcessorSetting): DeAggregation | undefined {
  if (parameter(processor, 'SubRecordType') === 'JSON') return { kind: 'JSON' };
  const delimiter = Buffer.from(parameter(processor, 'Delimiter') ?? '', 'base64');
  return delimiter.length === 0 ? undefined : { kind: 'DELIMITED', delimiter };
}

function lambdaOf(processor: ProcessorSetting | undefined): ProcessingPlan['lambda'] {
  const arn = processor && parameter(processor, 'LambdaArn');
  if (processor === undefined || arn === undefined) return undefined;
  const megabytes = numberOf(parameter(processor, 'BufferSizeInMBs'));
  const seconds = numberOf(parameter(processor, 'BufferIntervalInSeconds'));
  const retries = numberOf(parameter(processor, 'NumberOfRetries')) ?? PROCESSING_LIMITS.lambdaRetries;
  return {
    arn,
    retries: Math.min(Math.max(0, Math.trunc(retries)), PROCESSING_LIMITS.lambdaRetriesMax),
    bufferBytes:
      megabytes === undefined ? PROCESSING_LIMITS.lambdaBufferBytes : Math.ceil(megabytes * 1024 * 1024),
    bufferIntervalMs: seconds === undefined ? PROCESSING_LIMITS.lambdaBufferIntervalMs : seconds * 1000,
  };
}

function parameter(
  { Parameters }: ProcessorSetting,
  name: NonNullable<ProcessorSetting['Parameters']>[number]['ParameterName'],
): string | undefined {
  return Parameters?.find(({ ParameterName }) => ParameterName === name)?.ParameterValue;
}

function numberOf(text: string | undefined): number | undefined {
  const value = text === undefined ? NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}
