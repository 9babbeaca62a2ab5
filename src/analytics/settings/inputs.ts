/** Inputs, as both APIs give, change and describe them. */
import type { TypeOf } from '../../wire/shape/shape.ts';
import { invalidArgument } from '../directory/application-errors.ts';
import type { Run } from '../lifecycle/run.ts';
import type { Input, InputUpdate } from '../shapes/v1/inputs.ts';
import type { Input as InputV2, InputUpdate as InputUpdateV2 } from '../shapes/v2/inputs.ts';
import { checked, describeResource, onlyResource, updatedResource } from './resources.ts';
import { streamNames, type InputSettings, type Schema } from './settings.ts';

type AnyInput = TypeOf<typeof Input> | TypeOf<typeof InputV2>;
type AnyUpdate = TypeOf<typeof InputUpdate> | TypeOf<typeof InputUpdateV2>;

/** Throws InvalidArgumentException. */
export function readInput(id: string, input: AnyInput): InputSettings {
  const processor = input.InputProcessingConfiguration?.InputLambdaProcessor;
  return {
    id,
    namePrefix: input.NamePrefix,
    source: onlyResource('An input', {
      stream: input.KinesisStreamsInput,
      'delivery-stream': input.KinesisFirehoseInput,
    }),
    processor: processor && checked('function', processor),
    parallelism: input.InputParallelism?.Count,
    schema: input.InputSchema,
  };
}

/** Throws InvalidArgumentException. */
export function updateInput(now: InputSettings, update: AnyUpdate): InputSettings {
  return {
    ...now,
    namePrefix: update.NamePrefixUpdate ?? now.namePrefix,
    source: updatedResource(now.source, {
      stream: update.KinesisStreamsInputUpdate,
      'delivery-stream': update.KinesisFirehoseInputUpdate,
    }),
    processor: updatedProcessor(now, update),
    parallelism: update.InputParallelismUpdate?.CountUpdate ?? now.parallelism,
    schema: updatedSchema(now.schema, update.InputSchemaUpdate),
  };
}

function updatedProcessor(now: InputSettings, update: AnyUpdate): InputSettings['processor'] {
  const change = update.InputProcessingConfigurationUpdate?.InputLambdaProcessorUpdate;
  if (change === undefined) return now.processor;
  const arn = change.ResourceARNUpdate ?? now.processor?.arn;
  if (arn === undefined)
    throw invalidArgument(`Input ${now.id} has no processor: ResourceARNUpdate is missing.`);
  const role = 'RoleARNUpdate' in change ? change.RoleARNUpdate : undefined;
  return checked('function', { ResourceARN: arn, RoleARN: role ?? now.processor?.roleArn });
}

function updatedSchema(now: Schema, update: AnyUpdate['InputSchemaUpdate']): Schema {
  if (update === undefined) return now;
  return {
    RecordFormat: update.RecordFormatUpdate ?? now.RecordFormat,
    RecordEncoding: update.RecordEncodingUpdate ?? now.RecordEncoding,
    RecordColumns: update.RecordColumnUpdates ?? now.RecordColumns,
  };
}

export function describeInput(input: InputSettings, role: string | undefined, run: Run | undefined) {
  const { id, processor, parallelism, source, schema } = input;
  const position = run?.positions[id];
  return {
    InputId: id,
    NamePrefix: input.namePrefix,
    InAppStreamNames: streamNames(input),
    InputProcessingConfigurationDescription: processor && describeProcessor(processor, role),
    KinesisStreamsInputDescription: describeResource(source, 'stream', role),
    KinesisFirehoseInputDescription: describeResource(source, 'delivery-stream', role),
    InputSchema: schema,
    InputParallelism: { Count: parallelism ?? 1 },
    InputStartingPositionConfiguration: position && { InputStartingPosition: position },
  };
}

export function describeProcessor(
  processor: NonNullable<InputSettings['processor']>,
  role: string | undefined,
) {
  return {
    InputLambdaProcessorDescription: { ResourceARN: processor.arn, RoleARN: processor.roleArn ?? role },
  };
}
