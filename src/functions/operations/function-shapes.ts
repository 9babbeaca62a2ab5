/** What the operations of functions have in common. */
import type { Caller } from '../../wire/shape/operation.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import { long, required, string, structure } from '../../wire/shape/shape.ts';
import type { FunctionStore, LocalFunction } from '../local/function-store.ts';

/** As Lambda's function names. */
export const FunctionName = string({ min: 1, max: 64, pattern: '[a-zA-Z0-9-_]+' });

export const FunctionDescription = structure('FunctionDescription', {
  FunctionName: required(string()),
  FunctionArn: required(string()),
  /** Of the module, in hexadecimal. */
  CodeSha256: required(string()),
  MemoryMegabytes: required(long()),
});

export function functionArn({
  region,
  account,
  name,
}: Pick<LocalFunction, 'region' | 'account' | 'name'>): string {
  return `arn:aws:lambda:${region}:${account}:function:${name}`;
}

export function storeOf(store: FunctionStore | undefined): FunctionStore {
  if (store !== undefined) return store;
  throw new ServiceError(
    'InvalidArgumentException',
    'A server with durability memory has no disk to keep functions on.',
  );
}

export function scopeOf(
  caller: Caller,
  region: string,
): { readonly account: string; readonly region: string } {
  return { account: caller.account, region };
}
