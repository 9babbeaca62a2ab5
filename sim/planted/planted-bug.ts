import type { Catalog } from '../../src/catalog/catalog.ts';
import type { Clock, Disk } from '../../src/host/host.ts';
import type { SimulatedDisk } from '../../src/host/simulated/disk.ts';
import type { RecordLog } from '../../src/log/log.ts';
import type { ObjectStore } from '../../src/objects/objects.ts';
import type { WriteGate } from '../../src/streams/writing/write-gate.ts';

/** A bug to be found: the real parts, wrapped from outside. */
export type PlantedBug = {
  readonly name: string;
  /** Not of streams. */
  readonly isOfDeliveries?: boolean;
  readonly beforeStart?: (disk: SimulatedDisk) => Promise<void>;
  readonly wrapDisk?: (disk: Disk, clock: Clock) => Disk;
  readonly wrapLog?: (log: RecordLog) => RecordLog;
  readonly wrapGate?: (gate: WriteGate) => WriteGate;
  readonly wrapObjects?: (objects: ObjectStore, clock: Clock) => ObjectStore;
  readonly wrapCatalog?: (catalog: Catalog) => Catalog;
};
