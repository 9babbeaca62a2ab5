import type { Delivery } from '../delivery/destination.ts';

/** The data of what is still to be delivered, in a row. */
export function remainingPieces({ batch, remaining }: Delivery): readonly Uint8Array[] {
  return remaining.length === batch.length ? batch.pieces() : remaining.map((index) => batch.at(index).data);
}
