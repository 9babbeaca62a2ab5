import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { residentsHere } from '../../host/residents.ts';
import { createSimulatedClock, type SimulatedClock } from '../../host/simulated/clock.ts';
import type { RecordLog } from '../../log/log.ts';
import { openMemoryLog } from '../../log/memory/memory-log.ts';
import { TestSource } from '../../readers/source.testing.ts';
import { planProgram } from '../../sql/check/check.ts';
import { parseProgram } from '../../sql/syntax/parse.ts';
import { ERROR_STREAM, inputColumns } from '../execution/execution-config.ts';
import { readJsonPath } from '../mapping/json-path.ts';
import type { RecordSchema } from '../mapping/record-schema.ts';
import { LogState } from '../state/log-state.ts';
import { CELLS_PARTITION, STEPS_PARTITION } from '../state/state-records.ts';
import { ApplicationRunner } from './application-runner.ts';
import type { LeavingRows, OutputTarget } from './ports.ts';

const LOG_ID = 'application';
const SCHEMA: RecordSchema = {
  format: { kind: 'json', rowPath: readJsonPath('$') },
  columns: [
    { name: 'KEY', type: { name: 'VARCHAR', length: 8 }, mapping: readJsonPath('$.key') },
    { name: 'N', type: { name: 'INTEGER' }, mapping: readJsonPath('$.n') },
  ],
};
/** Rows as they come, and sums of minutes. */
const PROGRAM = `
  CREATE STREAM EACH_ROW (WHAT VARCHAR(8), N INTEGER, SEEN TIMESTAMP, SHARD VARCHAR(64));
  CREATE PUMP P1 AS INSERT INTO EACH_ROW
    SELECT STREAM KEY, N, S.ROWTIME, SHARD_ID FROM SOURCE_001 AS S WHERE N <> 13;
  CREATE STREAM SUMS (WHAT VARCHAR(8), TOTAL BIGINT);
  CREATE PUMP P2 AS INSERT INTO SUMS
    SELECT STREAM KEY, SUM(N) FROM SOURCE_001 AS S GROUP BY KEY, FLOOR(S.ROWTIME TO MINUTE);`;

class Gathered implements OutputTarget {
  readonly rows: string[] = [];
  /** Rejects so often, and hangs then until it is let go. */
  isDown = false;

  async deliver({ bytes, ends }: LeavingRows, signal: AbortSignal): Promise<void> {
    if (this.isDown)
      await new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
      );
    let start = 0;
    for (const end of ends) {
      this.rows.push(Buffer.from(bytes.subarray(start, end)).toString());
      start = end;
    }
  }
}

class World {
  readonly clock: SimulatedClock = createSimulatedClock(Date.UTC(2024, 0, 1, 12, 0, 30));
  readonly source = new TestSource();
  readonly each = new Gathered();
  readonly sums = new Gathered();
  readonly errors = new Gathered();
  readonly failures: string[] = [];
  readonly log: RecordLog = openMemoryLog();

  static async create(): Promise<World> {
    const world = new World();
    await world.log.createLog(LOG_ID, [STEPS_PARTITION, CELLS_PARTITION]);
    world.source.add('s/shard-1');
    return world;
  }

  runner(program = PROGRAM): ApplicationRunner {
    const hasShards = true;
    const given = { name: 'SOURCE_001', columns: inputColumns({ schema: SCHEMA, hasShards }) };
    return new ApplicationRunner({
      clock: this.clock,
      residents: residentsHere,
      state: new LogState({ log: this.log, clock: this.clock, logId: LOG_ID }),
      config: {
        plan: planProgram(parseProgram(program), { streams: [given], tables: [], isOpen: false }),
        inputs: [{ streams: ['SOURCE_001'], schema: SCHEMA, hasShards }],
        tables: [],
        outputs: [
          { stream: 'EACH_ROW', format: 'CSV', endsLines: false },
          { stream: 'SUMS', format: 'JSON', endsLines: false },
          { stream: ERROR_STREAM, format: 'JSON', endsLines: false },
        ],
        startMs: this.clock.now(),
        seed: 1,
      },
      inputs: [
        {
          source: this.source,
          start: { kind: 'oldest' },
          hasShards,
          shardOf: (unit) => unit.split('/')[1],
          streams: 1,
          streamOf: () => 0,
          preprocessor: undefined,
        },
      ],
      outputs: [this.each, this.sums, this.errors],
      fingerprint: program,
      onFailure: (error, doing) => this.failures.push(`${doing}: ${String(error)}`),
    });
  }

  /** Time in small pieces, so that everything that waits for something else comes to it. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 50) await this.clock.advance(50);
  }
}

describe('a running application', () => {
  it('reads, computes and delivers, and closes windows though nothing comes', async () => {
    const world = await World.create();
    world.source.put(
      's/shard-1',
      '{"key":"a","n":1}',
      '{"key":"b","n":2}{"key":"a","n":3}',
      '{"key":"x","n":13}',
      'no json',
    );
    await using runner = world.runner();
    assert.deepEqual(await runner.start(true), { resumed: false });
    await world.pass(500);
    assert.equal(world.each.rows.length, 3);
    assert.match(world.each.rows[0] ?? '', /^a,1,2024-01-01 12:00:30\.\d{3},shard-1$/);
    assert.deepEqual(world.sums.rows, []);
    assert.match(world.errors.rows.join(), /"ERROR_NAME":"INVALID_RECORD","MESSAGE":"Malformed JSON/);
    await world.pass(30_000);
    assert.deepEqual(world.sums.rows.toSorted(), [
      '{"WHAT":"a","TOTAL":4}',
      '{"WHAT":"b","TOTAL":2}',
      '{"WHAT":"x","TOTAL":13}',
    ]);
    assert.deepEqual(world.failures, []);
    const status = runner.status();
    assert.deepEqual([status.recordsIn, status.errors], [4, 1]);
    assert(status.checkpoint !== undefined && world.clock.now() - status.checkpoint.takenMs <= 31_000);
  });

  it('does nothing while what it has recorded cannot be read, and then repeats the same rows', async () => {
    const world = await World.create();
    world.source.put('s/shard-1', '{"key":"a","n":1}');
    await using runner = world.runner();
    await runner.start(true);
    await world.pass(500);
    const { log } = world;
    const append = log.append.bind(log);
    const read = log.read.bind(log);
    let failures = 0;
    log.append = async (...call) => {
      if (failures++ === 0) throw new Error('The disk is away');
      return await append(...call);
    };
    log.read = async (...call) => {
      if (failures++ < 3) throw new Error('The disk is away');
      return await read(...call);
    };
    world.source.put('s/shard-1', '{"key":"b","n":2}');
    await world.pass(6000);
    assert.match(world.failures.join(), /^running: .*loading its state: /);
    assert.equal(world.each.rows.length, 3);
    assert.equal(new Set(world.each.rows).size, 2);
  });

  it('goes on from its state after a stop, and begins anew with another program', async () => {
    const world = await World.create();
    world.source.put('s/shard-1', '{"key":"a","n":1}');
    {
      await using runner = world.runner();
      await runner.start(true);
      await world.pass(1000);
    }
    world.source.put('s/shard-1', '{"key":"a","n":2}');
    {
      await using runner = world.runner();
      assert.deepEqual(await runner.start(true), { resumed: true });
      await world.pass(40_000);
      assert.deepEqual(world.sums.rows, ['{"WHAT":"a","TOTAL":3}']);
      assert.equal(world.each.rows.length, 2);
    }
    await using other = world.runner(`${PROGRAM} -- changed`);
    assert.deepEqual(await other.start(true), { resumed: false });
    await world.pass(200);
    assert.equal(world.each.rows.length, 4);
  });

  it('repeats the same rows to the byte after it was killed', async () => {
    const world = await World.create();
    const killed = world.runner();
    await killed.start(true);
    world.source.put('s/shard-1', '{"key":"a","n":1}');
    await world.pass(9000);
    world.source.put('s/shard-1', '{"key":"a","n":2}', '{"key":"b","n":5}');
    await world.pass(200);
    const before = [...world.each.rows];
    assert.equal(before.length, 3);
    // Nothing is told to the one that was killed; it only never gets to do anything more.
    world.each.rows.length = 0;

    await using runner = world.runner();
    assert.deepEqual(await runner.start(true), { resumed: true });
    await world.pass(500);
    assert.deepEqual(world.each.rows, before.slice(1));
  });

  it('holds back while an output takes nothing, and sends the step again', async () => {
    const world = await World.create();
    world.each.isDown = true;
    world.source.put('s/shard-1', '{"key":"a","n":1}');
    {
      await using runner = world.runner();
      await runner.start(true);
      await world.pass(10_000);
      assert.deepEqual(world.each.rows, []);
    }
    world.each.isDown = false;
    await using runner = world.runner();
    await runner.start(true);
    await world.pass(500);
    assert.match(world.each.rows.join('|'), /^a,1,2024-01-01 12:00:30\.\d{3},shard-1$/);
  });

  it('follows shards to their children, and shows rows to those who watch', async () => {
    const world = await World.create();
    await using runner = world.runner();
    await runner.start(true);
    const seen: string[] = [];
    using watch = runner.watch(({ streams }) =>
      seen.push(...streams.map(({ stream, rows }) => `${stream} ${rows.length}`)),
    );
    assert(watch !== undefined);
    world.source.add('s/shard-2', ['s/shard-1']);
    world.source.put('s/shard-2', '{"key":"late","n":1}');
    world.source.put('s/shard-1', '{"key":"soon","n":1}');
    await world.pass(500);
    assert.deepEqual(
      world.each.rows.map((row) => row.split(',')[0]),
      ['soon'],
    );
    world.source.close('s/shard-1');
    await world.pass(500);
    assert.deepEqual(
      world.each.rows.map((row) => row.split(',')[0]),
      ['soon', 'late'],
    );
    assert.deepEqual(seen, ['SOURCE_001 1', 'EACH_ROW 1', 'SOURCE_001 1', 'EACH_ROW 1']);
  });
});
