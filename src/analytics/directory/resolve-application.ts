/** Which application a call means, and the resources that authorization is asked about. */
import type { Call } from '../../wire/shape/operation.ts';
import { applicationArn, type ApplicationDirectory, type ApplicationState } from './application-state.ts';
import { applicationNotFound, invalidArgument, unsupportedOperation } from './application-errors.ts';
import { isSql } from '../settings/settings.ts';

type Named = { readonly ApplicationName: string };

/** Of the caller's account, in the call's region. Throws ResourceNotFoundException when there is none. */
export function resolveApplication(
  directory: ApplicationDirectory,
  { ApplicationName: name }: Named,
  { caller: { account }, region }: Pick<Call, 'caller' | 'region'>,
): ApplicationState {
  const application = directory.byName(account, region, name);
  if (application === undefined) throw applicationNotFound(name, account);
  return application;
}

/** The same by the first API, which knows applications of SQL only. Throws UnsupportedOperationException for others. */
export function resolveApplicationV1(
  directory: ApplicationDirectory,
  input: Named,
  call: Pick<Call, 'caller' | 'region'>,
): ApplicationState {
  const application = resolveApplication(directory, input, call);
  if (!isSql(application.settings)) {
    throw unsupportedOperation(
      `Application ${application.name} has the runtime environment ${application.settings.runtime}: ` +
        'use the Kinesis Analytics V2 API for it.',
    );
  }
  return application;
}

/** By its ARN. Throws InvalidArgumentException for what is no such ARN, ResourceNotFoundException. */
export function resolveResource(
  directory: ApplicationDirectory,
  { ResourceARN: arn }: { readonly ResourceARN: string },
  { caller, region }: Pick<Call, 'caller' | 'region'>,
): ApplicationState {
  const [, , service, arnRegion = '', account = '', resource = ''] = arn.split(':');
  if (service !== 'kinesisanalytics' || !resource.startsWith('application/')) {
    throw invalidArgument(`${arn} is not the ARN of an application.`);
  }
  const name = resource.slice('application/'.length);
  const isHere = account === caller.account && arnRegion === region;
  const application = isHere ? directory.byName(account, region, name) : undefined;
  if (application === undefined) throw applicationNotFound(name, account);
  return application;
}

export function applicationResource(input: Named, { caller, region }: Call): readonly string[] {
  return [applicationArn(region, caller.account, input.ApplicationName)];
}

export function arnResource(input: { readonly ResourceARN: string }): readonly string[] {
  return [input.ResourceARN];
}

export function noResource(): readonly string[] {
  return ['*'];
}
