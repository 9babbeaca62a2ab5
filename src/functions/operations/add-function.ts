/** AddFunction: keeps a module as a function, in place of the one of that name. */
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import { blob, required, structure } from '../../wire/shape/shape.ts';
import { FUNCTION_LIMITS } from '../function-limits.ts';
import type { FunctionParts } from '../service.ts';
import { FunctionDescription, FunctionName, functionArn, scopeOf, storeOf } from './function-shapes.ts';

export const AddFunction = operation({
  name: 'AddFunction',
  action: 'millrace:AddFunction',
  resources: ({ FunctionName: name }, { caller, region }) => [
    functionArn({ ...scopeOf(caller, region), name }),
  ],
  input: structure('AddFunctionInput', {
    FunctionName: required(FunctionName),
    /** A module of ECMAScript that exports `handler(event, context)`. It may import modules of Node.js only. */
    Code: required(blob({ max: FUNCTION_LIMITS.codeBytesMax })),
  }),
  output: FunctionDescription,
  errors: ['InvalidArgumentException', 'LimitExceededException'],
});

export function addFunction({ store, forget }: FunctionParts): Handler<typeof AddFunction> {
  return async ({ FunctionName: name, Code: code }, { caller, region }) => {
    const kept = storeOf(store);
    const where = { ...scopeOf(caller, region), name };
    const before = kept.find(where);
    const count = kept.list(where.account, where.region).length;
    if (before === undefined && count >= FUNCTION_LIMITS.functionsMax)
      throw new ServiceError('LimitExceededException', `There are ${count} functions already.`);
    const added = await kept.add(where, code);
    if (before !== undefined && before.hash !== added.hash) forget(before);
    return {
      FunctionName: name,
      FunctionArn: functionArn(added),
      CodeSha256: added.hash,
      MemoryMegabytes: FUNCTION_LIMITS.memoryMb,
    };
  };
}
