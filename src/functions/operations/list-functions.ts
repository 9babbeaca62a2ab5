/** ListFunctions: all functions of the caller's account and region, by name. */
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { list, required, structure } from '../../wire/shape/shape.ts';
import { FUNCTION_LIMITS } from '../function-limits.ts';
import type { FunctionParts } from '../service.ts';
import { FunctionDescription, functionArn } from './function-shapes.ts';

export const ListFunctions = operation({
  name: 'ListFunctions',
  action: 'millrace:ListFunctions',
  resources: () => ['*'],
  input: structure('ListFunctionsInput', {}),
  output: structure('ListFunctionsOutput', { Functions: required(list(FunctionDescription)) }),
  errors: [],
});

export function listFunctions({ store }: FunctionParts): Handler<typeof ListFunctions> {
  return (_, { caller, region }) => ({
    Functions: (store?.list(caller.account, region) ?? []).map((each) => ({
      FunctionName: each.name,
      FunctionArn: functionArn(each),
      CodeSha256: each.hash,
      MemoryMegabytes: FUNCTION_LIMITS.memoryMb,
    })),
  });
}
