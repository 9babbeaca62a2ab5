import type { Host } from '../host.ts';
import { realClock } from './clock.ts';
import { createRealDice } from './dice.ts';
import { realDisk } from './disk.ts';
import { realFunctionProcesses } from './function-process.ts';
import { createRealHttpClient } from './http.ts';
import { realNetwork } from './network.ts';
import { createSealingThread } from './sealing-thread.ts';
import { realSqlClient } from './sql.ts';
import { createResidents } from './residents.ts';
import { createWorkers } from './workers.ts';

export function createRealHost(): Host {
  return Object.freeze({
    clock: realClock,
    disk: realDisk,
    dice: createRealDice(),
    network: realNetwork,
    sealing: createSealingThread(),
    http: createRealHttpClient(),
    sql: realSqlClient,
    workers: createWorkers(),
    residents: createResidents(),
    functionProcesses: realFunctionProcesses,
  });
}
