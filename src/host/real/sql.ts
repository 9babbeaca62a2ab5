/** SQL over sockets of this machine. PostgreSQL's protocol is spoken here, because a client must survive whatever a server sends (decision 0474). */
import net from 'node:net';
import tls from 'node:tls';
import { SqlError, type SqlClient, type SqlServer, type SqlSession } from '../sql.ts';
import { connectionFailureOf, lookupWith, refusalOf } from './connecting.ts';
import { message, sslRequest } from './postgres/messages.ts';
import { openSession } from './postgres/session.ts';

const S = 0x53;

export const realSqlClient: SqlClient = Object.freeze({
  async run<T>(server: SqlServer, work: (session: SqlSession) => Promise<T>): Promise<T> {
    const { host, port, signal, timeoutMs } = server;
    signal?.throwIfAborted();
    const refusal = refusalOf(host, server.refusesAddress);
    if (refusal !== undefined) throw asSqlError(refusal);
    const socket = net.connect({ host, port, lookup: lookupWith(server.refusesAddress) });
    const { promise: ended, reject: end } = Promise.withResolvers<never>();
    const onAbort = (): void => end(signal!.reason as Error);
    signal?.addEventListener('abort', onAbort, { once: true });
    const timer = setTimeout(
      () => end(new SqlError('timeout', `The work was not done within ${timeoutMs} ms.`)),
      timeoutMs,
    );
    try {
      return await Promise.race([connectAndWork(server, socket, work), ended]);
    } catch (error) {
      throw signal?.aborted ? signal.reason : asSqlError(error as Error);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.destroy();
    }
  },
});

async function connectAndWork<T>(
  server: SqlServer,
  socket: net.Socket,
  work: (session: SqlSession) => Promise<T>,
): Promise<T> {
  await connected(socket, 'connect');
  const stream = server.tls === 'none' ? socket : await secured(server, socket);
  const session = await openSession(stream, server);
  const result = await work(session);
  stream.write(message('X'));
  return result;
}

async function secured(server: SqlServer, socket: net.Socket): Promise<net.Socket> {
  const { host, certificateAuthority } = server;
  socket.write(sslRequest());
  const answer = await new Promise<Buffer>((resolve, reject) => {
    socket
      .once('data', resolve)
      .once('error', reject)
      .once('close', () => reject(ended()));
  });
  // Anything behind the one letter was not sent by the server that the certificate is to name.
  if (answer.length !== 1 || answer[0] !== S) {
    throw new SqlError('untrusted', 'The server does not offer TLS.');
  }
  socket.removeAllListeners('close');
  const stream = tls.connect({
    socket,
    host,
    ...(net.isIP(host) === 0 ? { servername: host } : {}),
    ...(certificateAuthority === undefined ? {} : { ca: certificateAuthority }),
  });
  await connected(stream, 'secureConnect');
  return stream;
}

function connected(socket: net.Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    // The listener stays: an error after the work has ended is nobody's.
    socket
      .once(event, resolve)
      .on('error', reject)
      .once('close', () => reject(ended()));
  });
}

function ended(): SqlError {
  return new SqlError('broken', 'The server ended the connection.');
}

/** What a body holds behind its end is the server's fault too. */
function asSqlError(error: Error): Error {
  if (error instanceof SqlError) return error;
  if (error instanceof RangeError) return new SqlError('broken', "What came is not PostgreSQL's protocol.");
  const { failure, message: text } = connectionFailureOf(error);
  return new SqlError(failure, text);
}
