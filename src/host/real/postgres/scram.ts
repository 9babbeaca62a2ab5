/** SCRAM-SHA-256 without channel binding. Sources: RFC 5802, RFC 7677; "SASL Authentication", PostgreSQL's manual. */
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { SqlError } from '../../sql.ts';

/** A server that asks for more only wants to keep us busy. PostgreSQL's default is 4,096. */
const ITERATIONS_MAX = 1_000_000;
const NO_CHANNEL_BINDING = 'n,,';

export function createScram(password: string, nonce: string = randomBytes(18).toString('base64')) {
  const firstBare = `n=,r=${nonce}`;
  let expectedSignature: Buffer | undefined;
  return {
    first: NO_CHANNEL_BINDING + firstBare,
    /** The client's final message in answer to the server's first. */
    async final(serverFirst: string): Promise<string> {
      const [, serverNonce, salt, iterations] = /^r=([^,]+),s=([^,]+),i=(\d+)(?:,|$)/.exec(serverFirst) ?? [];
      if (
        serverNonce === undefined ||
        !serverNonce.startsWith(nonce) ||
        !(Number(iterations) >= 1 && Number(iterations) <= ITERATIONS_MAX)
      ) {
        throw broken();
      }
      const salted = await promisify(pbkdf2)(
        password.normalize('NFKC'),
        Buffer.from(salt!, 'base64'),
        Number(iterations),
        32,
        'sha256',
      );
      const withoutProof = `c=${Buffer.from(NO_CHANNEL_BINDING).toString('base64')},r=${serverNonce}`;
      const authMessage = `${firstBare},${serverFirst},${withoutProof}`;
      const clientKey = hmac(salted, 'Client Key');
      const storedKey = createHash('sha256').update(clientKey).digest();
      const signature = hmac(storedKey, authMessage);
      expectedSignature = hmac(hmac(salted, 'Server Key'), authMessage);
      const proof = clientKey.map((byte, index) => byte ^ signature[index]!);
      return `${withoutProof},p=${Buffer.from(proof).toString('base64')}`;
    },
    /** Throws unless the server knows the password too. */
    verify(serverFinal: string): void {
      const given = Buffer.from(/^v=([^,]+)/.exec(serverFinal)?.[1] ?? '', 'base64');
      if (
        expectedSignature === undefined ||
        given.length !== 32 ||
        !timingSafeEqual(given, expectedSignature)
      ) {
        throw broken();
      }
    },
  };
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function broken(): SqlError {
  return new SqlError('broken', 'The server did not prove that it knows the password.');
}
