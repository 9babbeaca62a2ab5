import type { Dice } from '../../src/host/host.ts';
import { beginning, checkRefused, checkUnknown, textOf } from '../calls.ts';
import { FIREHOSE, type Answer, type Client, type Outcome } from '../client.ts';
import { label } from '../history.ts';
import { goesOn, Stopped, whileBusy, type World } from '../world.ts';
import type { DeliveryModel } from './delivery-model.ts';

const PAUSE_MS_MAX = 120;

/** A producer of delivery streams, that puts one record or several, and tries again what may not have come in. */
export class DeliveryPuts {
  readonly #world: World;
  readonly #client: Client;
  readonly #dice: Dice;
  readonly #name: string;
  #made = 0;

  constructor(world: World, name: string) {
    this.#world = world;
    this.#name = name;
    ({ client: this.#client, dice: this.#dice } = world.newClient());
  }

  async run(): Promise<void> {
    const { clock, machine, deliveryStreams } = this.#world;
    while (goesOn(this.#world)) {
      await clock.sleep(this.#dice.integer(PAUSE_MS_MAX));
      if (machine.life === undefined && this.#dice.integer(4) > 0) continue;
      // Sometimes one that is being made or deleted.
      const mayBeAny = this.#dice.integer(12) === 0;
      const models = deliveryStreams.filter(
        ({ exists, isGone, parts }) => (exists || (mayBeAny && !isGone)) && parts.source === undefined,
      );
      const model = models[this.#dice.integer(models.length)];
      if (model !== undefined) await whileBusy(this.#world, model.name, () => this.#step(model));
    }
  }

  async #step(model: DeliveryModel): Promise<void> {
    this.#world.operations++;
    const count = this.#dice.integer(2) === 0 ? 1 : 1 + this.#dice.integer(8);
    let texts: readonly string[] = Array.from({ length: count }, () => this.#newText(model));
    // As an SDK does: what may not have come in is sent again.
    for (let tries = 0; tries < 3 && texts.length > 0; tries++) {
      texts = await this.#put(model, texts);
      await this.#world.clock.sleep(20 << tries);
    }
  }

  async putUntilTaken(model: DeliveryModel): Promise<void> {
    let texts: readonly string[] = [this.#newText(model)];
    for (let tries = 0; texts.length > 0; tries++) {
      if (tries === 20) throw model.violation('takes no records any more');
      if (this.#world.stopped()) throw new Stopped();
      texts = await this.#put(model, texts);
      await this.#world.clock.sleep(500);
    }
  }

  #newText({ parts }: DeliveryModel): string {
    const name = `${this.#name}-${this.#made++}`;
    const isJson = (parts.kind === 'partitioned' || parts.kind === 'search') && this.#dice.integer(8) > 0;
    if (isJson) return `{"id":"${name}","k":"${'abc'[this.#dice.integer(3)]}"}`;
    return `${name}${'.'.repeat(this.#dice.integer(this.#dice.integer(300) + 1))}`;
  }

  /** What is to be sent again. */
  async #put(model: DeliveryModel, texts: readonly string[]): Promise<readonly string[]> {
    const { history, wall } = this.#world;
    const { root, records } = model.parts;
    texts.forEach((text, order) => records.attempt(text, order, history.length, wall.now()));
    history.add(`put ${root} ${texts.map(label).join(' ')}`);
    const sent = beginning(this.#world, model);
    const outcome = await this.#send(model.name, texts);
    history.add(`put ${root} ${label(texts[0]!)}${texts.length > 1 ? ' …' : ''} -> ${textOf(outcome)}`);
    if (outcome.kind === 'unknown') {
      checkUnknown(this.#world, outcome, sent);
      return texts;
    }
    if (outcome.kind === 'refused') {
      for (const text of texts) records.refused(text);
      checkRefused(this.#world, model, outcome, sent);
      return [];
    }
    const results = (outcome.output['RequestResponses'] ?? [outcome.output]) as readonly Answer[];
    const again: string[] = [];
    texts.forEach((text, index) => {
      const code = results[index]!['ErrorCode'];
      if (code === undefined) {
        records.acknowledged(text, history.length);
        return;
      }
      checkUnknown(this.#world, { kind: 'unknown', code: String(code) }, sent);
      again.push(text);
    });
    return again;
  }

  #send(DeliveryStreamName: string, texts: readonly string[]): Promise<Outcome> {
    const Records = texts.map((text) => ({ Data: Buffer.from(text).toString('base64') }));
    return Records.length === 1
      ? this.#client.call('PutRecord', { DeliveryStreamName, Record: Records[0] }, FIREHOSE)
      : this.#client.call('PutRecordBatch', { DeliveryStreamName, Records }, FIREHOSE);
  }
}
