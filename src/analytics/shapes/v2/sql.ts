import { optional, structure } from '../../../wire/shape/shape.ts';
import { InputDescriptions, InputUpdates, Inputs } from './inputs.ts';
import { OutputDescriptions, OutputUpdates, Outputs } from './outputs.ts';
import {
  ReferenceDataSourceDescriptions,
  ReferenceDataSourceUpdates,
  ReferenceDataSources,
} from './reference-data.ts';

export const SqlApplicationConfiguration = structure('SqlApplicationConfiguration', {
  Inputs: optional(Inputs),
  Outputs: optional(Outputs),
  ReferenceDataSources: optional(ReferenceDataSources),
});

export const SqlApplicationConfigurationDescription = structure('SqlApplicationConfigurationDescription', {
  InputDescriptions: optional(InputDescriptions),
  OutputDescriptions: optional(OutputDescriptions),
  ReferenceDataSourceDescriptions: optional(ReferenceDataSourceDescriptions),
});

export const SqlApplicationConfigurationUpdate = structure('SqlApplicationConfigurationUpdate', {
  InputUpdates: optional(InputUpdates),
  OutputUpdates: optional(OutputUpdates),
  ReferenceDataSourceUpdates: optional(ReferenceDataSourceUpdates),
});
