import { list, required, structure } from '../../../wire/shape/shape.ts';
import { Id, InputStartingPositionConfiguration } from '../both.ts';

export const InputConfiguration = structure('InputConfiguration', {
  Id: required(Id),
  InputStartingPositionConfiguration: required(InputStartingPositionConfiguration),
});

export const InputConfigurations = list(InputConfiguration);
