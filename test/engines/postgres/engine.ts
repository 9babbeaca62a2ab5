/** PostgreSQL as it is installed on the machine, with SCRAM passwords and TLS. It does not run as root, so that its folder is its own then. */
import { execFileSync } from 'node:child_process';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { realSqlClient } from '../../../src/host/real/sql.ts';
import type { Engine } from '../engine.ts';
import { makeServerCertificate } from '../server-certificate.ts';
import { freePort, startServer } from '../start-server.ts';

const USER = 'millrace';
const PASSWORD = 'sekret pässword';
const isRoot = process.getuid?.() === 0;

/** The command as it is run, by the user postgres when we are root. */
function asPostgres(command: string, args: readonly string[]): readonly [string, readonly string[]] {
  return isRoot
    ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--init-groups', command, ...args]]
    : [command, args];
}

/** POSTGRES_PORT, POSTGRES_USER, POSTGRES_PASSWORD, and POSTGRES_AUTHORITY, which signed its certificate for localhost (PEM). */
export const postgres: Engine = {
  name: 'postgres',
  installations: [],
  needs: ['postgresql'],
  start: async (work) => {
    const programs = execFileSync('pg_config', ['--bindir'], { encoding: 'utf8' }).trim();
    const port = await freePort();
    const folder = await mkdtemp(path.join(os.tmpdir(), 'millrace-postgres-'));
    const ids = isRoot ? [idOf('-u'), idOf('-g')] : undefined;
    const own = async (name: string): Promise<void> => {
      if (ids !== undefined) await chown(path.join(folder, name), ids[0]!, ids[1]!);
    };
    const write = async (name: string, text: string): Promise<void> => {
      await writeFile(path.join(folder, name), text, { mode: 0o600 });
      await own(name);
    };
    await own('.');
    const { authority, certificate, key } = makeServerCertificate();
    await write('password', PASSWORD);
    await write('server.crt', certificate);
    await write('server.key', key);
    const data = path.join(folder, 'data');
    const init = ['-D', data, '-A', 'scram-sha-256', '-U', USER, `--pwfile=${path.join(folder, 'password')}`];
    const [initdb, initArgs] = asPostgres(path.join(programs, 'initdb'), [
      ...init,
      ...['--no-sync', '-E', 'UTF8', '--locale=C'],
    ]);
    execFileSync(initdb, initArgs, { cwd: folder, stdio: 'ignore' });
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: folder,
      fsync: 'off',
      ssl: 'on',
      ssl_cert_file: path.join(folder, 'server.crt'),
      ssl_key_file: path.join(folder, 'server.key'),
    };
    const [command, args] = asPostgres(path.join(programs, 'postgres'), [
      ...['-D', data, '-p', String(port)],
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ]);
    const server = { host: '127.0.0.1', port, database: 'postgres', user: USER, password: PASSWORD };
    const stop = await startServer({
      name: 'postgres',
      command,
      args,
      folder: work,
      answers: async () => {
        const asked = { ...server, tls: 'none', timeoutMs: 1_000 } as const;
        return (await realSqlClient.run(asked, (session) => session.query('SELECT 1'))).rows.length === 1;
      },
      timeoutMs: 30_000,
    });
    return {
      environment: {
        POSTGRES_PORT: String(port),
        POSTGRES_USER: USER,
        POSTGRES_PASSWORD: PASSWORD,
        POSTGRES_AUTHORITY: authority,
      },
      stop: async () => {
        await stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
};

function idOf(which: '-u' | '-g'): number {
  return Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }));
}
