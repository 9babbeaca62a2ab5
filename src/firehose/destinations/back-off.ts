/** Pauses between attempts that grow. Source: "Error Response Handling" of HTTP endpoints, Firehose developer guide (decision 0470). */
import type { Dice } from '../../host/host.ts';

const FIRST_MS = 1_000;
const MAX_MS = 120_000;

/** 1 s * 2^n with a jitter of 15 %, two minutes at most; `retries` is 0 before the first. */
export function backOff(retries: number, dice: Pick<Dice, 'integer'>): number {
  const jitter = 0.85 + (dice.integer(1001) / 1000) * 0.3;
  return Math.min(MAX_MS, FIRST_MS * 2 ** retries * jitter);
}
