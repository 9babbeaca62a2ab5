import { operation, type Handler } from '../../wire/shape/operation.ts';
import { applicationResource, resolveApplication } from '../directory/resolve-application.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName, ApplicationVersionId, Id, ResourceARN } from '../shapes/both.ts';
import { ConditionalToken, OperationId } from '../shapes/v2/names.ts';
import { answerOf, configure } from './configure.ts';
import { invalidConfiguration, notFound } from '../directory/application-errors.ts';
import { isSql } from '../settings/settings.ts';
import type { OperationParts } from './parts.ts';

export const DeleteApplicationVpcConfigurationV2 = operation({
  name: 'DeleteApplicationVpcConfiguration',
  action: 'kinesisanalytics:DeleteApplicationVpcConfiguration',
  resources: applicationResource,
  input: structure('DeleteApplicationVpcConfigurationRequest', {
    ApplicationName: required(ApplicationName),
    CurrentApplicationVersionId: optional(ApplicationVersionId),
    VpcConfigurationId: required(Id),
    ConditionalToken: optional(ConditionalToken),
  }),
  output: structure('DeleteApplicationVpcConfigurationResponse', {
    ApplicationARN: optional(ResourceARN),
    ApplicationVersionId: optional(ApplicationVersionId),
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

export function deleteApplicationVpcConfigurationV2(
  parts: OperationParts,
): Handler<typeof DeleteApplicationVpcConfigurationV2> {
  return async (input, call) => {
    const application = resolveApplication(parts.directory, input, call);
    if (isSql(application.settings)) {
      throw invalidConfiguration('VPC configurations are not supported for SQL applications.');
    }
    const configured = await configure(
      parts,
      application,
      input,
      'DeleteApplicationVpcConfiguration',
      (settings) => {
        const vpcs = settings.vpcs.filter((vpc) => vpc.VpcConfigurationId !== input.VpcConfigurationId);
        if (vpcs.length === settings.vpcs.length) {
          throw notFound(`There is no VPC configuration with the id ${input.VpcConfigurationId}.`);
        }
        return { ...settings, vpcs };
      },
    );
    return { ...answerOf(configured), OperationId: configured.operationId };
  };
}
