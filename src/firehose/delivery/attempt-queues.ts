/** Who is attempted next: every lane has places of its own, so that a destination that hangs keeps no error line and no backup waiting. */
import type { LaneName } from './lane.ts';
import type { PendingDelivery } from './pending-delivery.ts';

const AT_ONCE_MAX = 8;

type Queue = { readonly waiting: PendingDelivery[]; active: number };

export class AttemptQueues {
  readonly #attempt: (delivery: PendingDelivery) => Promise<void>;
  readonly #lanes = new Map<LaneName, Queue>();
  #stopped = false;

  /** `attempt` does not reject. */
  constructor(attempt: (delivery: PendingDelivery) => Promise<void>) {
    this.#attempt = attempt;
  }

  add(delivery: PendingDelivery): void {
    delivery.phase = 'queued';
    let queue = this.#lanes.get(delivery.lane);
    if (queue === undefined) this.#lanes.set(delivery.lane, (queue = { waiting: [], active: 0 }));
    queue.waiting.push(delivery);
    this.#pump(queue);
  }

  stop(): void {
    this.#stopped = true;
  }

  #pump(queue: Queue): void {
    while (!this.#stopped && queue.active < AT_ONCE_MAX) {
      const delivery = queue.waiting.shift();
      if (delivery === undefined) return;
      queue.active++;
      void this.#attempt(delivery).finally(() => {
        queue.active--;
        this.#pump(queue);
      });
    }
  }
}
