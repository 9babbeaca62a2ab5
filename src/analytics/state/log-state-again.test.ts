import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createSimulatedClock } from '../../host/simulated/clock.ts';
import { openMemoryLog } from '../../log/memory/memory-log.ts';
import { LogState } from './log-state.ts';
import { CELLS_PARTITION, STEPS_PARTITION } from './state-records.ts';

it('takes nothing of a checkpoint that failed in its midst, also when it is loaded again', async () => {
  const log = openMemoryLog();
  await log.createLog('application', [STEPS_PARTITION, CELLS_PARTITION]);
  const state = new LogState({ log, clock: createSimulatedClock(0), logId: 'application' });
  await state.load();
  const append = log.append.bind(log);
  let appends = 0;
  log.append = async (...call) => {
    if (++appends === 2) throw new Error('The disk is full');
    return await append(...call);
  };
  const bytes = new Uint8Array(1_500_000).fill(7);
  const checkpoint = { step: 1, nowMs: 1, positions: [], takenMs: 1, fingerprint: 'program' };
  const write = () => state.writeCheckpoint(checkpoint, [{ cell: 'large', bytes }]);
  await assert.rejects(write(), /disk is full/);
  await write();
  const { cells } = await state.load();
  assert.equal(cells.get('large')?.length, bytes.length);
});
