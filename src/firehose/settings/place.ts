/** Where a delivery stream is: what the ARNs in its configuration are compared with. */
import { ServiceError } from '../../wire/shape/service-error.ts';
import { invalidArgument } from './refusals.ts';

export type Place = { readonly account: string; readonly region: string };

/** AWS checks that the caller may pass each role, and no role of another account may be passed. */
export function checkRoles(roles: readonly (string | undefined)[], place: Place): void {
  for (const role of roles) {
    if (role !== undefined && accountOf(role) !== place.account) {
      throw new ServiceError('AccessDeniedException', 'Cross-account pass role is not allowed.');
    }
  }
}

/** `arn:partition:service:region:account:resource`; names of roles have no colons before the account. */
function accountOf(arn: string): string | undefined {
  return arn.split(':')[4];
}

/** Secrets of other accounts are allowed, of other regions not. */
export function checkSecretRegion(arn: string, place: Place): void {
  if (arn.split(':')[3] !== place.region) {
    throw invalidArgument(
      'Cross-region secrets are not allowed. Please provide a secret in the same region as firehose',
    );
  }
}
