import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSimulatedClock } from '../../host/simulated/clock.ts';
import { LogFailedError, type RecordLog } from '../../log/log.ts';
import { openMemoryLog } from '../../log/memory/memory-log.ts';
import type { CellChange, Checkpoint, Step } from './application-state.ts';
import { LogState } from './log-state.ts';
import { CELLS_PARTITION, STEPS_PARTITION } from './state-records.ts';

const clock = createSimulatedClock();
const LOG_ID = 'application';

const checkpointAt = (step: number): Checkpoint => ({
  step,
  nowMs: step * 10,
  positions: [{ unit: 'shard', position: step * 100, isFinished: false }],
  takenMs: clock.now(),
  fingerprint: 'f',
});
const stepOf = (number: number): Step => ({
  number,
  nowMs: number * 10,
  ranges: [{ unit: 'shard', after: number, last: number + 1 }],
});

const openLog = async () => {
  const log = openMemoryLog();
  await log.createLog(LOG_ID, [STEPS_PARTITION, CELLS_PARTITION]);
  return log;
};
const opened = async (log: RecordLog) => {
  const state = new LogState({ log, clock, logId: LOG_ID });
  return { state, loaded: await state.load() };
};

describe("an application's state in the log", () => {
  it('is empty before the first checkpoint, and keeps the steps', async () => {
    await using log = await openLog();
    const { state, loaded } = await opened(log);
    assert.deepEqual(loaded, { checkpoint: undefined, cells: new Map(), steps: [] });
    await state.recordStep(stepOf(1));
    await state.recordStep(stepOf(2));
    assert.deepEqual((await opened(log)).loaded.steps, [stepOf(1), stepOf(2)]);
  });

  it('is what a model says, over random checkpoints, restarts, failures and new beginnings', async () => {
    let seed = 5;
    const random = (count: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (seed >>> 8) % count;
    };
    await using memory = await openLog();
    let failsIn = Infinity;
    const log = new Proxy(memory, {
      get(target, name) {
        if (name === 'append')
          return async (...args: Parameters<RecordLog['append']>) => {
            if (--failsIn <= 0) throw new LogFailedError('the disk is gone');
            return await target.append(...args);
          };
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    let model = {
      checkpoint: undefined as Checkpoint | undefined,
      cells: new Map<string, Uint8Array>(),
      steps: [] as Step[],
    };
    let { state } = await opened(log);
    let step = 0;
    let failures = 0;
    let wholes = 0;
    for (let round = 0; round < 400; round++) {
      const action = random(12);
      if (action < 4) {
        await state.recordStep(stepOf(++step));
        model.steps.push(stepOf(step));
      } else if (action < 10) {
        const changes: CellChange[] = Array.from({ length: random(5) }, () => ({
          cell: `cell ${random(8)}`,
          // Some have several parts.
          bytes:
            random(5) === 0
              ? undefined
              : new Uint8Array(random(4) === 0 ? 600_000 : random(20_000)).fill(round),
        })).filter(({ cell }, index, all) => all.findIndex((other) => other.cell === cell) === index);
        const upTo = step - random(2);
        const checkpoint = checkpointAt(Math.max(upTo, model.checkpoint?.step ?? 0));
        failsIn = random(4) === 0 ? 1 + random(2) : Infinity;
        const before = state.describe().storedBytes;
        try {
          await state.writeCheckpoint(checkpoint, changes);
        } catch (error) {
          assert(error instanceof LogFailedError);
          failures++;
          continue;
        } finally {
          failsIn = Infinity;
        }
        if (state.describe().storedBytes < before / 2) wholes++;
        for (const { cell, bytes } of changes)
          if (bytes === undefined) model.cells.delete(cell);
          else model.cells.set(cell, bytes);
        model = { ...model, checkpoint, steps: model.steps.filter(({ number }) => number > checkpoint.step) };
      } else if (action === 10) {
        const { state: next, loaded } = await opened(log);
        assert.deepEqual(loaded.steps, model.steps);
        assert.deepEqual(loaded.checkpoint, model.checkpoint);
        assert.deepEqual(
          new Map([...loaded.cells].map(([cell, bytes]) => [cell, Buffer.from(bytes)])),
          new Map([...model.cells].map(([cell, bytes]) => [cell, Buffer.from(bytes)])),
        );
        state = next;
      } else if (random(8) === 0) {
        const checkpoint = checkpointAt(step);
        await state.startEmpty(checkpoint);
        model = { checkpoint, cells: new Map(), steps: [] };
      }
    }
    assert(failures > 5 && wholes > 0, `${failures} failures, ${wholes} whole checkpoints`);
    assert(memory.storedBytes(LOG_ID) < 64 * 1024 * 1024, 'what is needless is trimmed');
  });
});
