import { list, optional, required, structure } from '../../../wire/shape/shape.ts';
import { DestinationSchema, Id, ResourceARN } from '../both.ts';
import { InAppStreamName, RoleARN } from './names.ts';

export const KinesisStreamsOutput = structure('KinesisStreamsOutput', { ResourceARN: required(ResourceARN) });

export const KinesisFirehoseOutput = structure('KinesisFirehoseOutput', {
  ResourceARN: required(ResourceARN),
});

export const LambdaOutput = structure('LambdaOutput', { ResourceARN: required(ResourceARN) });

export const Output = structure('Output', {
  Name: required(InAppStreamName),
  KinesisStreamsOutput: optional(KinesisStreamsOutput),
  KinesisFirehoseOutput: optional(KinesisFirehoseOutput),
  LambdaOutput: optional(LambdaOutput),
  DestinationSchema: required(DestinationSchema),
});

export const KinesisStreamsOutputDescription = structure('KinesisStreamsOutputDescription', {
  ResourceARN: required(ResourceARN),
  RoleARN: optional(RoleARN),
});

export const KinesisFirehoseOutputDescription = structure('KinesisFirehoseOutputDescription', {
  ResourceARN: required(ResourceARN),
  RoleARN: optional(RoleARN),
});

export const LambdaOutputDescription = structure('LambdaOutputDescription', {
  ResourceARN: required(ResourceARN),
  RoleARN: optional(RoleARN),
});

export const OutputDescription = structure('OutputDescription', {
  OutputId: optional(Id),
  Name: optional(InAppStreamName),
  KinesisStreamsOutputDescription: optional(KinesisStreamsOutputDescription),
  KinesisFirehoseOutputDescription: optional(KinesisFirehoseOutputDescription),
  LambdaOutputDescription: optional(LambdaOutputDescription),
  DestinationSchema: optional(DestinationSchema),
});

export const OutputDescriptions = list(OutputDescription);

export const Outputs = list(Output);

export const KinesisStreamsOutputUpdate = structure('KinesisStreamsOutputUpdate', {
  ResourceARNUpdate: required(ResourceARN),
});

export const KinesisFirehoseOutputUpdate = structure('KinesisFirehoseOutputUpdate', {
  ResourceARNUpdate: required(ResourceARN),
});

export const LambdaOutputUpdate = structure('LambdaOutputUpdate', {
  ResourceARNUpdate: required(ResourceARN),
});

export const OutputUpdate = structure('OutputUpdate', {
  OutputId: required(Id),
  NameUpdate: optional(InAppStreamName),
  KinesisStreamsOutputUpdate: optional(KinesisStreamsOutputUpdate),
  KinesisFirehoseOutputUpdate: optional(KinesisFirehoseOutputUpdate),
  LambdaOutputUpdate: optional(LambdaOutputUpdate),
  DestinationSchemaUpdate: optional(DestinationSchema),
});

export const OutputUpdates = list(OutputUpdate);
