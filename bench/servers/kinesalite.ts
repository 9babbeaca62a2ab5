import { createRequire } from 'node:module';
import { freePort, startProcess, type Server } from './server.ts';

/** In memory, which is the faster of its two ways. */
export async function startKinesalite(): Promise<Server> {
  const port = await freePort();
  const script = createRequire(import.meta.url).resolve('kinesalite/cli.js');
  const durations = ['--createStreamMs', '20', '--deleteStreamMs', '20'];
  return startProcess('kinesalite', port, [
    script,
    ...['--port', String(port), '--shardLimit', '100000'],
    ...durations,
  ]);
}
