/** Keeps a number of connections busy, one request at a time on each, and says what it measured. */
import { Histogram } from './histogram.ts';
import { Connection, type Answer } from './connection.ts';
import { cpuMicroseconds } from '../process-usage.ts';

export type Load = {
  readonly port: number;
  /** Measured for its CPU time. */
  readonly pid: number;
  readonly connections: number;
  readonly requests: readonly Uint8Array[];
  /** What is wrong with an answer; undefined when it is right. */
  readonly check: (answer: Answer) => string | undefined;
  readonly tls?: boolean;
} & (
  | { readonly seconds: number; readonly warmUpSeconds: number }
  /** Each request once. */
  | { readonly once: true }
);

export type Measured = {
  readonly requests: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly latency: Histogram;
  /** Of the server, all its threads. */
  readonly serverMicrosecondsPerRequest: number;
  /** How much of one core this process used. */
  readonly clientCores: number;
};

/** A slow server's round goes on until it has given this many answers, because a rate of none says nothing. */
const ANSWERS_MIN = 8;

export async function runLoad(load: Load): Promise<Measured> {
  const connections = await Promise.all(
    Array.from({ length: load.connections }, () => Connection.open(load.port, { tls: load.tls === true })),
  );
  try {
    return await drive(load, connections);
  } finally {
    for (const connection of connections) connection.close();
  }
}

function drive(load: Load, connections: readonly Connection[]): Promise<Measured> {
  const { requests, check } = load;
  const timed = 'seconds' in load ? load : undefined;
  return new Promise((resolve, rejectOnly) => {
    const timers: NodeJS.Timeout[] = [];
    const reject = (error: Error): void => {
      stopping = true;
      timers.forEach(clearTimeout);
      rejectOnly(error);
    };
    let latency = new Histogram();
    let next = 0;
    let answered = 0;
    let inFlight = 0;
    let stopping = false;
    let startedAt = performance.now();
    let serverBefore = cpuMicroseconds(load.pid);
    let clientBefore = process.cpuUsage();
    const begin = (): void => {
      latency = new Histogram();
      answered = 0;
      serverBefore = cpuMicroseconds(load.pid);
      clientBefore = process.cpuUsage();
      startedAt = performance.now();
    };
    const finish = (): void => {
      if (timed !== undefined && answered < ANSWERS_MIN) {
        timers.push(setTimeout(finish, 200));
        return;
      }
      const seconds = (performance.now() - startedAt) / 1000;
      const server = cpuMicroseconds(load.pid) - serverBefore;
      const client = process.cpuUsage(clientBefore);
      stopping = true;
      const measured = {
        requests: answered,
        seconds,
        perSecond: answered / seconds,
        latency,
        serverMicrosecondsPerRequest: server / Math.max(1, answered),
        clientCores: (client.user + client.system) / 1e6 / seconds,
      };
      // What is under way is answered before the next round begins.
      timers.push(
        setInterval(() => {
          if (inFlight > 0) return;
          timers.forEach(clearInterval);
          resolve(measured);
        }, 5),
      );
    };
    const send = (connection: Connection): void => {
      if (stopping) return;
      if (timed === undefined && next >= requests.length) return;
      const request = requests[next++ % requests.length]!;
      const sentAt = performance.now();
      inFlight++;
      connection.send(
        request,
        (answer) => {
          inFlight--;
          latency.add((performance.now() - sentAt) * 1000);
          answered++;
          const fault =
            answer.status === 200
              ? check(answer)
              : `status ${answer.status}: ${answer.body.toString('latin1', 0, 200)}`;
          if (fault !== undefined) reject(new Error(`a wrong answer: ${fault}`));
          else if (timed === undefined && answered === requests.length) finish();
          else send(connection);
        },
        reject,
      );
    };
    for (const connection of connections) send(connection);
    if (timed === undefined) return;
    timers.push(
      setTimeout(begin, timed.warmUpSeconds * 1000),
      setTimeout(finish, (timed.warmUpSeconds + timed.seconds) * 1000),
    );
  });
}
