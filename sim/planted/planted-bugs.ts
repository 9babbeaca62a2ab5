import { acknowledgeBeforeSync } from './acknowledge-before-sync.ts';
import {
  anotherKeyAfterARestart,
  checkpointPastADelivery,
  errorLaneForgotten,
  finishedForgotten,
} from './deliveries-in-the-catalog.ts';
import { dropLastBatch } from './drop-last-batch.ts';
import { finishBeforeThePut } from './finish-before-the-put.ts';
import type { PlantedBug } from './planted-bug.ts';
import { pushBeforeSync } from './push-before-sync.ts';
import { reuseOfAnOffset } from './reuse-of-an-offset.ts';
import { startWithoutSync } from './start-without-sync.ts';
import { writesDuringAReshard } from './writes-during-a-reshard.ts';
import { wrongChildRange } from './wrong-child-range.ts';

export const PLANTED_BUGS: readonly PlantedBug[] = [
  acknowledgeBeforeSync,
  pushBeforeSync,
  dropLastBatch,
  reuseOfAnOffset,
  wrongChildRange,
  writesDuringAReshard,
  startWithoutSync,
  finishBeforeThePut,
  checkpointPastADelivery,
  errorLaneForgotten,
  finishedForgotten,
  anotherKeyAfterARestart,
];

export function plantedBug(name: string): PlantedBug | undefined {
  return PLANTED_BUGS.find((bug) => bug.name === name);
}
