/** versitygw, an S3 server over plain files (Apache-2.0). It checks signatures and policies; encryption headers it ignores. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { installationFolder, type Installation } from '../../clients/installation.ts';
import type { Engine } from '../engine.ts';
import { freePort, startServer } from '../start-server.ts';

const MODULE = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0';
const folder = installationFolder('versitygw', [MODULE]);
const program = path.join(folder, 'versitygw');

const installation: Installation = {
  name: 'versitygw 1.8.0',
  needs: ['go'],
  folder,
  isWhole: () => existsSync(program),
  install: (run) => run({ command: 'go', args: ['install', MODULE], folder, environment: { GOBIN: folder } }),
};

/** VERSITYGW_URL, VERSITYGW_ACCESS_KEY and VERSITYGW_SECRET_KEY of its root, and the program itself as VERSITYGW for its `admin` commands. */
export const versitygw: Engine = {
  name: 'versitygw',
  installations: [installation],
  needs: [],
  start: async (work) => {
    const port = await freePort();
    const place = (name: string): string => path.join(work, name);
    for (const name of ['data', 'meta', 'iam']) await mkdir(place(name));
    const url = `http://127.0.0.1:${port}`;
    const stop = await startServer({
      name: 'versitygw',
      command: program,
      args: ['-q', '--port', `127.0.0.1:${port}`, '--iam-dir', place('iam'), '--health', '/health'].concat([
        'posix',
        '--sidecar',
        place('meta'),
        place('data'),
      ]),
      folder: work,
      environment: { ROOT_ACCESS_KEY: 'AKIAROOT', ROOT_SECRET_KEY: 'secret' },
      answers: async () => (await fetch(`${url}/health`)).ok,
      timeoutMs: 20_000,
    });
    return {
      environment: {
        VERSITYGW: program,
        VERSITYGW_URL: url,
        VERSITYGW_ACCESS_KEY: 'AKIAROOT',
        VERSITYGW_SECRET_KEY: 'secret',
      },
      stop,
    };
  },
};
