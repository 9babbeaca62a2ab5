/** A session: authentication, then one statement after another. */
import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { SqlError, type SqlAnswer, type SqlServer, type SqlSession } from '../../sql.ts';
import {
  cString,
  createBodyReader,
  errorOf,
  message,
  messageHead,
  messagesOf,
  startupMessage,
  type Message,
} from './messages.ts';
import { createScram } from './scram.ts';

const ROWS_MAX = 10_000;

/** Resolves when the server is ready for statements. */
export async function openSession(
  stream: Duplex,
  { user, password, database }: Pick<SqlServer, 'user' | 'password' | 'database'>,
): Promise<SqlSession> {
  const messages = messagesOf(stream);
  const next = async (): Promise<Message> => {
    for (;;) {
      const { value } = await messages.next();
      // Notices, parameters and notifications may come at any time.
      if (value.type !== 'N' && value.type !== 'S' && value.type !== 'A') return value;
    }
  };

  stream.write(startupMessage({ user, database, client_encoding: 'UTF8', application_name: 'millrace' }));
  const scram = createScram(password);
  const authenticate = async (body: Buffer): Promise<void> => {
    const reader = createBodyReader(body);
    switch (reader.int32()) {
      case 0:
        return;
      case 3:
        stream.write(message('p', cString(password)));
        return;
      case 5:
        stream.write(message('p', cString(md5Password(user, password, reader.bytes(4)))));
        return;
      case 10: {
        if (!reader.rest().toString('latin1').split('\0').includes('SCRAM-SHA-256')) break;
        const first = Buffer.from(scram.first);
        const length = Buffer.alloc(4);
        length.writeInt32BE(first.length);
        stream.write(message('p', cString('SCRAM-SHA-256'), length, first));
        return;
      }
      case 11:
        stream.write(message('p', Buffer.from(await scram.final(reader.rest().toString()))));
        return;
      case 12:
        scram.verify(reader.rest().toString());
        return;
    }
    throw new SqlError(
      'refused',
      'The server asks for a way to authenticate that is not supported.',
      '28000',
    );
  };
  for (let came = await next(); came.type !== 'Z'; came = await next()) {
    if (came.type === 'R') await authenticate(came.body);
    else if (came.type === 'E') throw errorOf(came.body);
    else if (came.type !== 'K') throw unexpected();
  }

  /** Sends a statement; `onCopyIn` is called when it wants data. */
  async function run(text: string, onCopyIn?: () => Promise<void>): Promise<SqlAnswer> {
    stream.write(message('Q', cString(text)));
    let columns: readonly string[] = [];
    let rows: (readonly (string | null)[])[] = [];
    let error: SqlError | undefined;
    for (let came = await next(); came.type !== 'Z'; came = await next()) {
      switch (came.type) {
        case 'T':
          columns = columnsOf(came.body);
          rows = [];
          break;
        case 'D':
          if (rows.push(rowOf(came.body)) > ROWS_MAX) throw unexpected();
          break;
        case 'G':
          if (onCopyIn === undefined) stream.write(message('f', cString('no data')));
          else await onCopyIn();
          break;
        case 'E':
          error ??= errorOf(came.body);
          break;
        case 'C':
        case 'I':
          break;
        default:
          throw unexpected();
      }
    }
    if (error !== undefined) throw error;
    return { columns, rows };
  }

  return {
    query: (text) => run(text),
    async copyIn(text, pieces) {
      await run(text, async () => {
        for (const piece of pieces) {
          stream.write(messageHead('d', piece.length));
          if (!stream.write(piece)) await drained(stream);
        }
        stream.write(message('c'));
      });
    },
  };
}

/** Also when the stream has gone: then reading tells why. */
function drained(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      stream.off('drain', go).off('close', go);
      resolve();
    };
    stream.on('drain', go).on('close', go);
    if (stream.destroyed) go();
  });
}

function columnsOf(body: Buffer): readonly string[] {
  const reader = createBodyReader(body);
  return Array.from({ length: reader.int16() }, () => {
    const name = reader.text();
    // Table, column, type, size, modifier and format.
    reader.skip(18);
    return name;
  });
}

function rowOf(body: Buffer): readonly (string | null)[] {
  const reader = createBodyReader(body);
  return Array.from({ length: reader.int16() }, () => {
    const length = reader.int32();
    return length === -1 ? null : reader.bytes(length).toString('utf8');
  });
}

function md5Password(user: string, password: string, salt: Uint8Array): string {
  const md5 = (...parts: readonly (string | Uint8Array)[]): string => {
    const hash = createHash('md5');
    for (const part of parts) hash.update(part);
    return hash.digest('hex');
  };
  return `md5${md5(md5(password, user), salt)}`;
}

function unexpected(): SqlError {
  return new SqlError('broken', 'The server sent what was not asked for.');
}
