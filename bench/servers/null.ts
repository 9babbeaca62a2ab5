import path from 'node:path';
import { freePort, startProcess, type Server } from './server.ts';

/** `answerBytes`: the length of the body that it answers everything with. */
export async function startNull(answerBytes: number): Promise<Server> {
  const port = await freePort();
  return startProcess('null', port, [
    path.join(import.meta.dirname, 'null-http.ts'),
    String(port),
    String(answerBytes),
  ]);
}
