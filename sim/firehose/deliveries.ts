/** What comes out of the server, held against the models of the delivery streams. */
import type { ObjectStore } from '../../src/objects/objects.ts';
import { type History, Violation } from '../history.ts';
import { Stopped, type World } from '../world.ts';
import { BUCKET, plain } from './bucket.ts';
import type { DeliveryModel, Lane } from './delivery-model.ts';
import type { DeliveryPuts } from './delivery-puts.ts';
import type { Observer } from './observer.ts';

/** An attempt that hangs is given up after fifteen minutes, and a pause is two at most. */
const QUIET_MS_MAX = 40 * 60_000;
const LOOK_EVERY_MS = 5000;

/** Violations are told: thrown at the server they would be failures of its destination. */
export function observerOf(
  deliveryStreams: readonly DeliveryModel[],
  history: History,
  onViolation: (violation: unknown) => void,
): Observer {
  /** `place` begins with the root of a delivery stream. */
  function about(place: string, look: (model: DeliveryModel) => void): void {
    const model = deliveryStreams.find(({ parts }) => parts.root === place.split('/')[0]);
    try {
      if (model === undefined) throw new Violation(`${place} is of no delivery stream`);
      look(model);
    } catch (error) {
      onViolation(error);
    }
  }
  const requests = new Map<string, string>();
  const documents = new Map<string, string>();
  return {
    objectSent(key, body) {
      history.add(`> ${key} ${summary(body)}`);
      about(key, (model) => model.arriving(key, laneOf(key), body.toString()));
    },
    objectStored(key, body) {
      history.add(`> ${key} is there`);
      about(key, (model) => model.arrived(key, laneOf(key), body.toString()));
    },
    requestSent(path, id, records) {
      const body = Buffer.concat(records);
      requests.set(id, body.toString());
      history.add(`> ${path} ${id} ${summary(body)}`);
      about(path, (model) => model.arriving(id, 'main', body.toString()));
    },
    requestAccepted(path, id, isTold) {
      history.add(`> ${path} ${id} is taken${isTold ? '' : ', which is not told'}`);
      if (isTold) about(path, (model) => model.arrived(id, 'main', requests.get(id)!));
    },
    requestTooLarge(path, id) {
      history.add(`> ${path} ${id} is dropped`);
      about(path, (model) => model.dropped(id));
    },
    documentSent(path, id, line) {
      documents.set(id, line);
      history.add(`> ${path} ${id} ${summary(line)}`);
      about(path, (model) => model.arriving(id, 'main', line));
    },
    documentIndexed(path, id) {
      history.add(`> ${path} ${id} is there`);
      about(path, (model) => model.arrived(id, 'main', documents.get(id)!));
    },
  };
}

/** By the prefixes that `delivery-settings.ts` gives. */
function laneOf(key: string): Lane {
  const [, lane, type] = key.split('/');
  return lane === 'main' || lane === 'backup' ? lane : `errors/${type}`;
}

function summary(body: Buffer | string): string {
  const text = body.toString();
  const names = text.match(/[dw]\d+-\d+/g) ?? [text.slice(0, 60)];
  return names.join(' ');
}

/** In peace: every delivery stream takes records, and everything arrives. */
export async function awaitDeliveries(world: World, writer: DeliveryPuts): Promise<void> {
  const { clock, wall } = world;
  const models = world.deliveryStreams.filter(({ exists }) => exists);
  for (const model of models) if (model.parts.source === undefined) await writer.putUntilTaken(model);
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    const late = models.flatMap((model) =>
      model.missing(wall.highest()).map(({ name }) => ({ model, name })),
    );
    if (late.length === 0) break;
    if (waitedMs >= QUIET_MS_MAX)
      throw late[0]!.model.violation(`never delivers ${late.map(({ name }) => name).join(' ')}`);
    if (world.stopped()) throw new Stopped();
    await clock.sleep(LOOK_EVERY_MS);
  }
  // For what may still come though it should not.
  await clock.sleep(10_000);
  for (const model of world.deliveryStreams) model.checkCounts();
}

/** What has arrived in the bucket is there, also after the server has stopped. */
export async function checkBucket(world: World, objects: ObjectStore): Promise<void> {
  for (const model of world.deliveryStreams) {
    for (const { id, names } of model.arrivals()) {
      if (!id.includes('/')) continue;
      const { head, body } = await objects.get(BUCKET, id);
      const found = plain(body, head).toString();
      const rest = id.includes('/errors/') ? decodedLines(found) : found;
      const isThere = [...names].every((name) => rest.includes(name));
      if (!isThere) throw model.violation(`${id} is not any more what was stored`);
    }
  }
}

function decodedLines(lines: string): string {
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => Buffer.from((JSON.parse(line) as { rawData: string }).rawData, 'base64').toString())
    .join();
}
