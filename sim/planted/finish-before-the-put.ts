import type { Clock } from '../../src/host/host.ts';
import type { ObjectStore } from '../../src/objects/objects.ts';
import type { PlantedBug } from './planted-bug.ts';

const LATE_MS = 150;

/** A delivery is finished at once; its object is put a little later. */
export const finishBeforeThePut: PlantedBug = {
  name: 'finish-before-the-put',
  isOfDeliveries: true,
  wrapObjects: (objects: ObjectStore, clock: Clock): ObjectStore => ({
    ...objects,
    async put(...call) {
      clock.timer(LATE_MS, () => {
        objects.put(...call).catch(() => {});
      });
      return { etag: '' };
    },
  }),
};
