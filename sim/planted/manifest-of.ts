import type { SimulatedDisk } from '../../src/host/simulated/disk.ts';
import { readManifest, type ReadManifest } from '../../src/log/segments/manifest-file.ts';
import { MANIFEST_NAME } from '../../src/log/segments/manifest.ts';
import { LOG_DIRECTORY } from '../server.ts';

export const MANIFEST_PATH = `${LOG_DIRECTORY}/${MANIFEST_NAME}`;

/** The manifest as a start will find it; undefined when there is none. */
export function manifestOf(disk: SimulatedDisk): (ReadManifest & { readonly bytes: Buffer }) | undefined {
  const bytes = disk.files().get(MANIFEST_PATH);
  return bytes === undefined ? undefined : { bytes, ...readManifest(MANIFEST_PATH, bytes) };
}

export function stoppedCleanly(disk: SimulatedDisk): boolean {
  const manifest = manifestOf(disk);
  return manifest === undefined || manifest.state.stoppedSequence !== undefined;
}
