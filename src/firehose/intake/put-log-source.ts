/** The log of a DirectPut delivery stream as a source for readers: one unit, which never ends. */
import { LogGoneError, type Position, type RecordLog } from '../../log/log.ts';
import { assert } from '../../base/assert.ts';
import {
  SourceGoneError,
  type RecordSource,
  type SourceRead,
  type SourceRecord,
  type StartingPoint,
} from '../../readers/record-source.ts';
import type { DeliveryStream } from '../delivery-stream.ts';
import { PUT_HEADER_BYTES, PUT_PARTITION } from './put-log.ts';

const VERSION = 1;
const VERSION_MASK = 0x0f;

export function putLogSource(
  log: RecordLog,
  { id, createdMs }: Pick<DeliveryStream, 'id' | 'createdMs'>,
): RecordSource {
  return {
    units: () => [{ id, parents: [] }],
    watchUnits: () => ({ [Symbol.dispose]: () => {} }),
    positionAt: (_unit, point) => gone(() => positionAt(log, id, point)),
    read: (_unit, after, recordsMax, bytesMax) => gone(() => read(log, id, after, recordsMax, bytesMax)),
    watch: (_unit, onChange) => log.watch(id, PUT_PARTITION, onChange),
    sequenceNumber: (_unit, position, arrivalMs) => sequenceNumber(createdMs, position, arrivalMs),
  };
}

/** Everything up to `position` was delivered, or is given up. Does nothing when the delivery stream has gone. */
export async function trimPutLog(log: RecordLog, id: string, position: number): Promise<void> {
  try {
    await log.trim(id, PUT_PARTITION, position as Position);
  } catch (error) {
    if (!(error instanceof LogGoneError)) throw error;
  }
}

async function positionAt(log: RecordLog, id: string, point: StartingPoint): Promise<number> {
  if (point.kind === 'latest') return log.bounds(id, PUT_PARTITION).last;
  if (point.kind === 'oldest') return log.bounds(id, PUT_PARTITION).trimmed;
  return log.positionBefore(id, PUT_PARTITION, point.timeMs);
}

async function read(
  log: RecordLog,
  id: string,
  after: number,
  recordsMax: number,
  bytesMax: number,
): Promise<SourceRead> {
  const found = await log.readColumns(id, PUT_PARTITION, after as Position, recordsMax, bytesMax);
  // Never released: whoever reads may look at the data for as long as they want.
  const { sources, starts, ends, positions, timesMs } = found.records;
  const records = sources.map((source, index): SourceRecord => {
    const start = starts[index]!;
    assert((source[start]! & VERSION_MASK) === VERSION, 'the record has a known version');
    return {
      position: positions[index]!,
      arrivalMs: timesMs[index]!,
      data: source.subarray(start + PUT_HEADER_BYTES, ends[index]),
    };
  });
  return { records, after: found.after, atEnd: found.atEnd, finished: false };
}

/** The log of a delivery stream that is being deleted goes while it is read. */
async function gone<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LogGoneError) throw new SourceGoneError(error.message, { cause: error });
    throw error;
  }
}

/**
 * 56 digits, built as those of a stream's only shard (streams/records/sequence-number.ts): 2 · created seconds (9) · 0 · position (16) · 00 ·
 * seconds of the arrival (9) · 00000000 · 2, in hexadecimal. They grow with the position.
 */
function sequenceNumber(createdMs: number, position: number, arrivalMs: number): string {
  let number = (2n << 36n) | BigInt(Math.floor(createdMs / 1000));
  number = (number << 68n) | BigInt(position);
  number = (number << 44n) | BigInt(Math.floor(arrivalMs / 1000));
  return String((number << 36n) | 2n);
}
