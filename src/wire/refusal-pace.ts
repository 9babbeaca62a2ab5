/**
 * Slows down who is refused over and over. Nobody knows whose a request without a valid signature is, and refusing one costs a tenth of serving
 * one: two hundred clients that each ask again as soon as they are refused would take the whole processor from those who have a key.
 * So a server refuses a number of requests at once, as SDKs expect; the answers to more of them wait a little, while the connection
 * holds nothing but its answer. A client that waits for its answer is thereby held to a few requests a second (decision 0282).
 */
import type { Clock } from '../host/host.ts';

const BURST = 200;
const PER_SECOND = 100;
const DELAY_MS = 250;

/** Counts a refusal and gives how long its answer is to wait, milliseconds. */
export type RefusalPace = () => number;

export function createRefusalPace(clock: Pick<Clock, 'monotonic'>): RefusalPace {
  let left = BURST;
  let countedMs = clock.monotonic();
  return () => {
    const nowMs = clock.monotonic();
    left = Math.min(BURST, left + ((nowMs - countedMs) * PER_SECOND) / 1000);
    countedMs = nowMs;
    if (left < 1) return DELAY_MS;
    left -= 1;
    return 0;
  };
}
