/** Operations of Millrace's own service: Lambda's are many, and made for archives, layers and versions, which modules are not (decision 0466). */
import type { Service } from '../wire/shape/operation.ts';
import type { LocalFunction, FunctionStore } from './local/function-store.ts';
import { AddFunction, addFunction } from './operations/add-function.ts';
import { ListFunctions, listFunctions } from './operations/list-functions.ts';
import { RemoveFunction, removeFunction } from './operations/remove-function.ts';

const operations = { AddFunction, ListFunctions, RemoveFunction } as const;

export type FunctionParts = {
  readonly store: FunctionStore | undefined;
  readonly forget: (local: LocalFunction) => void;
};

export function createFunctionService(parts: FunctionParts): Service<typeof operations> {
  return {
    targetPrefix: 'Millrace_20261123',
    signingName: 'millrace',
    operations,
    handlers: {
      AddFunction: addFunction(parts),
      ListFunctions: listFunctions(parts),
      RemoveFunction: removeFunction(parts),
    },
  };
}
