/** The account that keeps the server: what is of all its accounts together is for it alone. */
import type { Config } from '../config/config.ts';
import type { Call, Operation } from '../wire/shape/operation.ts';
import { ServiceError } from '../wire/shape/service-error.ts';

/** Throws AccessDeniedException for callers of another account. */
export function requireKeeper(
  { account }: Pick<Config, 'account'>,
  { caller }: Pick<Call, 'caller'>,
  { action }: Pick<Operation, 'action'>,
): void {
  if (caller.account === account) return;
  throw new ServiceError(
    'AccessDeniedException',
    `User: ${caller.arn} is not authorized to perform: ${action} because only account ${account} keeps this server.`,
  );
}
