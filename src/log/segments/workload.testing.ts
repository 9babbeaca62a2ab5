/**
 * A random workload for crash and fault tests, and the little model that says what must be true of a log afterwards: every acknowledged
 * record is there once, in order, at its position; nothing is there twice; trimmed records do not come back; no position is given twice.
 */
import assert from 'node:assert/strict';
import type { Dice } from '../../host/host.ts';
import { LogFailedError, LogFullError, LogGoneError, type Position, type RecordLog } from '../log.ts';
import { appendGroups } from '../append.testing.ts';

const ALL = Number.MAX_SAFE_INTEGER;
const START = 0 as Position;
const PARTITIONS_MAX = 6;

type PartitionModel = {
  /** Positions at or below it belong to an earlier partition of the same number. */
  readonly floor: number;
  dropAsked: boolean;
  acknowledged: { readonly position: number; readonly payload: string }[];
  /** Trims that were acknowledged, and that were asked for. */
  trimmed: number;
  trimAsked: number;
};

type LogModel = {
  readonly partitions: Map<number, PartitionModel>;
  /** Of partitions that were dropped: their number, and the greatest position acknowledged in them. */
  readonly floors: Map<number, number>;
  dropAsked: boolean;
};

export class WorkloadModel {
  readonly logs = new Map<string, LogModel>();
  /** Every payload that was ever handed to an append: nothing else may be read. */
  readonly attempted = new Set<string>();
  /** Of appends that failed: they are not to be seen in this life. */
  readonly failed = new Set<string>();

  clone(): WorkloadModel {
    const copy = structuredClone({ logs: this.logs, attempted: this.attempted });
    const model = new WorkloadModel();
    for (const [id, log] of copy.logs) model.logs.set(id, log);
    for (const payload of copy.attempted) model.attempted.add(payload);
    return model;
  }

  acknowledgedCount(): number {
    let count = 0;
    for (const { partitions } of this.logs.values()) {
      for (const { acknowledged } of partitions.values()) count += acknowledged.length;
    }
    return count;
  }
}

/** Runs `steps` random operations, some at the same time. Operations may fail with the log's own errors. */
export async function runWorkload(
  log: RecordLog,
  model: WorkloadModel,
  dice: Dice,
  steps: number,
): Promise<void> {
  await create(log, model, 'kept', [0, 1, 2]);
  for (let step = 0; step < steps; step++) {
    const together: Promise<void>[] = [];
    for (let left = 1 + dice.integer(5); left > 0; left--) {
      together.push(operate(log, model, dice));
      // What begins in one turn would share one commit.
      if (dice.integer(2) === 0) await turns(1);
    }
    await Promise.all(together);
  }
}

/** Of the event loop. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

async function operate(log: RecordLog, model: WorkloadModel, dice: Dice): Promise<void> {
  const ids = [...model.logs.keys()];
  const id = ids[dice.integer(ids.length)]!;
  const choice = dice.integer(24);
  if (choice === 0) return create(log, model, `log ${model.attempted.size}`, [0, 1]);
  if (choice === 1 && id !== 'kept') return drop(log, model, id);
  if (choice <= 3) return trim(log, model, id, dice);
  if (choice === 4) return readSome(log, model, id, dice);
  if (choice <= 6) return addPartition(log, model, id, dice);
  if (choice === 7) return dropPartition(log, model, id, dice);
  return append(log, model, id, dice);
}

async function create(
  log: RecordLog,
  model: WorkloadModel,
  id: string,
  partitions: readonly number[],
): Promise<void> {
  const created = await unlessFailed(log.createLog(id, partitions));
  if (created === FAILED || model.logs.has(id)) return;
  const models = new Map<number, PartitionModel>();
  for (const partition of partitions) {
    models.set(partition, emptyPartition(0));
  }
  model.logs.set(id, { partitions: models, floors: new Map(), dropAsked: false });
}

function emptyPartition(floor: number): PartitionModel {
  return { floor, dropAsked: false, acknowledged: [], trimmed: 0, trimAsked: 0 };
}

/** Of a new number, or of one whose partition was dropped. */
async function addPartition(log: RecordLog, model: WorkloadModel, id: string, dice: Dice): Promise<void> {
  const { partitions, floors } = model.logs.get(id)!;
  const number = dice.integer(PARTITIONS_MAX);
  if (partitions.has(number)) return;
  if ((await unlessFailed(log.addPartitions(id, [number]))) === FAILED || partitions.has(number)) return;
  partitions.set(number, emptyPartition(floors.get(number) ?? 0));
}

async function dropPartition(log: RecordLog, model: WorkloadModel, id: string, dice: Dice): Promise<void> {
  const { partitions, floors } = model.logs.get(id)!;
  const numbers = [...partitions.keys()].filter((number) => number > 0);
  const number = numbers[dice.integer(Math.max(1, numbers.length))];
  const partition = partitions.get(number ?? -1);
  if (number === undefined || partition === undefined) return;
  partition.dropAsked = true;
  if ((await unlessFailed(log.dropPartitions(id, [number]))) === FAILED) return;
  const last = partition.acknowledged.at(-1)?.position ?? 0;
  floors.set(number, Math.max(floors.get(number) ?? 0, partition.floor, last));
  partitions.delete(number);
}

async function drop(log: RecordLog, model: WorkloadModel, id: string): Promise<void> {
  model.logs.get(id)!.dropAsked = true;
  if ((await unlessFailed(log.dropLog(id))) !== FAILED) model.logs.delete(id);
}

async function trim(log: RecordLog, model: WorkloadModel, id: string, dice: Dice): Promise<void> {
  const partitions = [...model.logs.get(id)!.partitions];
  const [number, partition] = partitions[dice.integer(partitions.length)]!;
  const { acknowledged } = partition;
  const target = acknowledged[dice.integer(Math.max(1, acknowledged.length))]?.position ?? 0;
  partition.trimAsked = Math.max(partition.trimAsked, target);
  const done = await unlessFailed(log.trim(id, number, target as Position));
  if (done !== FAILED) partition.trimmed = Math.max(partition.trimmed, target);
}

async function append(log: RecordLog, model: WorkloadModel, id: string, dice: Dice): Promise<void> {
  const { partitions } = model.logs.get(id)!;
  const appends = [...partitions]
    .filter(([, { dropAsked }]) => !dropAsked && dice.integer(2) === 0)
    .map(([partition]) => {
      const payloads = Array.from({ length: 1 + dice.integer(4) }, () => {
        const payload = `${model.attempted.size}:${'x'.repeat(dice.integer(120))}`;
        model.attempted.add(payload);
        return payload;
      });
      return { partition, payloads };
    });
  const appended = await unlessFailed(
    appendGroups(
      log,
      id,
      appends.map(({ partition, payloads }) => ({
        partition,
        timeMs: 1000,
        records: payloads.map((payload) => Buffer.from(payload)),
      })),
    ),
  );
  appends.forEach(({ partition, payloads }, i) => {
    if (appended === FAILED) {
      // When one of its partitions was dropped meanwhile, the others may have got theirs.
      if (appends.some((each) => partitions.get(each.partition)?.dropAsked !== false)) return;
      for (const payload of payloads) model.failed.add(payload);
      return;
    }
    const { positions } = appended[i]!;
    payloads.forEach((payload, k) => {
      // It may have been dropped in the same moment.
      partitions.get(partition)?.acknowledged.push({ position: positions[k]!, payload });
    });
  });
}

async function readSome(log: RecordLog, model: WorkloadModel, id: string, dice: Dice): Promise<void> {
  const read = await unlessFailed(log.read(id, 0, START, 1 + dice.integer(50), ALL));
  if (read === FAILED) return;
  for (const { bytes } of read.records) assert.ok(!model.failed.has(textOf(bytes)));
}

/** Checks a log against what the model knew when the crash happened, then appends, to see that positions go on. */
export async function checkLog(
  log: RecordLog,
  model: WorkloadModel,
  options: { mayLoseNewest?: boolean; seesFailed?: boolean } = {},
): Promise<void> {
  const there = log.logs();
  for (const [id, { partitions, dropAsked }] of model.logs) {
    if (!there.has(id)) {
      assert.ok(dropAsked, `log ${id} is gone, though nobody dropped it`);
      continue;
    }
    for (const [number, partition] of partitions) {
      if (!there.get(id)!.includes(number)) {
        assert.ok(partition.dropAsked, `partition ${number} of ${id} is gone, though nobody dropped it`);
        continue;
      }
      await checkPartition(log, id, number, partition, model, options);
    }
  }
}

async function checkPartition(
  log: RecordLog,
  id: string,
  number: number,
  partition: PartitionModel,
  model: WorkloadModel,
  options: { mayLoseNewest?: boolean; seesFailed?: boolean },
): Promise<void> {
  const found = await readAll(log, id, number);
  const where = `log ${id}, partition ${number}`;
  const payloads = found.map(({ payload }) => payload);
  assert.equal(new Set(payloads).size, payloads.length, `${where} has a record twice`);
  for (const [i, { position, payload }] of found.entries()) {
    assert.ok(model.attempted.has(payload), `${where} has a record that nobody wrote`);
    assert.ok(options.seesFailed !== false || !model.failed.has(payload), `${where} shows a failed append`);
    assert.ok(position > (found[i - 1]?.position ?? 0), `${where} is out of order`);
    assert.ok(position > partition.trimmed, `${where} has a trimmed record`);
    assert.ok(position > partition.floor, `${where} has a record of a partition that was dropped`);
  }
  const byPosition = new Map(found.map(({ position, payload }) => [position, payload]));
  let lost = false;
  for (const { position, payload } of partition.acknowledged) {
    if (position <= partition.trimAsked) continue;
    const kept = byPosition.get(position);
    if (kept === undefined) {
      assert.ok(options.mayLoseNewest, `${where} lost an acknowledged record at ${position}`);
      lost = true;
      continue;
    }
    assert.ok(!lost, `${where} lost a record but kept a later one`);
    assert.equal(kept, payload, `${where} has another record at ${position}`);
  }
  const greatest = Math.max(
    partition.floor,
    ...found.map((each) => each.position),
    ...partition.acknowledged.map((each) => each.position),
  );
  assert.ok(log.bounds(id, number).last >= (found.at(-1)?.position ?? 0));
  const [appended] = await appendGroups(log, id, [
    { partition: number, timeMs: 2000, records: [Buffer.from('!')] },
  ]);
  const position = appended!.positions[0]!;
  assert.ok(position > greatest, `${where} gave position ${position} again`);
  const read = await log.read(id, number, (position - 1) as Position, 1, ALL);
  assert.equal(textOf(read.records[0]!.bytes), '!');
}

async function readAll(
  log: RecordLog,
  id: string,
  partition: number,
): Promise<{ position: number; payload: string }[]> {
  const found: { position: number; payload: string }[] = [];
  for (let after = START; ;) {
    const read = await log.read(id, partition, after, 10, ALL);
    for (const { position, bytes } of read.records) found.push({ position, payload: textOf(bytes) });
    if (read.atEnd) return found.filter(({ payload }) => payload !== '!');
    after = read.after;
  }
}

const FAILED = Symbol('failed');

async function unlessFailed<Result>(operation: Promise<Result>): Promise<Result | typeof FAILED> {
  try {
    return await operation;
  } catch (error) {
    const own =
      error instanceof LogFailedError || error instanceof LogFullError || error instanceof LogGoneError;
    if (!own) throw error;
    return FAILED;
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
