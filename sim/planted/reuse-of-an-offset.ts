import type { SimulatedDisk } from '../../src/host/simulated/disk.ts';
import {
  encodeManifestFrame,
  MANIFEST_HEADER_BYTES,
  FILE_ID_BYTES,
} from '../../src/log/segments/manifest-file.ts';
import { MANIFEST_PATH, manifestOf, stoppedCleanly } from './manifest-of.ts';
import type { PlantedBug } from './planted-bug.ts';

/** After a torn tail positions go on from what is left, as after a clean stop: those that the tail had are given again. */
export const reuseOfAnOffset: PlantedBug = {
  name: 'reuse-of-an-offset',
  async beforeStart(disk: SimulatedDisk) {
    const manifest = manifestOf(disk);
    if (manifest === undefined || stoppedCleanly(disk)) return;
    const { bytes, length } = manifest;
    const fileId = bytes.subarray(MANIFEST_HEADER_BYTES - FILE_ID_BYTES, MANIFEST_HEADER_BYTES);
    const frame = encodeManifestFrame(fileId, [{ kind: 'stopped', sequence: 0 }]);
    const file = await disk.open(MANIFEST_PATH, 'write');
    await file.write(frame, 0, frame.length, length);
    await file.sync();
  },
};
