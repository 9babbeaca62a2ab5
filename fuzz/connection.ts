/** One connection over a real socket to a world's listener: bytes are sent, time is let pass, and what came back is looked at. */
import { connect } from 'node:net';
import { realNetwork } from '../src/host/real/network.ts';
import { listen, type Listener } from '../src/wire/listener/listen.ts';
import { Fault } from './target.ts';
import type { World } from './world.ts';

/** Turns of the event loop without a byte after which a server that runs on a clock of its own has no more to say. */
const QUIET_TURNS = 25;
/** Five minutes of the server's own time: longer than everything that it lets a client take. */
const SECONDS_MAX = 300;

export type Port = AsyncDisposable & {
  readonly port: number;
  /**
   * Sends the pieces, ends the sending side when `ends`, and resolves with all that came back when the server has closed. Throws a
   * `Fault` when it never does, or left something behind.
   */
  exchange(pieces: readonly Uint8Array[], ends: boolean): Promise<Buffer>;
};

export async function openPort(world: World): Promise<Port> {
  const errors: string[] = [];
  const listener: Listener = await listen({
    network: realNetwork,
    clock: world.clock,
    host: '127.0.0.1',
    port: 0,
    handle: world.handle,
    budget: world.budget,
    log: {
      warn() {},
      error: (fields, message) => void errors.push(`${message}: ${(fields['error'] as Error)?.stack}`),
    },
  });

  async function exchange(pieces: readonly Uint8Array[], ends: boolean): Promise<Buffer> {
    const socket = connect({ port: listener.port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const received: Buffer[] = [];
    const state = { events: 0, closed: false, ended: false };
    socket.on('data', (chunk: Buffer) => {
      received.push(chunk);
      state.events++;
    });
    socket.on('connect', () => state.events++);
    socket.on('end', () => {
      state.ended = true;
      socket.end();
    });
    socket.on('error', () => {});
    socket.on('close', () => (state.closed = true));
    for (const piece of pieces) {
      if (!socket.destroyed) socket.write(piece);
      if (pieces.length > 1) await turn();
    }
    if (ends) socket.end();
    let quiet = 0;
    let seen = -1;
    for (let seconds = 0; !(state.closed && listener.connections() === 0);) {
      if (state.events === seen) quiet++;
      else quiet = 0;
      seen = state.events;
      await turn();
      if (quiet < QUIET_TURNS) continue;
      // Nothing happens by itself any more: the server's time goes on.
      await world.clock.advance(1000);
      if (++seconds > SECONDS_MAX) {
        socket.destroy();
        throw new Fault('the connection was still open after five minutes of the server’s time');
      }
      if (seconds > 20) socket.destroy();
    }
    if (errors.length > 0) throw new Fault(errors.splice(0).join('; '));
    const failures = world.takeFailures();
    if (failures.length > 0) throw new Fault(`the server calls it its own fault: ${failures.join('; ')}`);
    for (let turns = 0; world.budget.held > 0 && turns < 50; turns++) await turn();
    if (world.budget.held > 0)
      throw new Fault(`${world.budget.held} bytes of the budget were not given back`);
    return Buffer.concat(received);
  }

  return { port: listener.port, exchange, [Symbol.asyncDispose]: () => listener.close() };
}

function turn(): Promise<void> {
  return new Promise<void>((resolve) => void setImmediate(resolve));
}

/** Cuts bytes into pieces of one length. */
export function cut(bytes: Uint8Array, length: number): Uint8Array[] {
  if (length === 0) return [bytes];
  return Array.from({ length: Math.ceil(bytes.length / length) }, (_, at) =>
    bytes.subarray(at * length, (at + 1) * length),
  );
}
