/** All functions: modules of this server first, then endpoints that `--endpoints` names. */
import { functionEndpoint, type Endpoints } from '../config/endpoints.ts';
import type { FunctionProcesses } from '../host/function-process.ts';
import type { Clock, Dice, Disk } from '../host/host.ts';
import type { HttpClient } from '../host/http.ts';
import { invokeAtEndpoint } from './endpoint/lambda-endpoint.ts';
import { parseFunctionArn } from './function-arn.ts';
import { FunctionFailure, type Functions } from './functions.ts';
import { createFunctionPool } from './local/function-pool.ts';
import { openFunctionStore, type LocalFunction } from './local/function-store.ts';
import { createFunctionService } from './service.ts';

export type OpenFunctions = AsyncDisposable & {
  readonly functions: Functions;
  readonly service: ReturnType<typeof createFunctionService>;
};

export async function openFunctions(parts: {
  readonly host: {
    readonly clock: Clock;
    readonly dice: Dice;
    readonly disk: Disk;
    readonly http: HttpClient;
    readonly functionProcesses: FunctionProcesses;
  };
  readonly endpoints: Endpoints;
  /** Where modules are kept; undefined without a disk: then there are none. */
  readonly directory: string | undefined;
  readonly onLine: (local: LocalFunction, line: string) => void;
}): Promise<OpenFunctions> {
  const { host, endpoints, directory, onLine } = parts;
  const store = directory === undefined ? undefined : await openFunctionStore(host.disk, directory);
  const pool = createFunctionPool({ ...host, processes: host.functionProcesses, onLine });

  function localOf(arn: string): LocalFunction | undefined {
    const parsed = parseFunctionArn(arn);
    // There is one version of a module, whatever the version or alias is that is asked for.
    return parsed && store?.find(parsed);
  }

  const functions: Functions = {
    async invoke(arn, payload, signal) {
      const local = localOf(arn);
      if (local !== undefined) return pool.invoke(local, arn, payload, signal);
      const endpoint = functionEndpoint(endpoints, arn);
      if (endpoint !== undefined) return invokeAtEndpoint(host, endpoint, arn, payload, signal);
      throw new FunctionFailure('ResourceNotFoundException', `Function not found: ${arn}`, false);
    },
    unavailable(arn) {
      if (localOf(arn) !== undefined || functionEndpoint(endpoints, arn) !== undefined) return undefined;
      return `There is no function ${arn}: add a module by \`millrace function add\`, or name an endpoint for it in the file of --endpoints.`;
    },
  };
  return {
    functions,
    service: createFunctionService({ store, forget: (local) => pool.forget(local) }),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}
