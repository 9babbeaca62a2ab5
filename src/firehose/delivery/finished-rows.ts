/**
 * The rows of deliveries that are done with, as long as they hold records above the checkpoint: a restart must know not to deliver those again. Rows are joined
 * when there are many, because what several partitions have delivered tends to be without gaps together.
 */
import type { Dice } from '../../host/host.ts';
import type { KeptDelivery } from './delivery-row.ts';
import type { DeliveryChange } from './delivery-store.ts';
import { guid } from './guid.ts';
import type { Progress } from './progress.ts';
import { IdentitySet } from './ranges.ts';

const ROWS_MAX = 64;

export class FinishedRows {
  readonly #progress: Progress;
  readonly #dice: Dice;
  #above: readonly KeptDelivery[];

  constructor(progress: Progress, dice: Dice, above: readonly KeptDelivery[]) {
    this.#progress = progress;
    this.#dice = dice;
    this.#above = above;
  }

  /** What to write of deliveries that are done now, and of those before, as the checkpoint stands. */
  add(ended: readonly KeptDelivery[]): Required<Pick<DeliveryChange, 'finished' | 'removed'>> {
    const finished = ended.filter((delivery) => !this.#isBelow(delivery));
    const above = [...this.#above.filter((delivery) => !this.#isBelow(delivery)), ...finished];
    const gone = [...this.#above, ...ended].filter((delivery) => this.#isBelow(delivery));
    const removed = gone.map(({ id }) => id);
    if (above.length <= ROWS_MAX) {
      this.#above = above;
      return { finished, removed };
    }
    // One for the backup and one for all others: a record may be done in the one and not in the other.
    this.#above = [
      ...this.#joined(above.filter(({ lane }) => lane === 'backup')),
      ...this.#joined(above.filter(({ lane }) => lane !== 'backup')),
    ];
    return { finished: this.#above, removed: [...removed, ...above.map(({ id }) => id)] };
  }

  #isBelow({ identities }: KeptDelivery): boolean {
    return [...identities.units()].every((unit) => {
      const safe = this.#progress.safeUpTo(unit);
      return safe === undefined || identities.lastPosition(unit) <= safe;
    });
  }

  #joined(deliveries: readonly KeptDelivery[]): KeptDelivery[] {
    const [first] = deliveries;
    if (first === undefined) return [];
    const identities = IdentitySet.union(deliveries.map((delivery) => delivery.identities)).pack();
    return [{ ...first, id: guid(this.#dice), objectKey: undefined, failures: undefined, identities }];
  }
}
