import { operation, type Handler } from '../../wire/shape/operation.ts';
import { applicationResource, resolveApplication } from '../directory/resolve-application.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName } from '../shapes/both.ts';
import { AuthorizedUrl, SessionExpirationDurationInSeconds, UrlType } from '../shapes/v2/names.ts';
import { invalidArgument } from '../directory/application-errors.ts';
import type { OperationParts } from './parts.ts';

export const CreateApplicationPresignedUrlV2 = operation({
  name: 'CreateApplicationPresignedUrl',
  action: 'kinesisanalytics:CreateApplicationPresignedUrl',
  resources: applicationResource,
  input: structure('CreateApplicationPresignedUrlRequest', {
    ApplicationName: required(ApplicationName),
    UrlType: required(UrlType),
    SessionExpirationDurationInSeconds: optional(SessionExpirationDurationInSeconds),
  }),
  output: structure('CreateApplicationPresignedUrlResponse', { AuthorizedUrl: optional(AuthorizedUrl) }),
  errors: ['ResourceNotFoundException', 'ResourceInUseException', 'InvalidArgumentException'],
});

/** There is nothing to show: of Flink's and Zeppelin's pages neither is served. */
export function createApplicationPresignedUrlV2({
  directory,
}: OperationParts): Handler<typeof CreateApplicationPresignedUrlV2> {
  return (input, call) => {
    const { name, settings } = resolveApplication(directory, input, call);
    throw invalidArgument(
      `${input.UrlType} is not available for application ${name}, whose runtime environment is ${settings.runtime}.`,
    );
  };
}
