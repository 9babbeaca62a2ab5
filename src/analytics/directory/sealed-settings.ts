/**
 * Settings as the catalog keeps them: JSON, sealed under a data key of the application, because code and properties may hold secrets, and code is
 * nobody else's business.
 */
import type { ApplicationVersionRow } from '../../catalog/tables.ts';
import type { Sealers } from '../../keys/sealing.ts';
import type { Settings } from '../settings/settings.ts';

/** A nonce and a tag: see keys/sealing.ts. */
const SEAL_BYTES = 28;

type Sealed = Pick<ApplicationVersionRow, 'settings' | 'settings_key_id'>;

export function sealSettings(sealers: Sealers, id: string, version: number, settings: Settings): Sealed {
  const plain = Buffer.from(JSON.stringify(settings));
  const sealer = sealers.sealer(id);
  const { keyId } = sealer;
  const sealed = Buffer.alloc(plain.length + SEAL_BYTES);
  sealer.seal([plain], placeOf(id, version), sealed, 0);
  return { settings: sealed, settings_key_id: keyId };
}

/** Throws `SealBrokenError` for what was changed or moved. */
export function openSettings(sealers: Sealers, id: string, version: number, sealed: Sealed): Settings {
  const plain = sealers.sealer(id).open(sealed.settings_key_id, sealed.settings, placeOf(id, version));
  return JSON.parse(Buffer.from(plain).toString()) as Settings;
}

function placeOf(id: string, version: number): Uint8Array {
  return Buffer.from(`settings of ${id}, version ${version}`);
}
