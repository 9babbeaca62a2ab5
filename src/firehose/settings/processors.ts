/**
 * ProcessingConfiguration: defaults and checks. What AWS says of processors was measured there (decision 0430): duplicates of parameters are
 * found first, of all processors, then more than one Lambda, then what each processor lacks. An update replaces the whole block.
 */
import { compileJq } from '../../jq/jq.ts';
import { JqSyntaxError } from '../../jq/errors.ts';
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { ProcessingConfiguration, Processor } from '../shapes/processing.ts';
import type { ProcessingSettings } from './destination-settings.ts';
import { invalidArgument } from './refusals.ts';

type GivenProcessor = TypeOf<typeof Processor>;
type Parameter = NonNullable<GivenProcessor['Parameters']>[number];
type ParameterName = Parameter['ParameterName'];

const PROCESSORS_MAX = 5;
const LAMBDA_RETRIES_MAX = 300;
const LAMBDA_BUFFER_MB = { min: 0.2, max: 3 };
const LAMBDA_INTERVAL_S = { min: 0, max: 900 };
const LAMBDA_ARN =
  /^arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d{12}:function:[a-zA-Z0-9_-]{1,64}(:(\$LATEST|[a-zA-Z0-9_-]{1,128}))?$/;

export type ProcessorDefaults = {
  /** Lambda's, unless it has one of its own. */
  readonly roleArn: string | undefined;
  /** As described; Splunk's is smaller. */
  readonly lambdaBufferMB: string;
  readonly partitioned: boolean;
};

export const LAMBDA_BUFFER_MB_DEFAULT = '1';

/** An omitted Enabled is false, unlike that of a conversion (measured). */
export function settleProcessing(
  given: TypeOf<typeof ProcessingConfiguration> | undefined,
  defaults: ProcessorDefaults,
): ProcessingSettings | undefined {
  if (given === undefined) return undefined;
  const Enabled = given.Enabled ?? false;
  const processors = given.Processors ?? [];
  processors.forEach(checkDuplicates);
  if (Enabled && (processors.length === 0 || processors.length > PROCESSORS_MAX)) {
    throw invalidArgument(
      `A maximum of ${PROCESSORS_MAX} and a minimum of 1 processor needs to be supplied when processing is enabled.`,
    );
  }
  checkTogether(processors, defaults.partitioned);
  return { Enabled, Processors: processors.map((processor) => settleProcessor(processor, defaults)) };
}

export function parameterOf(processor: GivenProcessor, name: ParameterName): string | undefined {
  return processor.Parameters?.find(({ ParameterName }) => ParameterName === name)?.ParameterValue;
}

function checkDuplicates({ Parameters = [] }: GivenProcessor): void {
  if (new Set(Parameters.map(({ ParameterName }) => ParameterName)).size !== Parameters.length) {
    throw invalidArgument('Duplicate ProcessorParameter passed to ProcessingConfiguration.');
  }
}

function checkTogether(processors: readonly GivenProcessor[], partitioned: boolean): void {
  const types = processors.map(({ Type }) => Type);
  if (types.filter((type) => type === 'Lambda').length > 1) {
    throw invalidArgument('Cannot have more than 1 Lambda processor.');
  }
  const twice = types.find((type, index) => types.indexOf(type) !== index);
  if (twice !== undefined) throw invalidArgument(`Cannot have more than 1 ${twice} processor.`);
  for (const type of ['MetadataExtraction', 'RecordDeAggregation'] as const) {
    if (!partitioned && types.includes(type)) {
      throw invalidArgument(
        `class com.amazonaws.services.firehose.internal.model.${type}Processor can only be present when Dynamic Partitioning is enabled.`,
      );
    }
  }
  if (types.includes('CloudWatchLogProcessing') && !types.includes('Decompression')) {
    throw invalidArgument('CloudWatchLogProcessingProcessor can only be enabled with DecompressionProcessor');
  }
}

function settleProcessor(processor: GivenProcessor, defaults: ProcessorDefaults): GivenProcessor {
  switch (processor.Type) {
    case 'Lambda':
      return settleLambda(processor, defaults);
    case 'MetadataExtraction':
      checkExtraction(processor);
      break;
    case 'RecordDeAggregation':
      checkDeaggregation(processor);
      break;
    case 'Decompression':
      return settleDecompression(processor);
    case 'CloudWatchLogProcessing':
      checkExtractionOfMessages(processor);
      break;
    case 'AppendDelimiterToRecord':
      break;
  }
  return { Type: processor.Type, Parameters: processor.Parameters ?? [] };
}

function settleLambda(processor: GivenProcessor, defaults: ProcessorDefaults): GivenProcessor {
  const arn = parameterOf(processor, 'LambdaArn');
  if (arn === undefined) throw invalidArgument('LambdaArn is required when Lambda processor is used.');
  if (!LAMBDA_ARN.test(arn)) throw invalidArgument('Invalid lambda ARN.');
  const size = parameterOf(processor, 'BufferSizeInMBs');
  const interval = parameterOf(processor, 'BufferIntervalInSeconds');
  if ((size === undefined) !== (interval === undefined)) {
    throw invalidArgument(
      'Both BufferSizeInMBs and BufferIntervalInSeconds are required to configure buffering for lambda processor.',
    );
  }
  const retries = parameterOf(processor, 'NumberOfRetries') ?? '3';
  if (!isWithin(retries, { min: 0, max: LAMBDA_RETRIES_MAX }, /^\d+$/)) {
    throw invalidArgument(`Number of retries for lambda must be between 0 and ${LAMBDA_RETRIES_MAX}.`);
  }
  if (size !== undefined && !isWithin(size, LAMBDA_BUFFER_MB, /^\d*\.?\d+$/)) {
    throw invalidArgument('BufferSizeInMBs for lambda processor must be between 0.2 and 3.');
  }
  if (interval !== undefined && !isWithin(interval, LAMBDA_INTERVAL_S, /^\d+$/)) {
    throw invalidArgument('BufferIntervalInSeconds for lambda processor must be between 0 and 900.');
  }
  const role = parameterOf(processor, 'RoleArn') ?? defaults.roleArn;
  return {
    Type: 'Lambda',
    Parameters: [
      { ParameterName: 'LambdaArn', ParameterValue: arn },
      { ParameterName: 'NumberOfRetries', ParameterValue: retries },
      ...(role === undefined ? [] : [{ ParameterName: 'RoleArn', ParameterValue: role } as const]),
      { ParameterName: 'BufferSizeInMBs', ParameterValue: size ?? defaults.lambdaBufferMB },
      { ParameterName: 'BufferIntervalInSeconds', ParameterValue: interval ?? '60' },
    ],
  };
}

function isWithin(
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
  form: RegExp,
): boolean {
  return form.test(text) && Number(text) >= min && Number(text) <= max;
}

function checkExtraction(processor: GivenProcessor): void {
  if (parameterOf(processor, 'JsonParsingEngine') !== 'JQ-1.6') {
    throw invalidArgument('MetaDataExtraction JSON Parsing Engine has to be one of JQ-1.6');
  }
  const query = parameterOf(processor, 'MetadataExtractionQuery');
  if (query === undefined) {
    throw invalidArgument('MetadataExtractionQuery is required when MetadataExtraction processor is used.');
  }
  try {
    compileJq(query);
  } catch (error) {
    if (error instanceof JqSyntaxError) {
      throw invalidArgument(`MetadataExtractionQuery is not served: ${error.message}`);
    }
    throw error;
  }
}

function checkDeaggregation(processor: GivenProcessor): void {
  const type = parameterOf(processor, 'SubRecordType');
  if (type !== 'JSON' && type !== 'DELIMITED') {
    throw invalidArgument('SubRecordType has to be one of JSON, DELIMITED');
  }
  if (type === 'JSON') return;
  const delimiter = parameterOf(processor, 'Delimiter');
  if (delimiter === undefined) throw invalidArgument('Delimiter should be present for DELIMITED');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(delimiter)) {
    throw invalidArgument('Delimiter for DELIMITED has to be base64-encoded');
  }
}

function settleDecompression(processor: GivenProcessor): GivenProcessor {
  const format = parameterOf(processor, 'CompressionFormat') ?? 'GZIP';
  if (format !== 'GZIP') throw invalidArgument('CompressionFormat has to be GZIP');
  return {
    Type: 'Decompression',
    Parameters: [{ ParameterName: 'CompressionFormat', ParameterValue: format }],
  };
}

function checkExtractionOfMessages(processor: GivenProcessor): void {
  const value = parameterOf(processor, 'DataMessageExtraction')?.toLowerCase();
  if (value !== 'true' && value !== 'false') {
    throw invalidArgument(
      'Invalid parameter value for DataMessageExtraction. Allowed values are True and False.',
    );
  }
}
