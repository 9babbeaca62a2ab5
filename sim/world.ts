import type { Dice } from '../src/host/host.ts';
import type { SimulatedClock } from '../src/host/simulated/clock.ts';
import type { Client } from './client.ts';
import type { DeliveryModel } from './firehose/delivery-model.ts';
import type { SentRecords } from './firehose/sent-records.ts';
import type { Faults } from './faults.ts';
import type { History } from './history.ts';
import type { Machine } from './machine.ts';
import type { StreamModel, Wall } from './model.ts';

/** What the clients of one simulation share. */
export type World = {
  readonly clock: SimulatedClock;
  readonly history: History;
  readonly machine: Machine;
  readonly faults: Faults;
  /** The streams that are there, or may be, by name. */
  readonly streams: Map<string, StreamModel>;
  /** Those too that were deleted. */
  readonly everyStream: Set<StreamModel>;
  /** All that were ever made. */
  readonly deliveryStreams: DeliveryModel[];
  /** What was put to streams of this name. */
  readonly sentTo: (stream: string) => SentRecords;
  /** How many clients are at work on a stream of this name. */
  readonly busy: Map<string, number>;
  readonly newClient: () => { readonly client: Client; readonly dice: Dice };
  readonly wall: Wall;
  /** Wall clock jumps so far: a request that one fell into may be refused for its date. */
  readonly jumps: () => number;
  /** The simulation is over, or cannot go on. */
  readonly stopped: () => boolean;
  /** Operations that are still to be done; they count down. */
  stepsLeft: number;
  /** Of the operator of delivery streams. */
  deliveryStepsLeft: number;
  operations: number;
};

/** Somebody still has something to do. */
export function goesOn({ stepsLeft, deliveryStepsLeft }: World): boolean {
  return stepsLeft > 0 || deliveryStepsLeft > 0;
}

/** One of the streams that are there for sure. */
export function anyStream(world: World, dice: Dice): StreamModel | undefined {
  const existing = [...world.streams.values()].filter((stream) => stream.exists);
  return existing[dice.integer(existing.length)];
}

/** Mostly one that is there; sometimes one that is being made or deleted. */
function streamToUse(world: World, dice: Dice): StreamModel | undefined {
  const all = [...world.streams.values()];
  return dice.integer(6) === 0 ? all[dice.integer(all.length)] : anyStream(world, dice);
}

/** The simulation is over: whoever still waits gives up. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Steps of one kind, one after another, as long as there are steps to do. */
export async function runClient(
  world: World,
  dice: Dice,
  pauseMsMax: number,
  client: { step(stream: StreamModel): Promise<void> },
): Promise<void> {
  while (world.stepsLeft > 0) {
    await world.clock.sleep(dice.integer(pauseMsMax));
    // Mostly waits for a server that is down: its steps are for one that serves.
    if (world.machine.life === undefined && dice.integer(4) > 0) continue;
    const stream = streamToUse(world, dice);
    if (stream === undefined) continue;
    world.stepsLeft--;
    world.operations++;
    await whileBusy(world, stream.name, () => client.step(stream));
  }
}

/** Says that a client is at work on what has this name. */
export async function whileBusy(
  { busy }: Pick<World, 'busy'>,
  name: string,
  step: () => Promise<void>,
): Promise<void> {
  busy.set(name, (busy.get(name) ?? 0) + 1);
  await step();
  const left = busy.get(name)! - 1;
  if (left > 0) busy.set(name, left);
  else busy.delete(name);
}
