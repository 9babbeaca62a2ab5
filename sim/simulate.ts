/**
 * One simulation from one seed: a server on a simulated machine, clients that work on it at random, and what goes wrong meanwhile. When
 * the clients have done their steps the machine is left in peace, everything that was ever known is read again, and what
 * it should be is compared with what it is. At last bits are flipped at rest: the server may refuse its files then, or fail
 * reads, but it may not give wrong data.
 */
import { openSqliteCatalog } from '../src/catalog/sqlite/open.ts';
import type { Dice } from '../src/host/host.ts';
import { createSimulatedClock, type SimulatedClock } from '../src/host/simulated/clock.ts';
import { createSimulatedDice } from '../src/host/simulated/dice.ts';
import { createSimulatedDisk, type SimulatedDisk } from '../src/host/simulated/disk.ts';
import { openFolderObjectStore } from '../src/objects/folder/folder-object-store.ts';
import type { ObjectStore } from '../src/objects/objects.ts';
import { Client } from './client.ts';
import { Faults } from './faults.ts';
import { DeliveryOperator } from './firehose/delivery-operator.ts';
import { DeliveryPuts } from './firehose/delivery-puts.ts';
import { BUCKET } from './firehose/bucket.ts';
import { awaitDeliveries, checkBucket, observerOf } from './firehose/deliveries.ts';
import type { DeliveryModel } from './firehose/delivery-model.ts';
import { Outside } from './firehose/outside.ts';
import { SentRecords } from './firehose/sent-records.ts';
import { History, Violation } from './history.ts';
import { Machine } from './machine.ts';
import type { StreamModel } from './model.ts';
import { Operator } from './operator.ts';
import type { PlantedBug } from './planted/planted-bug.ts';
import { Polls } from './polls.ts';
import { Puts } from './puts.ts';
import { readShard } from './reads.ts';
import { OBJECTS_DIRECTORY } from './server.ts';
import { Subscribes } from './subscribes.ts';
import { goesOn, runClient, Stopped, whileBusy, type World } from './world.ts';

const HOUR_MS = 3_600_000;
/** Half of it goes by without an event only when everybody waits for ever. */
const SIMULATED_MS_MAX = 200 * HOUR_MS;
const SHORT_LIFE_MS_MAX = 40;
const EVENTS_MAX = 400_000;
const STEPS_A_DELIVERY_STEP = 15;
/** For records that are on their way: hardly more than what one read may bring. */
const LITTLE_MEMORY_BYTES = 300_000;

export type SimulationOptions = {
  readonly seed: number;
  /** How many operations the clients do. */
  readonly steps: number;
  /** Of the operator of delivery streams; a part of the others' by default. */
  readonly deliverySteps?: number;
  readonly bug?: PlantedBug | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
};

export type SimulationResult = {
  readonly seed: number;
  /** Of the whole history: the same seed gives the same. */
  readonly hash: string;
  readonly operations: number;
  readonly lives: number;
  /** Records that were acknowledged or read, and those of them that retention or a power cut took. */
  readonly records: number;
  readonly gone: number;
  readonly faults: ReadonlyMap<string, number>;
  /** The server said that its files are damaged, after a fault that may do that. */
  readonly refused: boolean;
  readonly failure: { readonly message: string; readonly story: readonly string[] } | undefined;
};

export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const { seed, steps } = options;
  const dice = createSimulatedDice(seed);
  const newDice = (): Dice => createSimulatedDice(dice.integer(2 ** 31));
  const clock = createSimulatedClock();
  const history = new History(() => clock.monotonic(), options.onLine);
  const mayLie = dice.integer(8) === 0;
  const durability = dice.integer(4) === 0 ? 'os' : 'fsync';
  const faults = new Faults({ clock, dice: newDice(), history, mayLie });
  await using catalog = await openSqliteCatalog({ host: { disk: createSimulatedDisk() }, path: ':memory:' });
  const disk = createSimulatedDisk();
  const deliveryStreams: DeliveryModel[] = [];
  const sentTo = new Map<string, SentRecords>();
  let violation: unknown;
  const observer = observerOf(deliveryStreams, history, (found) => (violation ??= found));
  const outside = new Outside({
    ...{ clock, dice: newDice(), history, observer },
    count: (fault) => faults.count(fault),
  });
  const objectsOnDisk = dice.integer(3) === 0;
  const deliveryMemoryBytesMax = dice.integer(3) === 0 ? LITTLE_MEMORY_BYTES : 2 ** 28;
  if (objectsOnDisk)
    await openOnDisk(disk, clock, createSimulatedDice(seed)).then((store) => store.createBucket(BUCKET));
  const machine = new Machine({
    clock,
    dice: newDice(),
    disk,
    catalog,
    history,
    faults,
    durability,
    bug: options.bug,
    ...{ outside, observer, objectsOnDisk, deliveryMemoryBytesMax },
  });
  history.add(`seed ${seed}, durability ${durability}${mayLie ? ', syncs may lie' : ''}`);

  let highestMs = 0;
  let jumps = 0;
  let over = false;
  const clients: Client[] = [];
  const world: World = {
    clock,
    history,
    machine,
    faults,
    streams: new Map(),
    everyStream: new Set(),
    deliveryStreams,
    sentTo(stream) {
      let records = sentTo.get(stream);
      if (records === undefined) sentTo.set(stream, (records = new SentRecords()));
      return records;
    },
    busy: new Map(),
    wall: { now: () => clock.now(), highest: () => (highestMs = Math.max(highestMs, clock.now())) },
    jumps: () => jumps,
    stopped: () => over || violation !== undefined || machine.refusal !== undefined,
    stepsLeft: steps,
    deliveryStepsLeft: options.deliverySteps ?? Math.ceil(steps / STEPS_A_DELIVERY_STEP),
    operations: 0,
    newClient() {
      const client = new Client(machine, newDice(), dice.integer(8));
      clients.push(client);
      return { client, dice: newDice() };
    },
  };
  const { everyStream } = world;
  machine.onViolation = (found) => (violation ??= found);
  machine.onLoss = () => {
    for (const stream of everyStream) stream.powerCut(history.length);
    for (const model of deliveryStreams) model.excuseAll();
  };
  machine.onDeliveryError = (name, { code, message, records }) => {
    history.add(`! ${name}: ${records} records: ${code}: ${message}`);
    const model = deliveryStreams.findLast((each) => each.name === name);
    if (code === 'RecordsExpired' || code === 'RecordsGone') model!.toldLost += records;
  };

  const run = async (): Promise<void> => {
    const operator = new Operator(world);
    const keeping = keepServing(world, newDice());
    const deliveryOperator = new DeliveryOperator(world);
    const deliveryWriters = ['d0', 'd1'].map((name) => new DeliveryPuts(world, name));
    const writers = ['w0', 'w1', 'w2'].map((name) => new Puts(world, name));
    await Promise.all([
      operator.run(),
      deliveryOperator.run(),
      ...deliveryWriters.map((writer) => writer.run()),
      feedSources(world, newDice(), new Puts(world, 'w3')),
      outsideTrouble(world, newDice(), outside),
      ...writers.map((writer) => runClient(world, newDice(), 60, writer)),
      ...[0, 1].map(() => runClient(world, newDice(), 60, new Polls(world))),
      runClient(world, newDice(), 200, new Subscribes(world)),
      trouble(world, newDice(), (byMs) => {
        world.wall.highest();
        jumps++;
        clock.setWallTime(clock.now() + byMs);
        for (const stream of everyStream) stream.clockSet(clock.now());
      }),
    ]);
    for (const client of clients) client.cuts = 0;
    faults.end();
    outside.end();
    machine.makePeace();
    if (dice.integer(2) === 0) machine.crashNow();
    await checkAll(world, operator, writers[0]!);
    await deliveryOperator.observeAll();
    await awaitDeliveries(world, deliveryWriters[0]!);
    over = true;
    await machine.stop();
    await keeping;
    const objects = objectsOnDisk ? await openOnDisk(machine.disk, clock, newDice()) : outside.objects;
    if (!faults.mayDamage) await checkBucket(world, objects);
    await flipBits(world, newDice());
  };

  let done = false;
  run()
    .catch((error: unknown) => (violation ??= error))
    .finally(() => (done = true));
  await play(
    clock,
    () =>
      done || (violation !== undefined && !(violation instanceof Stopped)) || machine.refusal !== undefined,
  );
  if (violation instanceof Stopped && machine.refusal !== undefined) violation = undefined;
  machine.crashNow();
  const known = [...everyStream].flatMap((stream) =>
    [...stream.shards.values()].flatMap((shard) => shard.known),
  );
  const result = {
    seed,
    operations: world.operations,
    lives: machine.lives,
    records: known.length,
    gone: known.filter(({ goneAt }) => goneAt < Infinity).length,
    faults: faults.counts,
  };
  const failure = violation === undefined ? undefined : failureOf(violation, history);
  return { ...result, hash: history.digest(), refused: machine.refusal !== undefined, failure };
}

/** Nobody uses the disk otherwise at the time. */
function openOnDisk(disk: SimulatedDisk, clock: SimulatedClock, dice: Dice): Promise<ObjectStore> {
  disk.onCall = undefined;
  disk.pause = undefined;
  return openFolderObjectStore({ disk, clock, dice, directory: OBJECTS_DIRECTORY });
}

/** Lets time pass from event to event until `isOver`. */
async function play(clock: SimulatedClock, isOver: () => boolean): Promise<void> {
  for (let events = 0; ; events++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (isOver()) return;
    const ms = clock.nextTimerMs();
    if (ms === undefined) throw new Error('the simulation stands still: nobody waits for anything');
    if (events > EVENTS_MAX || clock.monotonic() > SIMULATED_MS_MAX)
      throw new Error('the simulation does not come to an end');
    await clock.advance(ms);
  }
}

/** Starts the server again whenever it is down, until the simulation is over. */
async function keepServing(world: World, dice: Dice): Promise<void> {
  const { machine, clock } = world;
  while (!world.stopped()) {
    const short = machine.killedAtSync;
    if (machine.life === undefined && !machine.stopping) await machine.start();
    const { life } = machine;
    if (life !== undefined) {
      // It shows to readers what the kill left unsynced, and this must not be lost with it.
      if (short)
        clock.timer(10 + dice.integer(SHORT_LIFE_MS_MAX), () => {
          if (machine.life === life && goesOn(world)) machine.crashNow('nothing');
        });
      await life.ended;
    }
    if (world.stopped()) return;
    await clock.sleep(machine.downMs());
  }
}

/** What goes wrong with the machine while the clients work. */
async function trouble(world: World, dice: Dice, jump: (byMs: number) => void): Promise<void> {
  const { clock, machine, faults, history } = world;
  while (goesOn(world)) {
    await clock.sleep(50 + dice.integer(800));
    switch (dice.integer(12)) {
      case 0:
        machine.crashNow();
        break;
      case 1:
      case 2:
        machine.doom(1 + dice.integer(dice.integer(120) + 1));
        break;
      case 3:
      case 4:
      case 8:
        machine.killAtSync();
        break;
      case 5:
        faults.count('stop');
        await machine.stop();
        break;
      case 6: {
        const ms = dice.integer(3) === 0 ? 1000 * (dice.integer(60) - 30) : HOUR_MS * (dice.integer(48) - 8);
        history.add(`! the wall clock jumps by ${ms} ms`);
        faults.count('clock jump');
        jump(ms);
        break;
      }
      case 7:
        // So that background work, which has its round every ten seconds, has one.
        await clock.sleep(12_000);
        break;
      default:
        await faults.window(() => machine.disk);
    }
  }
}

/** Puts to streams that delivery streams read. */
async function feedSources(world: World, dice: Dice, writer: Puts): Promise<void> {
  while (goesOn(world)) {
    await world.clock.sleep(dice.integer(400));
    const read = [...world.streams.values()].filter(
      ({ name, exists }) =>
        exists && world.deliveryStreams.some((each) => each.exists && each.parts.source === name),
    );
    const stream = read[dice.integer(read.length)];
    if (stream !== undefined) await whileBusy(world, stream.name, () => writer.step(stream));
  }
}

/** What goes wrong where deliveries go to. */
async function outsideTrouble(world: World, dice: Dice, outside: Outside): Promise<void> {
  while (goesOn(world)) {
    await world.clock.sleep(dice.integer(4000));
    await outside.window(() => goesOn(world));
  }
}

/** In peace: the server serves and takes writes, everything is as it should be, and all that was known is read. */
async function checkAll(world: World, operator: Operator, writer: Puts): Promise<void> {
  const { clock, history } = world;
  history.add('! peace');
  await clock.sleep(10_000);
  await operator.observeAll();
  for (const stream of world.streams.values()) {
    const entry = writer.newRecord();
    for (let tries = 0; !(await writer.putOne(stream, entry)); tries++) {
      if (tries === 20) throw new Violation(`${stream.name} takes no writes any more`);
      if (world.stopped()) throw new Stopped();
      await clock.sleep(500);
    }
  }
  for (const stream of world.streams.values()) await readWhole(world, stream);
}

async function readWhole(world: World, stream: StreamModel): Promise<void> {
  const { client } = world.newClient();
  client.cuts = 0;
  for (const shard of stream.shards.values()) {
    if (!shard.mayHaveExpired()) await readShard(world, client, stream, shard);
  }
}

/** After a clean stop: a flipped bit is found, or does not matter. */
async function flipBits(world: World, dice: Dice): Promise<void> {
  const { machine, faults, history } = world;
  const files = [...machine.disk.files()].filter(
    ([path, bytes]) => bytes.length > 0 && !path.startsWith(OBJECTS_DIRECTORY),
  );
  const [path, bytes] = files[dice.integer(files.length)]!;
  const at = dice.integer(bytes.length);
  bytes[at]! ^= 1 << dice.integer(8);
  history.add(`! a bit of ${path} flips at byte ${at} of ${bytes.length}`);
  faults.count('bit flip');
  faults.flipped = true;
  if (!(await machine.start())) {
    const { refusal } = machine;
    // After a clean stop a broken end of the journal is known by what is missing, which may belong to another of its files.
    const named = path.replace(/journal-\d+$/, 'journal-');
    if (refusal === undefined || !refusal.message.includes(named))
      throw new Violation(`after a flip in ${path} the start failed otherwise: ${refusal?.message}`);
    return;
  }
  for (const stream of world.streams.values()) await readWhole(world, stream);
}

function failureOf(error: unknown, history: History): SimulationResult['failure'] {
  const message = error instanceof Violation ? error.message : ((error as Error).stack ?? String(error));
  return { message, story: history.story(message) };
}
