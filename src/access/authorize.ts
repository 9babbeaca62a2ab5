/**
 * May the caller do it: today every caller is the root of an account, which may do everything to what its account owns and nothing to
 * what another owns. The region of an ARN is not looked at here: AWS's policies are not regional, and a service finds nothing
 * of another region anyway.
 */
import type { Caller } from '../wire/shape/operation.ts';
import { ServiceError } from '../wire/shape/service-error.ts';

/** An `Authorize` (wire/shape/authentication.ts). Resources are ARNs, or `*`. */
export function authorizeRoot(caller: Caller, action: string, resources: readonly string[]): void {
  for (const resource of resources) {
    if (resource === '*' || isOwned(resource, caller.account)) continue;
    throw new ServiceError(
      'AccessDeniedException',
      `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ` +
        `because no resource-based policy allows the ${action} action`,
    );
  }
}

/** `arn:partition:service:region:account:resource`. Without taking it apart: this is asked for every call. */
function isOwned(arn: string, account: string): boolean {
  if (!arn.startsWith('arn:')) return false;
  const afterPartition = arn.indexOf(':', 4);
  const afterService = arn.indexOf(':', afterPartition + 1);
  const afterRegion = arn.indexOf(':', afterService + 1);
  // Of an ARN that is cut short none of these is found, and the search begins anew at its start.
  if (afterPartition === -1 || afterService === -1 || afterRegion === -1) return false;
  const end = arn.indexOf(':', afterRegion + 1);
  return (
    (end === -1 ? arn.length : end) === afterRegion + 1 + account.length &&
    arn.startsWith(account, afterRegion + 1)
  );
}
