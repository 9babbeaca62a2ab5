/**
 * Rows on their way to a destination: as many at once as it takes, and again what it refused, in their order, until all are there. How often an
 * output is tried has no end (AWS's page "Configuring Application Output": it "continues to retry"), only its pauses have.
 */
import type { Clock } from '../../host/host.ts';
import type { LeavingRows } from '../running/ports.ts';
import { PutError, type OutputPort, type OutputRow, type PutResult } from './output-port.ts';

const PAUSE_FIRST_MS = 100;
const PAUSE_MAX_MS = 10_000;

export type SendParts = {
  readonly clock: Clock;
  readonly port: OutputPort;
  /** Told why rows are tried again; `undefined` once they are there. */
  readonly onState: (reason: string | undefined) => void;
};

/** Resolves when every row is there; rejects with the signal's reason only. */
export async function sendRows(parts: SendParts, rows: LeavingRows, signal: AbortSignal): Promise<void> {
  const { port } = parts;
  // Rows of a window that ended are many: no more are taken apart than the next attempt needs.
  const coming = rowsOf(rows);
  let pending: readonly OutputRow[] = take(coming, port.rowsMax);
  let pauseMs = PAUSE_FIRST_MS;
  let attempts = 0;
  while (pending.length > 0) {
    signal.throwIfAborted();
    const batch = firstBatch(pending, port);
    const results = await attempt(port, batch, attempts, signal);
    signal.throwIfAborted();
    const refused = batch.filter((_, index) => results[index] !== undefined);
    const reason = results.find((result) => result !== undefined);
    pending = [...refused, ...pending.slice(batch.length)];
    pending = [...pending, ...take(coming, port.rowsMax - pending.length)];
    parts.onState(reason);
    if (reason === undefined) {
      pauseMs = PAUSE_FIRST_MS;
      attempts = 0;
      continue;
    }
    attempts++;
    await parts.clock.sleep(pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS);
  }
}

async function attempt(
  port: OutputPort,
  batch: readonly OutputRow[],
  attempts: number,
  signal: AbortSignal,
): Promise<readonly PutResult[]> {
  try {
    return await port.put(batch, attempts, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    if (!(error instanceof PutError)) throw error;
    return batch.map(() => error.message);
  }
}

function* rowsOf({ bytes, ends, step }: LeavingRows): Generator<OutputRow, undefined> {
  let start = 0;
  for (const [index, end] of ends.entries()) {
    yield { name: `${step}-${index}`, data: bytes.subarray(start, end) };
    start = end;
  }
}

/** Leaves the rest for the next time, which a loop would close. */
function take(coming: Iterator<OutputRow, undefined>, count: number): readonly OutputRow[] {
  const taken: OutputRow[] = [];
  while (taken.length < count) {
    const row = coming.next().value;
    if (row === undefined) break;
    taken.push(row);
  }
  return taken;
}

function firstBatch(pending: readonly OutputRow[], { rowsMax, bytesMax }: OutputPort): readonly OutputRow[] {
  let bytes = 0;
  let count = 0;
  for (const { data } of pending) {
    if (count === rowsMax || (count > 0 && bytes + data.length > bytesMax)) break;
    bytes += data.length;
    count++;
  }
  return pending.slice(0, count);
}
