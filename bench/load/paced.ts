/**
 * Sends at a fixed rate, whatever the answers take, over as many connections as that needs: what an answer takes counts from the moment
 * its request was due, so a server that stalls is charged for everything that came due meanwhile.
 */
import { Connection } from './connection.ts';
import { Histogram } from './histogram.ts';

export async function runPaced(load: {
  readonly port: number;
  readonly request: Uint8Array;
  readonly perSecond: number;
  readonly seconds: number;
}): Promise<Histogram> {
  const { port, request, perSecond, seconds } = load;
  const latency = new Histogram();
  const free: Connection[] = [];
  const all: Connection[] = [];
  const underWay = new Set<Promise<void>>();
  const send = async (dueAt: number): Promise<void> => {
    let connection = free.pop();
    if (connection === undefined) all.push((connection = await Connection.open(port)));
    const { status, body } = await connection.ask(request);
    latency.add((performance.now() - dueAt) * 1000);
    if (status !== 200) throw new Error(`status ${status}: ${body.toString('latin1', 0, 300)}`);
    free.push(connection);
  };
  const startedAt = performance.now();
  try {
    for (let sent = 0; sent < perSecond * seconds; sent++) {
      const dueAt = startedAt + (sent * 1000) / perSecond;
      const waitMs = dueAt - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      // A timer may be a millisecond late; that is no fault of the server.
      const sending = send(Math.max(dueAt, performance.now() - 2));
      underWay.add(sending);
      void sending.finally(() => underWay.delete(sending)).catch(() => undefined);
    }
    await Promise.all(underWay);
  } finally {
    for (const connection of all) connection.close();
  }
  return latency;
}
