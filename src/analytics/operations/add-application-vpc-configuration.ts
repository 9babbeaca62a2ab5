import { operation, type Handler } from '../../wire/shape/operation.ts';
import { applicationResource, resolveApplication } from '../directory/resolve-application.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName, ApplicationVersionId, ResourceARN } from '../shapes/both.ts';
import { ConditionalToken, OperationId } from '../shapes/v2/names.ts';
import { VpcConfiguration, VpcConfigurationDescription } from '../shapes/v2/vpc.ts';
import { answerOf, configure } from './configure.ts';
import { invalidConfiguration } from '../directory/application-errors.ts';
import { isSql } from '../settings/settings.ts';
import type { OperationParts } from './parts.ts';

export const AddApplicationVpcConfigurationV2 = operation({
  name: 'AddApplicationVpcConfiguration',
  action: 'kinesisanalytics:AddApplicationVpcConfiguration',
  resources: applicationResource,
  input: structure('AddApplicationVpcConfigurationRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: optional(ApplicationVersionId),
    VpcConfiguration: required(VpcConfiguration),
    ConditionalToken: optional(ConditionalToken),
  }),
  output: structure('AddApplicationVpcConfigurationResponse', {
    ApplicationARN: optional(ResourceARN),
    ApplicationVersionId: optional(ApplicationVersionId),
    VpcConfigurationDescription: optional(VpcConfigurationDescription),
    OperationId: optional(OperationId),
  }),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'ConcurrentModificationException',
    'InvalidApplicationConfigurationException',
  ],
});

/** Kept and described. Throws InvalidApplicationConfigurationException: "VPC configurations are not supported for SQL applications" (model). */
export function addApplicationVpcConfigurationV2(
  parts: OperationParts,
): Handler<typeof AddApplicationVpcConfigurationV2> {
  return async (input, call) => {
    const application = resolveApplication(parts.directory, input, call);
    if (isSql(application.settings)) {
      throw invalidConfiguration('VPC configurations are not supported for SQL applications.');
    }
    const configured = await configure(
      parts,
      application,
      input,
      'AddApplicationVpcConfiguration',
      (settings, version) => ({
        ...settings,
        vpcs: [
          ...settings.vpcs,
          { VpcConfigurationId: `${version}.1`, VpcId: 'vpc-00000000', ...input.VpcConfiguration },
        ],
      }),
    );
    return {
      ...answerOf(configured),
      VpcConfigurationDescription: configured.application.settings.vpcs.at(-1),
      OperationId: configured.operationId,
    };
  };
}
