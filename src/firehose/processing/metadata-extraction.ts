/** The last step that may refuse a record: the values of the partition keys that the prefix names, by the query and by what the function said. */
import type { Clock } from '../../host/host.ts';
import { WorkerDied, type Workers } from '../../host/workers.ts';
import type { PartitionKeys } from '../object-keys/object-key.ts';
import { packRecords, slicesOf } from './packed-records.ts';
import { PROCESSING_LIMITS } from './processing-limits.ts';
import { fail, type Item, type ProcessingRun, type ProcessingStep } from './processing-run.ts';
import { EMPTY_KEY, queryKeys, type QueryKeysOutput } from './query-keys.ts';

const EXTRACTION_FAILED = 'DynamicPartitioning.MetadataExtractionFailed';

export type KeySources = {
  /** The jq program, where there is one. */
  readonly query: string | undefined;
  /** What the prefix names. */
  readonly fromQuery: readonly string[];
  readonly fromLambda: readonly string[];
};

export function createMetadataExtraction(
  { query, fromQuery, fromLambda }: KeySources,
  { workers, clock }: { readonly workers: Workers; readonly clock: Clock },
): ProcessingStep {
  return async (items, run) => {
    const told = items.filter((item) => {
      const isTold = fromLambda.every((name) => (item.keysFromLambda?.get(name) ?? '') !== '');
      if (!isTold) refuse(item, EMPTY_KEY, run);
      return isTold;
    });
    // The same partition is the same object for all its records, so that whoever gathers them need not compare.
    const partitions = new Map<string, PartitionKeys>();
    if (query === undefined || fromQuery.length === 0) {
      for (const item of told) item.keys = partitionOf(partitions, NO_VALUES, item);
      return told;
    }
    const slices = slicesOf(
      told,
      (item) => item.data.length,
      PROCESSING_LIMITS.sliceRecords,
      PROCESSING_LIMITS.sliceBytes,
    );
    const kept = await Promise.all(
      slices.map(async (slice) => keep(slice, await keysOf(query, slice, run.signal), partitions, run)),
    );
    return kept.flat();
  };

  function keep(
    slice: readonly Item[],
    { partitions: found, indices, failed }: QueryKeysOutput,
    partitions: Map<string, PartitionKeys>,
    run: ProcessingRun,
  ): readonly Item[] {
    return slice.filter((item, index) => {
      const why = failed.get(index);
      if (why === undefined) item.keys = partitionOf(partitions, found[indices[index]!]!, item);
      else refuse(item, why, run);
      return why === undefined;
    });
  }

  function partitionOf(
    partitions: Map<string, PartitionKeys>,
    values: readonly string[],
    { keysFromLambda }: Item,
  ): PartitionKeys {
    const told = fromLambda.map((name) => keysFromLambda!.get(name)!);
    const id = values.length === 1 && told.length === 0 ? values[0]! : JSON.stringify([values, told]);
    let keys = partitions.get(id);
    if (keys === undefined) {
      keys = {
        fromQuery: new Map(values.map((value, index) => [fromQuery[index]!, value])),
        fromLambda: new Map(told.map((value, index) => [fromLambda[index]!, value])),
      };
      partitions.set(id, keys);
    }
    return keys;
  }

  async function keysOf(
    program: string,
    slice: readonly Item[],
    signal: AbortSignal,
  ): Promise<QueryKeysOutput> {
    const records = packRecords(slice.map((item) => item.data));
    const { jqStepsMax: stepsMax } = PROCESSING_LIMITS;
    const input = { query: program, names: fromQuery, records, nowMs: clock.now(), stepsMax };
    try {
      return await workers.run(queryKeys, input, { signal, given: [records.bytes.buffer] });
    } catch (error) {
      if (!(error instanceof WorkerDied)) throw error;
      if (slice.length > 1) return joined(slice, (each) => keysOf(program, [each], signal));
      const failed = new Map([[0, 'The query takes too much memory.']]);
      return { partitions: [], indices: new Int32Array([-1]), failed };
    }
  }

  function refuse(item: Item, message: string, run: ProcessingRun): void {
    const type = 'metadata-extraction-failed';
    fail(item, { type, code: EXTRACTION_FAILED, message, attemptsMade: 1 }, run, clock.now());
  }
}

const NO_VALUES: readonly string[] = [];

/** One record of the slice ends its worker: each alone, one after the other, so that only that one is refused. */
async function joined(
  slice: readonly Item[],
  ask: (item: Item) => Promise<QueryKeysOutput>,
): Promise<QueryKeysOutput> {
  const partitions: (readonly string[])[] = [];
  const failed = new Map<number, string>();
  const indices = new Int32Array(slice.length);
  for (const [index, item] of slice.entries()) {
    const one = await ask(item);
    const why = one.failed.get(0);
    if (why === undefined) indices[index] = partitions.push(one.partitions[0]!) - 1;
    else failed.set(index, why);
  }
  return { partitions, indices, failed };
}
