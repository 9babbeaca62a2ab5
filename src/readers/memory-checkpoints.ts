/** Checkpoints in memory, for readers that begin anew with each process. */
import { StaleOwnerError, type Checkpoint, type Checkpoints, type Ownership } from './checkpoints.ts';

export function createMemoryCheckpoints(): Checkpoints {
  const readers = new Map<string, { epoch: number; readonly checkpoints: Map<string, Checkpoint> }>();

  function owned({ reader, epoch }: Ownership): Map<string, Checkpoint> {
    const state = readers.get(reader);
    if (state?.epoch !== epoch) throw new StaleOwnerError(reader);
    return state.checkpoints;
  }

  return {
    async claim(reader) {
      const state = readers.get(reader) ?? { epoch: 0, checkpoints: new Map<string, Checkpoint>() };
      state.epoch++;
      readers.set(reader, state);
      return { reader, epoch: state.epoch, checkpoints: new Map(state.checkpoints) };
    },
    async write(ownership, changes) {
      const checkpoints = owned(ownership);
      for (const { unit, position, finished } of changes) checkpoints.set(unit, { position, finished });
    },
    async forget(ownership, units) {
      const checkpoints = owned(ownership);
      for (const unit of units) checkpoints.delete(unit);
    },
  };
}
