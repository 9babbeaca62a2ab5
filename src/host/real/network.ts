import { createServer } from 'node:net';
import type { Network } from '../host.ts';

/**
 * Connections are half-open as HTTP needs them: a client may end its side and still wait for the answer, so whoever
 * takes a connection also ends it. Closing stops accepting at once; open connections belong to their taker.
 */
export const realNetwork: Network = Object.freeze({
  listen({ host, port, backlog }, onConnection) {
    return new Promise((resolve, reject) => {
      const server = createServer({ allowHalfOpen: true, noDelay: true }, onConnection);
      server.once('error', reject);
      server.listen({ host, port, ...(backlog === undefined ? {} : { backlog }) }, () => {
        server.off('error', reject);
        // Accepting can fail for a moment (no file descriptors left); the listening socket survives it.
        server.on('error', () => {});
        const address = server.address();
        resolve({
          port: typeof address === 'object' && address !== null ? address.port : port,
          async close() {
            server.close();
          },
        });
      });
    });
  },
} satisfies Network);
