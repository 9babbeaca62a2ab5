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
    if (resource === '*' || accountOf(resource) === caller.account) continue;
    throw new ServiceError(
      'AccessDeniedException',
      `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ` +
        `because no resource-based policy allows the ${action} action`,
    );
  }
}

/** `arn:partition:service:region:account:resource`. */
function accountOf(arn: string): string | undefined {
  return arn.startsWith('arn:') ? arn.split(':', 5)[4] : undefined;
}
