/**
 * Stands before PostgreSQL, or before nothing, as a Redshift: the protocol is pg-gateway's, and COPY … FROM 's3://…' is taken to pieces here, strictly,
 * because PostgreSQL's parser refuses it. No Redshift can be had for tests.
 */
import type { Socket } from 'node:net';
import { PostgresConnection } from 'pg-gateway';

export type CopyCommand = {
  /** As it was written, quotes and all. */
  readonly table: string;
  readonly columns: string;
  readonly url: string;
  readonly credentials: string;
  /** What stands behind MANIFEST. */
  readonly options: string;
};

export class GatewayError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const QUERY = 0x51;
const COPY =
  /^COPY ((?:"(?:[^"]|"")+"\.?)+)(?: \(([^)]+)\))? FROM '(s3:\/\/[^']+)' CREDENTIALS '([^']+)' MANIFEST ?([^;]*);$/;

export function serveRedshift(
  socket: Socket,
  options: {
    readonly user: string;
    readonly password: string;
    /** Loads, or throws a `GatewayError`. */
    readonly onCopy: (command: CopyCommand) => Promise<void>;
  },
): void {
  const connection = new PostgresConnection(socket, {
    serverVersion: '8.0.2',
    authMode: 'cleartextPassword',
    validateCredentials: (given) =>
      given.authMode === 'cleartextPassword' &&
      given.user === options.user &&
      given.password === options.password,
    async onMessage(data, { isAuthenticated }) {
      if (!isAuthenticated || data[0] !== QUERY) return false;
      const text = Buffer.from(data.subarray(5, -1)).toString('utf8');
      try {
        const match = COPY.exec(text);
        if (match === null) throw new GatewayError('42601', 'syntax error');
        const [, table, columns, url, credentials, rest] = match;
        await options.onCopy({
          table: table!,
          columns: columns ?? '',
          url: url!,
          credentials: credentials!,
          options: rest!,
        });
        const tag = Buffer.from('COPY\0');
        const head = Buffer.alloc(5);
        head.write('C', 'latin1');
        head.writeInt32BE(tag.length + 4, 1);
        connection.sendData(Buffer.concat([head, tag]));
      } catch (error) {
        const code = error instanceof GatewayError ? error.code : 'XX000';
        connection.sendError({ severity: 'ERROR', code, message: (error as Error).message });
      }
      connection.sendReadyForQuery('idle');
      return true;
    },
  });
}
