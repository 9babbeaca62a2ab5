import type { WriteGate } from '../../src/streams/writing/write-gate.ts';
import type { PlantedBug } from './planted-bug.ts';

/** Writes are not held while a reshard closes their shard. */
export const writesDuringAReshard: PlantedBug = {
  name: 'writes-during-a-reshard',
  wrapGate: (gate: WriteGate): WriteGate => ({ ...gate, held: () => undefined }),
};
