/**
 * The function that sees records before they become rows. Source: "Preprocessing Data Using a Lambda Function", SQL developer guide, whose example has
 * the arrival in seconds: all ids must come back, each with a result, or the invocation is made again, for ever. The ids are the same at every
 * attempt, also after a restart.
 */
import type { Clock, Dice } from '../../host/host.ts';
import { FunctionFailure, type Functions } from '../../functions/functions.ts';
import type { InputRecords, Preprocessor, ProcessedRecords } from '../running/ports.ts';
import { guid } from './guid.ts';

/** Of data in one invocation: Lambda's payload is 6 MB at most, base64 takes four bytes for three, and names take the rest. */
const BYTES_MAX = 3 * 1024 * 1024;
const RECORDS_MAX = 500;
const PAUSE_FIRST_MS = 200;
const PAUSE_MAX_MS = 10_000;

export type PreprocessorParts = {
  readonly arn: string;
  readonly applicationArn: string;
  readonly streamArn: string;
  readonly functions: Functions;
  readonly clock: Clock;
  readonly dice: Dice;
  /** Told why records are sent again; `undefined` once they came back. */
  readonly onState: (reason: string | undefined) => void;
};

type Verdict =
  | { readonly kind: 'ok'; readonly data: Uint8Array }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'failed' };

export function createPreprocessor(parts: PreprocessorParts): Preprocessor {
  return {
    async process(records, shardId, signal) {
      const kept: number[] = [];
      const data: Uint8Array[] = [];
      const failed: { data: Uint8Array; reason: string }[] = [];
      for (let from = 0; from < records.data.length;) {
        const to = endOfSlice(records, from);
        const verdicts = await processSlice(parts, records, shardId, from, to, signal);
        verdicts.forEach((verdict, index) => {
          if (verdict.kind === 'ok') {
            kept.push(from + index);
            data.push(verdict.data);
          } else if (verdict.kind === 'failed') {
            failed.push({
              data: records.data[from + index]!,
              reason: 'The function answered ProcessingFailed.',
            });
          }
        });
        from = to;
      }
      return { records: { ...only(records, kept), data }, failed };
    },
  };
}

function only(records: InputRecords, kept: readonly number[]): ProcessedRecords['records'] {
  const { data, arrivalsMs, partitionKeys, sequenceNumbers } = records;
  return {
    data: kept.map((index) => data[index]!),
    arrivalsMs: kept.map((index) => arrivalsMs[index]!),
    partitionKeys: partitionKeys && kept.map((index) => partitionKeys[index]!),
    sequenceNumbers: sequenceNumbers && kept.map((index) => sequenceNumbers[index]!),
  };
}

function endOfSlice({ data }: InputRecords, from: number): number {
  let bytes = 0;
  let to = from;
  while (to < data.length && to - from < RECORDS_MAX) {
    bytes += data[to]!.length;
    if (to > from && bytes > BYTES_MAX) break;
    to++;
  }
  return to;
}

async function processSlice(
  parts: PreprocessorParts,
  records: InputRecords,
  shardId: string | undefined,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<readonly Verdict[]> {
  const ids = Array.from({ length: to - from }, (_, index) => recordIdOf(records, from + index));
  let pauseMs = PAUSE_FIRST_MS;
  for (;;) {
    const event = eventOf(parts, records, shardId, from, ids);
    const outcome = await invoke(parts, event, ids, signal);
    if (typeof outcome !== 'string') {
      parts.onState(undefined);
      return outcome;
    }
    parts.onState(outcome);
    await parts.clock.sleep(pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS);
  }
}

/** Records of an aggregate have one sequence number: their place tells them apart. */
function recordIdOf({ sequenceNumbers }: InputRecords, index: number): string {
  const number = sequenceNumbers?.[index] ?? '';
  return `${number}${String(index).padStart(6, '0')}`;
}

function eventOf(
  { applicationArn, streamArn, dice }: PreprocessorParts,
  records: InputRecords,
  shardId: string | undefined,
  from: number,
  ids: readonly string[],
): Uint8Array {
  const { data, arrivalsMs, partitionKeys, sequenceNumbers } = records;
  const list = ids.map((recordId, offset) => {
    const index = from + offset;
    const record = data[index]!;
    const approximateArrivalTimestamp = Math.floor(arrivalsMs[index]! / 1000);
    return {
      recordId,
      data: Buffer.from(record.buffer, record.byteOffset, record.length).toString('base64'),
      ...(sequenceNumbers === undefined
        ? { kinesisFirehoseRecordMetadata: { approximateArrivalTimestamp } }
        : {
            kinesisStreamRecordMetadata: {
              shardId,
              partitionKey: partitionKeys?.[index],
              sequenceNumber: sequenceNumbers[index],
              approximateArrivalTimestamp,
            },
          }),
    };
  });
  return Buffer.from(JSON.stringify({ invocationId: guid(dice), applicationArn, streamArn, records: list }));
}

/** A verdict for each id, or why there is none. */
async function invoke(
  { functions, arn }: PreprocessorParts,
  event: Uint8Array,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly Verdict[] | string> {
  try {
    const answer = await functions.invoke(arn, event, signal);
    return answer.kind === 'ok' ? verdictsOf(answer.payload, ids) : 'The function returned an error.';
  } catch (error) {
    if (!(error instanceof FunctionFailure)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

function verdictsOf(payload: Uint8Array, ids: readonly string[]): readonly Verdict[] | string {
  let answer: unknown;
  try {
    answer = JSON.parse(Buffer.from(payload).toString());
  } catch {
    return 'The answer of the function is no JSON.';
  }
  const list = (answer as { records?: unknown } | null)?.records;
  if (!Array.isArray(list)) return 'The answer of the function has no records.';
  const byId = new Map<string, Verdict>();
  for (const record of list as readonly unknown[]) {
    const { recordId, result, data } = (record ?? {}) as Record<string, unknown>;
    if (typeof recordId !== 'string') continue;
    if (result === 'Dropped') byId.set(recordId, { kind: 'dropped' });
    else if (result === 'ProcessingFailed') byId.set(recordId, { kind: 'failed' });
    else if (result === 'Ok' && typeof data === 'string') {
      byId.set(recordId, { kind: 'ok', data: Buffer.from(data, 'base64') });
    }
  }
  const verdicts = ids.map((id) => byId.get(id));
  return verdicts.every((verdict) => verdict !== undefined)
    ? verdicts
    : 'The answer of the function does not have every record with its result.';
}
