/**
 * Puts flat out from a thread of its own, so that what the main thread measures is not its own delay. Started with a `FloodTask`; ends when
 * it is told anything, and then says how many requests were answered.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { Connection } from './connection.ts';

export type FloodTask = {
  readonly port: number;
  readonly connections: number;
  /** Sent over and over. */
  readonly requests: readonly Uint8Array[];
};

const { port, connections, requests } = workerData as FloodTask;
let answered = 0;
let next = 0;
const stop = new AbortController();

async function run(): Promise<void> {
  const connection = await Connection.open(port);
  while (!stop.signal.aborted) {
    const { status, body } = await connection.ask(requests[next++ % requests.length]!);
    // A full buffer is said with a 503, as AWS does; everything else is wrong.
    if (status !== 200 && status !== 503)
      throw new Error(`status ${status}: ${body.toString('latin1', 0, 300)}`);
    if (status === 200) answered++;
  }
  connection.close();
}

parentPort!.once('message', () => stop.abort());
await Promise.all(Array.from({ length: connections }, run));
parentPort!.postMessage(answered, []);
