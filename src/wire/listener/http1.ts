/** HTTP/1.1 over connections that are handed in; parsed and written here (decision 0320). */
import { Http1Connection } from './http1-connection.ts';
import type { Protocol, ProtocolParts } from './protocol.ts';

export function createHttp1(parts: ProtocolParts): Protocol {
  const connections = new Set<Http1Connection>();
  return {
    accept(socket, peer) {
      const connection = new Http1Connection(socket, peer, parts);
      connections.add(connection);
      socket.on('close', () => connections.delete(connection));
    },
    drain() {
      for (const connection of connections) connection.drain();
    },
  };
}
