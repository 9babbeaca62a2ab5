/**
 * What every destination must do, as tests: `describeDestination` runs them over one, against a server at a socket of loopback that answers rightly
 * or in one of the ways in which servers fail. Whatever comes back, an attempt answers with an outcome.
 */
import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import { realClock } from '../../host/real/clock.ts';
import type { Delivery, Destination, Outcome } from '../delivery/destination.ts';
import { deliveryOf, failedRecordOf } from './deliveries.testing.ts';

export type DestinationContract = {
  readonly name: string;
  /** The destination, sending to 127.0.0.1:`port`, which waits no longer than `timeoutMs` for an answer. */
  readonly open: (port: number, timeoutMs: number) => Destination;
  /** Answers rightly on a connection, and says which delivery it was given. */
  readonly serve: (socket: Socket, onDelivery: (id: string) => void) => void;
  /** What a server might send that is no right answer of its protocol. */
  readonly nonsense: readonly (string | Uint8Array)[];
  /** A delivery that the server takes. */
  readonly delivery?: Partial<Delivery>;
  readonly texts: readonly string[];
  /** What must never be told. */
  readonly secrets: readonly string[];
};

/** Calls again while the attempt goes on. */
export async function attemptWhole(
  destination: Destination,
  delivery: Delivery,
  signal: AbortSignal = new AbortController().signal,
  sleep: (delayMs: number) => Promise<void> = (delayMs) => realClock.sleep(delayMs),
): Promise<Exclude<Outcome, { readonly kind: 'waiting' }>> {
  for (;;) {
    const outcome = await destination.attempt(delivery, signal);
    if (outcome.kind !== 'waiting') return outcome;
    await sleep(outcome.afterMs);
  }
}

type Behaviour = (socket: Socket) => void;

export function describeDestination(contract: DestinationContract): void {
  describe(`The destination ${contract.name}`, () => {
    const servers = new Set<Server>();
    const sockets = new Set<Socket>();
    let port = 0;
    let seen: string[] = [];
    const right: Behaviour = (socket) => contract.serve(socket, (id) => seen.push(id));
    const patient = (): Destination => contract.open(port, 5_000);
    const hasty = (): Destination => contract.open(port, 80);
    const delivery = (more: Partial<Delivery> = {}): Delivery =>
      deliveryOf(contract.texts, { ...contract.delivery, ...more });

    after(() => {
      for (const socket of sockets) socket.destroy();
      for (const server of servers) server.close();
    });
    /** A port of its own for each, so that no connection is kept from the one before. */
    async function serving(behaviour: Behaviour): Promise<void> {
      const server = createServer((socket) => {
        sockets.add(socket);
        socket.on('error', () => {}).on('close', () => sockets.delete(socket));
        behaviour(socket);
      });
      servers.add(server);
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
      port = (server.address() as AddressInfo).port;
      seen = [];
    }

    async function failsSoftly(destination: Destination, what: string): Promise<void> {
      const given = delivery();
      const outcome = await attemptWhole(destination, given);
      assert.ok(outcome.kind === 'retry' || outcome.kind === 'failed', `${what}: ${outcome.kind}`);
      assert.match(outcome.error.code, /^\w+(\.\w+)?$/, what);
      assert.notEqual(outcome.error.message, '', what);
      checkIndices(outcome, given);
      for (const secret of contract.secrets) assert.ok(!JSON.stringify(outcome).includes(secret), what);
    }

    it('delivers, also through a slow server', async () => {
      await serving(right);
      assert.deepEqual(await attemptWhole(patient(), delivery()), {
        kind: 'done',
        refused: [],
      });
      assert.equal(seen.length, 1);
      await serving((socket) => {
        const timer = setTimeout(() => right(socket), 40);
        socket.on('close', () => clearTimeout(timer));
      });
      const outcome = await attemptWhole(patient(), delivery());
      assert.equal(outcome.kind, 'done');
    });

    it('gives a delivery the same id at every attempt', async () => {
      await serving((socket) =>
        contract.serve(socket, (id) => {
          seen.push(id);
          if (seen.length === 1) socket.destroy();
        }),
      );
      const destination = patient();
      const first = await attemptWhole(destination, delivery());
      assert.equal(first.kind, 'retry');
      // A restart in between: nothing but the delivery is the same.
      const again = delivery({ attempt: 2, attemptsMade: 2 });
      const second = await attemptWhole(patient(), again);
      assert.equal(second.kind, 'done');
      assert.ok(seen.length >= 2);
      assert.equal(new Set(seen).size, 1);
    });

    it('takes a server that hangs for one that failed', async () => {
      await serving(() => {});
      await failsSoftly(hasty(), 'silence');
      await serving((socket) => socket.resume());
      await failsSoftly(hasty(), 'a server that reads and says nothing');
    });

    it('takes nonsense for a failure', async () => {
      for (const text of ['', '\0\0\0\0', 'E', 'hello\r\n\r\n', ...contract.nonsense]) {
        await serving((socket) => void socket.once('data', () => socket.end(text)));
        await failsSoftly(contract.open(port, 400), JSON.stringify(String(text).slice(0, 60)));
      }
    });

    it('takes an answer without end for a failure', async () => {
      await serving((socket) => {
        const flood = Buffer.alloc(64 * 1024, 'x');
        const pour = (): void => {
          while (!socket.destroyed && socket.write(flood));
        };
        socket.on('drain', pour).once('data', () => {
          socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n');
          pour();
        });
      });
      await failsSoftly(contract.open(port, 1_000), 'a flood');
    });

    it('takes a connection that is cut or refused for a failure', async () => {
      await serving((socket) => socket.destroy());
      await failsSoftly(patient(), 'cut at once');
      await serving((socket) => void socket.once('data', () => socket.resetAndDestroy()));
      await failsSoftly(patient(), 'reset');
      const closed = createServer();
      await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
      const free = (closed.address() as AddressInfo).port;
      await new Promise((resolve) => closed.close(resolve));
      await failsSoftly(contract.open(free, 5_000), 'refused');
    });

    it('ends at once when it is aborted', async () => {
      const reason = new Error('enough');
      await serving(right);
      await assert.rejects(patient().attempt(delivery(), AbortSignal.abort(reason)), reason);
      assert.deepEqual(seen, []);
      const controller = new AbortController();
      await serving(() => setTimeout(() => controller.abort(reason), 5));
      const startedMs = performance.now();
      await assert.rejects(patient().attempt(delivery(), controller.signal), reason);
      assert.ok(performance.now() - startedMs < 2_500, 'long before the timeout');
    });

    it('leaves lines of JSON for records that it gave up', () => {
      const destination = patient();
      const line = destination.errorRecord(failedRecordOf('a\u0001"ä'));
      assert.deepEqual(JSON.parse(JSON.stringify(line)), line);
      if (destination.errorOutputType !== undefined) {
        assert.equal(line['rawData'], Buffer.from('a\u0001"ä').toString('base64'));
        assert.equal(line['attemptsMade'], 5);
      }
    });

    it('pauses longer than nothing, for a time that is finite', () => {
      const { durationMs, pauseMs } = patient().retry;
      assert.ok(durationMs >= 0);
      for (const attempt of [2, 3, 10, 2_000]) {
        const pause = pauseMs(attempt);
        assert.ok(pause > 0 && pause <= 300_000, `${pause}`);
      }
    });
  });
}

function checkIndices(outcome: Outcome, { remaining }: Delivery): void {
  if (outcome.kind !== 'retry') return;
  const told = [...outcome.remaining, ...outcome.refused.map(({ index }) => index)];
  assert.equal(new Set(told).size, told.length, 'each index once');
  assert.ok(told.every((index) => remaining.includes(index)));
}
