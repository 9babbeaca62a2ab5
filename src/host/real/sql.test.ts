import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import { PostgresConnection } from 'pg-gateway';
import { SqlError, type SqlFailure, type SqlServer } from '../sql.ts';
import { createScram } from './postgres/scram.ts';
import { realSqlClient } from './sql.ts';

describe('The SQL client', () => {
  const servers: Server[] = [];
  after(() => servers.forEach((server) => server.close()));

  async function listening(onConnection: (socket: Socket) => void): Promise<SqlServer> {
    const server = createServer((socket) => onConnection(socket.on('error', () => {})));
    servers.push(server);
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const user = { database: 'db', user: 'me', password: 'sekret' };
    return { host: '127.0.0.1', port, ...user, tls: 'none', timeoutMs: 5_000 };
  }
  const query = (server: SqlServer) => realSqlClient.run(server, (session) => session.query('SELECT 1'));
  const fails = (server: SqlServer, failure: SqlFailure) =>
    assert.rejects(query(server), (error) => error instanceof SqlError && error.failure === failure);
  const message = (type: string, body: string): Buffer => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length + 4);
    return Buffer.concat([Buffer.from(type), length, Buffer.from(body, 'latin1')]);
  };

  it('shows its password in clear text or by MD5, as the server asks', async () => {
    for (const authMode of ['cleartextPassword', 'md5Password'] as const) {
      const server = await listening(
        (socket) =>
          void new PostgresConnection(socket, {
            authMode,
            validateCredentials: (given) =>
              given.user === 'me' &&
              (given.authMode === 'cleartextPassword'
                ? given.password === 'sekret'
                : given.hash.startsWith('md5')),
            async onMessage(data, { isAuthenticated }) {
              if (!isAuthenticated || data[0] !== 0x51) return false;
              socket.write(message('T', '\0\x01one\0'.padEnd(24, '\0')));
              socket.write(message('D', '\0\x01\0\0\0\x011'));
              socket.write(
                Buffer.concat([message('C', 'SELECT 1\0'), message('N', '\0'), message('Z', 'I')]),
              );
              return true;
            },
          }),
      );
      assert.deepEqual(await query(server), { columns: ['one'], rows: [['1']] });
      if (authMode === 'cleartextPassword') await fails({ ...server, password: 'wrong' }, 'refused');
    }
  });

  it('connects to no address that is refused, also behind a name', async () => {
    const asked: string[] = [];
    const refusesAddress = (ip: string): boolean => asked.push(ip) > 0;
    let connections = 0;
    const server = await listening(() => connections++);
    await fails({ ...server, refusesAddress }, 'refused-address');
    await fails({ ...server, host: 'localhost', refusesAddress }, 'refused-address');
    await fails({ ...server, host: 'db.localhost', refusesAddress }, 'refused-address');
    assert.equal(connections, 0);
    assert.equal(asked.length, 3);
  });

  it('sends nothing to a server that offers no TLS', async () => {
    const received: Buffer[] = [];
    const server = await listening((socket) => {
      socket.on('data', (data: Buffer) => {
        received.push(data);
        socket.write('N');
      });
    });
    await fails({ ...server, tls: 'required' }, 'untrusted');
    assert.equal(Buffer.concat(received).length, 8, 'the question for TLS only');
    // What came before TLS is not what the certificate's owner said.
    const smuggling = await listening((socket) => void socket.once('data', () => socket.write('SE')));
    await fails({ ...smuggling, tls: 'required' }, 'untrusted');
  });

  it('says how it failed', async () => {
    await fails({ ...(await listening(() => {})), timeoutMs: 30 }, 'timeout');
    await fails(await listening((socket) => socket.destroy()), 'broken');
    await fails({ ...(await listening(() => {})), port: 1 }, 'unreachable');
    const zero = await listening((socket) => void socket.write(message('R', '\0\0\0\x03')));
    await fails({ ...zero, password: 'a\0b' }, 'refused');
    const reason = new Error('enough');
    await assert.rejects(query({ ...zero, signal: AbortSignal.abort(reason) }), reason);
  });

  it('proves its password by SCRAM, and has the server prove it too', async () => {
    const scram = createScram('pencil', 'rOprNGfwEbeRWgbNEkqO');
    const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
    assert.equal(scram.first, 'n,,n=,r=rOprNGfwEbeRWgbNEkqO');
    assert.throws(() => scram.verify('v=AAAA'));
    const final = await scram.final(`r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`);
    assert.ok(final.startsWith(`c=biws,r=${nonce},p=`));
    assert.throws(() => scram.verify('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4='));
    for (const first of [
      'r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
      `r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4000000000`,
      `r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=0`,
      '',
    ]) {
      await assert.rejects(createScram('pencil', 'rOprNGfwEbeRWgbNEkqO').final(first), SqlError);
    }
  });
});
