/**
 * A delivery stream's destination as the catalog keeps it: JSON, sealed under a data key of the delivery stream, because passwords and access
 * keys are in it. Persisted: the JSON of the model's configuration; maps are `{"$map": [[key, value], …]}`, which no member is named.
 */
import type { DeliveryStreamRow } from '../../catalog/tables.ts';
import type { Sealers } from '../../keys/sealing.ts';
import type { DestinationSettings } from '../settings/destination-settings.ts';

/** A nonce and a tag: see keys/sealing.ts. */
const SEAL_BYTES = 28;

type Sealed = Pick<DeliveryStreamRow, 'destination' | 'destination_key_id'>;

export function sealDestination(sealers: Sealers, id: string, settings: DestinationSettings): Sealed {
  const plain = Buffer.from(JSON.stringify(settings));
  const sealer = sealers.sealer(id);
  const { keyId } = sealer;
  const destination = Buffer.alloc(plain.length + SEAL_BYTES);
  sealer.seal([plain], placeOf(id), destination, 0);
  return { destination, destination_key_id: keyId };
}

/** Throws `SealBrokenError` for what was changed or moved. */
export function openDestination(sealers: Sealers, id: string, sealed: Sealed): DestinationSettings {
  const plain = sealers.sealer(id).open(sealed.destination_key_id, sealed.destination, placeOf(id));
  return JSON.parse(Buffer.from(plain).toString()) as DestinationSettings;
}

function placeOf(id: string): Uint8Array {
  return Buffer.from(`destination of ${id}`);
}
