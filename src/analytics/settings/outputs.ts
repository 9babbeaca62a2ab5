/** Outputs, as both APIs give, change and describe them. */
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { Output, OutputUpdate } from '../shapes/v1/outputs.ts';
import type { Output as OutputV2, OutputUpdate as OutputUpdateV2 } from '../shapes/v2/outputs.ts';
import { describeResource, onlyResource, updatedResource } from './resources.ts';
import type { OutputSettings } from './settings.ts';

/** Throws InvalidArgumentException. */
export function readOutput(
  id: string,
  output: TypeOf<typeof Output> | TypeOf<typeof OutputV2>,
): OutputSettings {
  return {
    id,
    name: output.Name,
    destination: onlyResource('An output', {
      stream: output.KinesisStreamsOutput,
      'delivery-stream': output.KinesisFirehoseOutput,
      function: output.LambdaOutput,
    }),
    format: output.DestinationSchema.RecordFormatType,
  };
}

/** Throws InvalidArgumentException. */
export function updateOutput(
  now: OutputSettings,
  update: TypeOf<typeof OutputUpdate> | TypeOf<typeof OutputUpdateV2>,
): OutputSettings {
  return {
    id: now.id,
    name: update.NameUpdate ?? now.name,
    destination: updatedResource(now.destination, {
      stream: update.KinesisStreamsOutputUpdate,
      'delivery-stream': update.KinesisFirehoseOutputUpdate,
      function: update.LambdaOutputUpdate,
    }),
    format: update.DestinationSchemaUpdate?.RecordFormatType ?? now.format,
  };
}

export function describeOutput({ id, name, destination, format }: OutputSettings, role: string | undefined) {
  return {
    OutputId: id,
    Name: name,
    KinesisStreamsOutputDescription: describeResource(destination, 'stream', role),
    KinesisFirehoseOutputDescription: describeResource(destination, 'delivery-stream', role),
    LambdaOutputDescription: describeResource(destination, 'function', role),
    DestinationSchema: { RecordFormatType: format },
  };
}
