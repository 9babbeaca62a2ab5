/** What the measurements of hostile clients share: a server with credentials, in a process and on a core of its own. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { createApiClient, type ApiClient } from '../../src/cli/client/api-client.ts';
import { active, startServer, temporaryDirectory, type ServerProcess } from '../server/server-process.ts';

const CREDENTIALS = { accessKeyId: 'AKIDHOSTILE', secretAccessKey: 'secret', sessionToken: undefined };
export const STREAM = 'target';

export type Victim = AsyncDisposable & {
  readonly server: ServerProcess;
  readonly port: number;
  /** Signs with the key that the server knows. */
  readonly client: ApiClient;
  /** Resident memory now, MiB. */
  residentMiB(): number;
};

/** `within`: a command that runs the server, such as one that pins it to a core. */
export async function startVictim(
  flags: readonly string[] = [],
  within: readonly string[] = [],
): Promise<Victim> {
  const directory = await temporaryDirectory();
  const file = path.join(directory.path, 'credentials');
  await writeFile(
    file,
    `[default]\naws_access_key_id = ${CREDENTIALS.accessKeyId}\naws_secret_access_key = ${CREDENTIALS.secretAccessKey}\n`,
  );
  const server = await startServer(
    path.join(directory.path, 'data'),
    [
      '--credentials',
      file,
      '--durability',
      'memory',
      '--limits',
      'none',
      '--state-duration-ms',
      '0',
      ...flags,
    ],
    within,
  );
  const client = signedClient(server.url);
  await client.call('CreateStream', { StreamName: STREAM, ShardCount: 4 });
  await active(client, STREAM);
  return {
    server,
    port: Number(new URL(server.url).port),
    client,
    residentMiB: () => residentMiB(server.child.pid!),
    async [Symbol.asyncDispose]() {
      client.close();
      await server.stop('SIGKILL');
      await directory[Symbol.asyncDispose]();
    },
  };
}

export function signedClient(url: string): ApiClient {
  return createApiClient({
    endpoint: new URL(url),
    region: 'us-east-1',
    credentials: CREDENTIALS,
    service: 'kinesis',
    targetPrefix: 'Kinesis_20131202',
  });
}

export async function put(client: ApiClient): Promise<void> {
  await client.call('PutRecord', { StreamName: STREAM, PartitionKey: 'k', Data: 'eHh4eA==' });
}

/** Of this process or another; Linux only. */
function residentMiB(pid: number): number {
  const pages = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  return Math.round(pages / 1024);
}

export async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** All that comes until the server ends its side. */
export async function untilEnd(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk)));
  if (!socket.readableEnded && !socket.destroyed)
    await Promise.race([once(socket, 'end'), once(socket, 'close')]);
  socket.destroy();
  return text;
}
