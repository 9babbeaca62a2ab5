import { operation, type Handler } from '../../wire/shape/operation.ts';
import { applicationResource, resolveApplication } from '../directory/resolve-application.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName, ResourceARN } from '../shapes/both.ts';
import {
  ApplicationMaintenanceConfigurationDescription,
  ApplicationMaintenanceConfigurationUpdate,
} from '../shapes/v2/application.ts';
import { requireFlink } from '../directory/versions.ts';
import type { OperationParts } from './parts.ts';
import { changeApplication } from '../directory/change-application.ts';
import { requireSettled } from '../directory/versions.ts';
import { maintenanceOf } from '../settings/describe.ts';

export const UpdateApplicationMaintenanceConfigurationV2 = operation({
  name: 'UpdateApplicationMaintenanceConfiguration',
  action: 'kinesisanalytics:UpdateApplicationMaintenanceConfiguration',
  resources: applicationResource,
  input: structure('UpdateApplicationMaintenanceConfigurationRequest', {
    ApplicationName: required(ApplicationName),
    ApplicationMaintenanceConfigurationUpdate: required(ApplicationMaintenanceConfigurationUpdate),
  }),
  output: structure('UpdateApplicationMaintenanceConfigurationResponse', {
    ApplicationARN: optional(ResourceARN),
    ApplicationMaintenanceConfigurationDescription: optional(ApplicationMaintenanceConfigurationDescription),
  }),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
    'UnsupportedOperationException',
  ],
});

export function updateApplicationMaintenanceConfigurationV2(
  parts: OperationParts,
): Handler<typeof UpdateApplicationMaintenanceConfigurationV2> {
  return async (input, call) => {
    const application = resolveApplication(parts.directory, input, call);
    requireFlink(application.name, application.settings);
    const changed = await changeApplication(parts, application, (row) => {
      requireSettled(row);
      return {
        maintenance_start:
          input.ApplicationMaintenanceConfigurationUpdate.ApplicationMaintenanceWindowStartTimeUpdate,
      };
    });
    return {
      ApplicationARN: changed.arn,
      ApplicationMaintenanceConfigurationDescription: maintenanceOf(changed),
    };
  };
}
