/**
 * SecretsManagerConfiguration. Millrace has no secrets of Secrets Manager: an enabled one is checked as AWS does and then refused, because a
 * delivery stream without its credentials would never deliver; a disabled one is kept and described (decision 0431).
 */
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { SecretsManagerConfiguration } from '../shapes/names.ts';
import { checkRoles, checkSecretRegion, type Place } from './place.ts';
import { invalidArgument, notServed } from './refusals.ts';

export function checkSecrets(
  given: TypeOf<typeof SecretsManagerConfiguration> | undefined,
  destination: string,
  place: Place,
): void {
  if (given?.Enabled !== true) return;
  if (given.SecretARN === undefined) throw invalidArgument('Invalid secret ARN: null');
  checkSecretRegion(given.SecretARN, place);
  checkRoles([given.RoleARN], place);
  throw notServed(
    'SecretsManagerConfiguration',
    `there is no Secrets Manager here; give the credentials in ${destination}.`,
  );
}
