/** A listener on a free port for the tests of this room, and the raw connections they make to it. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ByteBudget } from '../../base/byte-budget.ts';
import type { Clock } from '../../host/host.ts';
import { realClock } from '../../host/real/clock.ts';
import { createRealDice } from '../../host/real/dice.ts';
import { realDisk } from '../../host/real/disk.ts';
import { realNetwork } from '../../host/real/network.ts';
import type { HandleRequest, WireRequest } from '../message.ts';
import { openAuthority, type Certificate } from './authority.ts';
import { listen, type Listener } from './listen.ts';
import type { ListenerLimits } from './listener-limits.ts';

export type TestListener = AsyncDisposable & {
  readonly listener: Listener;
  readonly port: number;
  readonly budget: ByteBudget;
  readonly certificate: Certificate;
  /** What the listener logged. */
  readonly logged: readonly string[];
};

let certificate: Promise<Certificate> | undefined;

export async function openListener(
  options: {
    handle?: HandleRequest;
    clock?: Clock;
    limits?: Partial<ListenerLimits>;
    budget?: { bytesMax: number; waitMs?: number; waitersMax?: number };
  } = {},
): Promise<TestListener> {
  const clock = options.clock ?? realClock;
  const logged: string[] = [];
  const log = {
    warn: (_fields: object, message: string) => void logged.push(message),
    error: (fields: { error?: Error }, message: string) =>
      void logged.push(`${message}: ${fields.error?.message}`),
  };
  certificate ??= openAuthority({
    host: { clock: realClock, disk: realDisk, dice: createRealDice() },
    directory: undefined,
    names: [],
    log,
  });
  const budget = new ByteBudget({
    bytesMax: 128 * 1024 * 1024,
    ...options.budget,
    timer: (delayMs, callback) => clock.timer(delayMs, callback, { background: true }),
  });
  const listener = await listen({
    network: realNetwork,
    clock,
    host: '127.0.0.1',
    port: 0,
    tls: await certificate,
    handle: options.handle ?? describe,
    budget,
    limits: options.limits,
    log,
  });
  return {
    listener,
    port: listener.port,
    budget,
    certificate: await certificate,
    logged,
    [Symbol.asyncDispose]: () => listener.close(),
  };
}

/** Answers with what arrived. */
export const describe: HandleRequest = async (request) => text(`${summary(request)}\n`);

export function summary(request: WireRequest): string {
  const { method, target, httpVersion, secure, loopback, body } = request;
  const head = `${method} ${target} HTTP/${httpVersion}${secure ? ' TLS' : ''}${loopback ? ' loopback' : ''}`;
  return `${head} ${body.length}B ${Buffer.from(body.subarray(0, 20)).toString('latin1')}`;
}

export function text(body: string) {
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: Buffer.from(body) };
}

/** A connection that speaks bytes and collects what comes back. */
export class RawConnection {
  readonly socket: Socket;
  received = '';
  ended = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      this.received += chunk;
    });
    socket.on('end', () => {
      this.ended = true;
    });
    socket.on('error', () => {});
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  write(bytes: string | Uint8Array): void {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  /** Resolves when `pattern` was received; rejects when the connection closes before. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.received);
      if (found !== null) return found;
      if (this.ended || this.socket.destroyed) throw new Error(`closed before ${pattern}: ${this.received}`);
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          for (const event of ['data', 'end', 'close']) this.socket.off(event, wake);
          resolve();
        };
        for (const event of ['data', 'end', 'close']) this.socket.on(event, wake);
      });
    }
  }

  /** Resolves to all that was received when the server has ended its side. */
  async untilEnd(): Promise<string> {
    while (!this.ended && !this.socket.destroyed) {
      // A reset ends it too: it comes as an error, then as the close.
      await Promise.race([once(this.socket, 'end'), once(this.socket, 'close')]).catch(() => {});
    }
    this.socket.destroy();
    return this.received;
  }
}
