/** RemoveFunction: what runs comes to its end, and then there is no such function. */
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import { required, structure } from '../../wire/shape/shape.ts';
import type { FunctionParts } from '../service.ts';
import { FunctionName, functionArn, scopeOf, storeOf } from './function-shapes.ts';

export const RemoveFunction = operation({
  name: 'RemoveFunction',
  action: 'millrace:RemoveFunction',
  resources: ({ FunctionName: name }, { caller, region }) => [
    functionArn({ ...scopeOf(caller, region), name }),
  ],
  input: structure('RemoveFunctionInput', { FunctionName: required(FunctionName) }),
  output: structure('RemoveFunctionOutput', {}),
  errors: ['ResourceNotFoundException', 'InvalidArgumentException'],
});

export function removeFunction({ store, forget }: FunctionParts): Handler<typeof RemoveFunction> {
  return async ({ FunctionName: name }, { caller, region }) => {
    const kept = storeOf(store);
    const where = { ...scopeOf(caller, region), name };
    const found = kept.find(where);
    if (found === undefined || !(await kept.remove(where)))
      throw new ServiceError('ResourceNotFoundException', `Function not found: ${functionArn(where)}`);
    forget(found);
    return {};
  };
}
