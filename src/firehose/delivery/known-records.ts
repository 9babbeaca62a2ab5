/** What was under way or done when the process before this one ended, among the records that are read again. */
import type { KeptDelivery } from './delivery-row.ts';
import { IdentitySet } from './ranges.ts';

export class KnownRecords {
  /** At the destination or in the error output. */
  readonly primary: IdentitySet;
  readonly backup: IdentitySet;

  constructor(deliveries: readonly KeptDelivery[]) {
    const of = (isBackup: boolean): IdentitySet =>
      IdentitySet.union(
        deliveries.filter(({ lane }) => (lane === 'backup') === isBackup).map(({ identities }) => identities),
      );
    this.primary = of(false);
    this.backup = of(true);
  }

  /** Behind it nothing of the unit is known; 0 when nothing is at all. */
  lastPosition(unit: string): number {
    return Math.max(this.primary.lastPosition(unit), this.backup.lastPosition(unit));
  }
}
