import { list, optional, required, structure } from '../../../wire/shape/shape.ts';
import {
  Id,
  InputParallelism,
  InputParallelismCount,
  InputStartingPositionConfiguration,
  ResourceARN,
} from '../both.ts';
import { InAppStreamName, RoleARN } from './names.ts';
import { InputSchemaUpdate, SourceSchema } from './record-format.ts';

export const InputLambdaProcessor = structure('InputLambdaProcessor', { ResourceARN: required(ResourceARN) });

export const InputProcessingConfiguration = structure('InputProcessingConfiguration', {
  InputLambdaProcessor: required(InputLambdaProcessor),
});

export const KinesisStreamsInput = structure('KinesisStreamsInput', { ResourceARN: required(ResourceARN) });

export const KinesisFirehoseInput = structure('KinesisFirehoseInput', { ResourceARN: required(ResourceARN) });

export const Input = structure('Input', {
  NamePrefix: required(InAppStreamName),
  InputProcessingConfiguration: optional(InputProcessingConfiguration),
  KinesisStreamsInput: optional(KinesisStreamsInput),
  KinesisFirehoseInput: optional(KinesisFirehoseInput),
  InputParallelism: optional(InputParallelism),
  InputSchema: required(SourceSchema),
});

export const InAppStreamNames = list(InAppStreamName);

export const InputLambdaProcessorDescription = structure('InputLambdaProcessorDescription', {
  ResourceARN: required(ResourceARN),
  RoleARN: optional(RoleARN),
});

export const InputProcessingConfigurationDescription = structure('InputProcessingConfigurationDescription', {
  InputLambdaProcessorDescription: optional(InputLambdaProcessorDescription),
});

export const KinesisStreamsInputDescription = structure('KinesisStreamsInputDescription', {
  ResourceARN: required(ResourceARN),
  RoleARN: optional(RoleARN),
});

export const KinesisFirehoseInputDescription = structure('KinesisFirehoseInputDescription', {
  ResourceARN: required(ResourceARN),
  RoleARN: optional(RoleARN),
});

export const InputDescription = structure('InputDescription', {
  InputId: optional(Id),
  NamePrefix: optional(InAppStreamName),
  InAppStreamNames: optional(InAppStreamNames),
  InputProcessingConfigurationDescription: optional(InputProcessingConfigurationDescription),
  KinesisStreamsInputDescription: optional(KinesisStreamsInputDescription),
  KinesisFirehoseInputDescription: optional(KinesisFirehoseInputDescription),
  InputSchema: optional(SourceSchema),
  InputParallelism: optional(InputParallelism),
  InputStartingPositionConfiguration: optional(InputStartingPositionConfiguration),
});

export const InputDescriptions = list(InputDescription);

export const Inputs = list(Input);

export const InputLambdaProcessorUpdate = structure('InputLambdaProcessorUpdate', {
  ResourceARNUpdate: required(ResourceARN),
});

export const InputProcessingConfigurationUpdate = structure('InputProcessingConfigurationUpdate', {
  InputLambdaProcessorUpdate: required(InputLambdaProcessorUpdate),
});

export const KinesisStreamsInputUpdate = structure('KinesisStreamsInputUpdate', {
  ResourceARNUpdate: required(ResourceARN),
});

export const KinesisFirehoseInputUpdate = structure('KinesisFirehoseInputUpdate', {
  ResourceARNUpdate: required(ResourceARN),
});

export const InputParallelismUpdate = structure('InputParallelismUpdate', {
  CountUpdate: required(InputParallelismCount),
});

export const InputUpdate = structure('InputUpdate', {
  InputId: required(Id),
  NamePrefixUpdate: optional(InAppStreamName),
  InputProcessingConfigurationUpdate: optional(InputProcessingConfigurationUpdate),
  KinesisStreamsInputUpdate: optional(KinesisStreamsInputUpdate),
  KinesisFirehoseInputUpdate: optional(KinesisFirehoseInputUpdate),
  InputSchemaUpdate: optional(InputSchemaUpdate),
  InputParallelismUpdate: optional(InputParallelismUpdate),
});

export const InputUpdates = list(InputUpdate);
