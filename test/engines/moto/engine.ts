/** moto's server, a mock of many AWS services (Apache-2.0). Its S3 keeps and shows encryption headers; it takes any signature. */
import { pythonInstallation } from '../../clients/installations.ts';
import type { Engine } from '../engine.ts';
import { freePort, startServer } from '../start-server.ts';

const installation = pythonInstallation(import.meta.dirname);

/** MOTO_URL. */
export const moto: Engine = {
  name: 'moto',
  installations: [installation],
  needs: [],
  start: async (folder) => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const stop = await startServer({
      name: 'moto',
      command: installation.program('python'),
      args: ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)],
      folder,
      answers: async () => (await fetch(`${url}/moto-api/`)).ok,
      timeoutMs: 60_000,
    });
    return { environment: { MOTO_URL: url }, stop };
  },
};
