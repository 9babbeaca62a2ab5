/**
 * The one port of the server: TLS or plain, HTTP/2 or HTTP/1.1, told apart by the first bytes. Connections come from the
 * host's network; Node's servers behind it never listen themselves, they are handed connections that are theirs.
 *
 * It promises that bad input is answered or cut off, and never throws; that headers, bodies, connections, streams, waiting
 * and time are bounded; that memory for bodies is reserved before it is used; and that `drain` loses no request in flight.
 */
import type { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { ByteBudget } from '../../base/byte-budget.ts';
import type { Clock, Network } from '../../host/host.ts';
import type { HandleRequest } from '../message.ts';
import { createHttp1 } from './http1.ts';
import { createHttp2 } from './http2.ts';
import { isLoopback, type ListenerLog } from './incoming.ts';
import { LISTENER_LIMITS, type ListenerLimits } from './listener-limits.ts';
import type { ProtocolParts } from './protocol.ts';
import { sniff } from './sniff.ts';
import { Sweep, type Watched } from './sweep.ts';

export type Listener = {
  readonly port: number;
  /** Connections now open. */
  readonly connections: () => number;
  /**
   * Stops accepting, closes idle connections, and resolves when the requests in flight are answered and the event streams
   * have ended, or after `limits.drainMs`, when it cuts what is left.
   */
  drain(): Promise<void>;
  /** Cuts everything now. */
  close(): Promise<void>;
};

export type ListenOptions = {
  readonly network: Network;
  readonly clock: Clock;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM. Without it the port is plain only. */
  readonly tls?: { readonly key: string | Uint8Array; readonly cert: string | Uint8Array } | undefined;
  readonly handle: HandleRequest;
  readonly budget: ByteBudget;
  /** `LISTENER_LIMITS` where not given. */
  readonly limits?: Partial<ListenerLimits> | undefined;
  readonly log: ListenerLog;
};

const BACKLOG = 1024;
/** Finds peers that vanished without a word, behind an event stream that is quiet. */
const TCP_KEEP_ALIVE_MS = 60_000;

type NetworkSocket = Duplex & {
  readonly remoteAddress?: string;
  setKeepAlive?(enable: boolean, initialDelay: number): void;
};

/** Rejects when the port cannot be had or the certificate does not work. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const { clock, budget, handle, log } = options;
  const limits: ListenerLimits = { ...LISTENER_LIMITS, ...options.limits };
  const sweep = new Sweep(clock);
  const parts: ProtocolParts = {
    budget,
    limits,
    sweep,
    handle,
    log,
    date: dateHeader(clock),
    timer: (delayMs, callback) => clock.timer(delayMs, callback, { background: true }),
  };
  const http1 = createHttp1(parts);
  const http2 = createHttp2(parts);
  const sockets = new Set<Duplex>();
  /** Connections of which it is not known yet what they speak. */
  const undecided = new Set<Duplex>();
  let draining = false;
  let emptied: (() => void) | undefined;
  let refused = 0;

  const secureContext =
    options.tls === undefined
      ? undefined
      : createSecureContext({ key: asPem(options.tls.key), cert: asPem(options.tls.cert) });

  const speak = (socket: Duplex, secure: boolean, loopback: boolean): void => {
    decideWithin(limits.idleMs, socket);
    sniff(socket, !secure && secureContext !== undefined, (spoken) => {
      undecided.delete(socket);
      if (draining) socket.destroy();
      else if (spoken === 'tls') handshake(socket, loopback);
      else (spoken === 'http2' ? http2 : http1).accept(socket, { secure, loopback });
    });
  };

  const handshake = (raw: Duplex, loopback: boolean): void => {
    const socket = new TLSSocket(raw, {
      isServer: true,
      ...(secureContext === undefined ? {} : { secureContext }),
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    socket.allowHalfOpen = true;
    // A failed handshake is told as '_tlsError', any other failure as 'error', which destroys the socket by itself.
    socket.on('error', () => {});
    socket.on('_tlsError', () => raw.destroy());
    socket.on('close', () => {
      undecided.delete(socket);
      raw.destroy();
    });
    decideWithin(limits.headerMs, socket);
    socket.once('secure', () => {
      undecided.delete(socket);
      // As Node's own TLS server does; else HTTP/2 would go on waiting for the handshake.
      Object.assign(socket, { secureConnecting: false });
      speak(socket, true, loopback);
    });
  };

  /** Cuts a connection that is silent, or slow in its handshake, while it is not known what it speaks. */
  const decideWithin = (allowedMs: number, socket: Duplex): void => {
    const sinceMs = sweep.now();
    undecided.add(socket);
    const watched: Watched = {
      check(nowMs) {
        if (!undecided.has(socket)) sweep.forget(watched);
        else if (nowMs - sinceMs > allowedMs) socket.destroy();
      },
    };
    sweep.watch(watched);
  };

  const accept = (socket: NetworkSocket): void => {
    // Resets and broken pipes: the 'close' that follows tells whoever cares.
    socket.on('error', () => {});
    if (draining || sockets.size >= limits.connectionsMax) {
      if (!draining && refused++ === 0)
        log.warn({ connectionsMax: limits.connectionsMax }, 'connections are refused');
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      undecided.delete(socket);
      refused = 0;
      if (sockets.size === 0) emptied?.();
    });
    socket.setKeepAlive?.(true, TCP_KEEP_ALIVE_MS);
    speak(socket, false, isLoopback(socket.remoteAddress));
  };

  const server = await options.network.listen(
    { host: options.host, port: options.port, backlog: BACKLOG },
    accept,
  );

  const empty = (): Promise<void> =>
    new Promise((resolve) => {
      emptied = resolve;
      if (sockets.size === 0) resolve();
    });
  const close = async (): Promise<void> => {
    draining = true;
    await server.close();
    for (const socket of sockets) socket.destroy();
    await empty();
    sweep.stop();
  };
  return {
    port: server.port,
    connections: () => sockets.size,
    close,
    async drain() {
      draining = true;
      await server.close();
      for (const socket of undecided) socket.destroy();
      http1.drain();
      http2.drain();
      const done = empty();
      let timer: { cancel(): void } | undefined;
      const late = new Promise<void>((resolve) => {
        timer = clock.timer(limits.drainMs, resolve);
      });
      await Promise.race([done, late]);
      timer?.cancel();
      await close();
    },
  };
}

/** The header is needed on every answer (SDKs correct their clocks by it) and changes once a second. */
function dateHeader(clock: Clock): () => string {
  let second = Number.NaN;
  let text = '';
  return () => {
    const now = Math.floor(clock.now() / 1000);
    if (now !== second) {
      second = now;
      text = new Date(now * 1000).toUTCString();
    }
    return text;
  };
}

function asPem(pem: string | Uint8Array): string {
  return typeof pem === 'string' ? pem : Buffer.from(pem).toString('latin1');
}
