/** Many, slow, endless and half-closed connections: what they cost the server, and that each of them is ended. */
import type { Socket } from 'node:net';
import { open, put, startVictim, untilEnd } from './parts.ts';

const IDLE = 10_000;
const LORIS = 300;
const AT_ONCE = 200;
/** Above the server's 20 s for headers, and its pass once a second. */
const LORIS_SECONDS_MAX = 40;
const WRITE_EVERY_MS = 500;

export type IdleResult = {
  readonly connections: number;
  readonly beforeMiB: number;
  readonly withMiB: number;
  /** Of a put by a signed client while all are open. */
  readonly putMs: number;
};

/** Half of them silent, half of them after a request each. */
export async function measureIdle(): Promise<IdleResult> {
  await using victim = await startVictim();
  await put(victim.client);
  const beforeMiB = victim.residentMiB();
  const sockets: Socket[] = [];
  while (sockets.length < IDLE) {
    const some = await Promise.all(Array.from({ length: AT_ONCE }, () => open(victim.port)));
    some.forEach((socket, at) => {
      if (at % 2 === 0) socket.write('GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n');
      socket.resume();
    });
    sockets.push(...some);
  }
  const startedMs = performance.now();
  await put(victim.client);
  const putMs = performance.now() - startedMs;
  const withMiB = victim.residentMiB();
  for (const socket of sockets) socket.destroy();
  return { connections: IDLE, beforeMiB, withMiB, putMs: Math.round(putMs * 10) / 10 };
}

export type LorisResult = {
  readonly writers: number;
  /** How long the last of them lasted. */
  readonly lastEndedSeconds: number;
  /** How they were ended: by status, or cut off. */
  readonly ended: Readonly<Record<string, number>>;
  /** Puts of a signed client meanwhile, and the slowest of them. */
  readonly puts: number;
  readonly slowestPutMs: number;
  readonly residentMiB: number;
};

/** A third writes its headers byte by byte, a third its body, a third a chunked body. */
export async function measureLoris(): Promise<LorisResult> {
  await using victim = await startVictim();
  const begun = [
    'POST / HTTP/1.1\r\nhost: localhost\r\nx-slow: ',
    'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000000\r\n\r\n',
    'POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n',
  ];
  const next = ['a', 'a', '1\r\na\r\n'];
  const startedMs = performance.now();
  const ended: Record<string, number> = {};
  let lastEndedMs = 0;
  const slow = async (kind: number): Promise<void> => {
    const socket = await open(victim.port);
    socket.write(begun[kind]!);
    const writing = setInterval(() => socket.write(next[kind]!), WRITE_EVERY_MS);
    const text = await untilEnd(socket);
    clearInterval(writing);
    lastEndedMs = performance.now();
    const status = /^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 'cut off';
    ended[status] = (ended[status] ?? 0) + 1;
  };
  const all = Promise.all(Array.from({ length: LORIS }, (_, at) => slow(at % 3)));
  const state = { over: false };
  void all.then(() => (state.over = true));
  let puts = 0;
  let slowestPutMs = 0;
  while (!state.over && performance.now() - startedMs < LORIS_SECONDS_MAX * 1000) {
    const putStartedMs = performance.now();
    await put(victim.client);
    slowestPutMs = Math.max(slowestPutMs, performance.now() - putStartedMs);
    puts++;
    await new Promise((resolve) => void setTimeout(resolve, 10));
  }
  if (!state.over) throw new Error(`${LORIS} slow writers were not ended in ${LORIS_SECONDS_MAX} s`);
  return {
    writers: LORIS,
    lastEndedSeconds: Math.round((lastEndedMs - startedMs) / 100) / 10,
    ended,
    puts,
    slowestPutMs: Math.round(slowestPutMs * 10) / 10,
    residentMiB: victim.residentMiB(),
  };
}
