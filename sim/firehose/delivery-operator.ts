/**
 * The operator of delivery streams: makes, changes and deletes them, one thing after another. What an answer leaves open it looks up, and
 * everything it sees must be what it asked for, also after a restart.
 */
import type { Dice } from '../../src/host/host.ts';
import { beginning, checkUnknown, textOf } from '../calls.ts';
import { FIREHOSE, type Answer, type Client, type Outcome } from '../client.ts';
import { Facts } from '../facts.ts';
import { Violation } from '../history.ts';
import { Stopped, type World } from '../world.ts';
import { DeliveryModel, type DeliveryKind } from './delivery-model.ts';
import { configurationOf, settingsIn, sourceOf, updateOf, type Settings } from './delivery-settings.ts';
import { SentRecords } from './sent-records.ts';

const DELIVERY_STREAMS_MAX = 3;
const NAMES = ['f0', 'f1', 'f2', 'f3'];
const KINDS: readonly DeliveryKind[] = ['s3', 'partitioned', 'endpoint', 'search'];
/** No buffering, and as little as may be. */
const INTERVALS_S = [0, 0, 1, 1, 2];
const PAUSE_MS_MAX = 800;
const POLL_MS = 50;
/** So often a status is asked for in quiet times before it is stuck. */
const POLLS_MAX = 180;

export class DeliveryOperator {
  readonly #world: World;
  readonly #client: Client;
  readonly #dice: Dice;
  #made = 0;

  constructor(world: World) {
    this.#world = world;
    ({ client: this.#client, dice: this.#dice } = world.newClient());
  }

  async run(): Promise<void> {
    for (; this.#world.deliveryStepsLeft > 0; this.#world.deliveryStepsLeft--) {
      await this.#step();
      await this.#world.clock.sleep(this.#dice.integer(PAUSE_MS_MAX));
    }
  }

  async #step(): Promise<void> {
    this.#world.operations++;
    const existing = this.#world.deliveryStreams.filter(({ exists }) => exists);
    const model = existing[this.#dice.integer(existing.length)];
    const mayMake = existing.length < DELIVERY_STREAMS_MAX && this.#dice.integer(2) === 0;
    if (model === undefined || mayMake) return this.#create();
    switch (this.#dice.integer(12)) {
      case 0:
        return this.#delete(model);
      case 1:
      case 2:
        return this.#update(model);
      case 3:
        return this.#encrypt(model);
      case 4:
      case 5:
        return this.#tag(model);
      default:
        await this.observe(model);
    }
  }

  /** A call that changes something. `unknown` when it may have been made. Other refusals than `mayRefuse` are faults. */
  async #change(
    operation: string,
    model: DeliveryModel,
    input: object,
    mayRefuse: readonly string[] = [],
  ): Promise<Outcome> {
    const { history } = this.#world;
    const { root, name } = model.parts;
    history.add(`${operation} ${root} ${JSON.stringify(input)}`);
    const sent = beginning(this.#world, model);
    const outcome = await this.#client.call(operation, { DeliveryStreamName: name, ...input }, FIREHOSE);
    history.add(`${operation} ${root} -> ${textOf(outcome)}`);
    if (outcome.kind === 'unknown') checkUnknown(this.#world, outcome, sent);
    const expected =
      outcome.kind !== 'refused' || mayRefuse.includes(outcome.code) || this.#world.jumps() !== sent.jumps;
    if (!expected) throw model.violation(`${operation} was refused: ${textOf(outcome)}`);
    return outcome;
  }

  /** Asks until there is an answer. */
  async #ask(operation: string, input: object): Promise<Answer | 'not found'> {
    for (let tries = 0; ;) {
      const { history, faults, machine } = this.#world;
      const outcome = await this.#client.call(operation, input, FIREHOSE);
      history.add(`${operation} ${JSON.stringify(input)} -> ${textOf(outcome)}`);
      if (outcome.kind === 'done') return outcome.output;
      if (outcome.kind === 'refused' && outcome.code === 'ResourceNotFoundException') return 'not found';
      if (this.#world.stopped()) throw new Stopped();
      if (!faults.recent && machine.life !== undefined && ++tries > POLLS_MAX)
        throw new Violation(`${operation} is never answered: ${textOf(outcome)}`);
      await this.#world.clock.sleep(POLL_MS);
    }
  }

  /** Its description, once neither its status nor that of its encryption is transitional. */
  async #settled({ name }: DeliveryModel): Promise<Answer | 'not found'> {
    const { machine, faults } = this.#world;
    let { lives } = machine;
    for (let polls = 0; ;) {
      const answer = await this.#ask('DescribeDeliveryStream', { DeliveryStreamName: name });
      if (answer === 'not found') return answer;
      const described = answer['DeliveryStreamDescription'] as Answer;
      const states = [described['DeliveryStreamStatus'], encryptionOf(described)];
      if (!states.some((state) => String(state).endsWith('ING'))) return described;
      polls = faults.recent || machine.lives !== lives ? 0 : polls + 1;
      ({ lives } = machine);
      if (polls > POLLS_MAX) throw new Violation(`${name} stays ${states.join(' and ')}`);
      await this.#world.clock.sleep(POLL_MS);
    }
  }

  async #create(): Promise<void> {
    const { deliveryStreams, streams, history, busy } = this.#world;
    // A name is used again when nothing that was sent to its former delivery stream can still come.
    const isFree = (name: string): boolean =>
      !busy.has(name) && !deliveryStreams.some((model) => model.name === name && !model.isGone);
    const name = NAMES.find(isFree);
    if (name === undefined) return;
    const sources = [...streams.values()].filter(({ exists }) => exists);
    const stream = this.#dice.integer(3) === 0 ? sources[this.#dice.integer(sources.length)] : undefined;
    const kinds = stream === undefined ? KINDS : KINDS.filter((kind) => kind === 's3' || kind === 'endpoint');
    const kind = kinds[this.#dice.integer(kinds.length)]!;
    const model = new DeliveryModel({
      name,
      root: `${name}.${++this.#made}`,
      kind,
      transforms: kind !== 'search' && this.#dice.integer(4) === 0,
      source: stream?.name,
      keepsBackup: this.#dice.integer(3) === 0,
      records: stream === undefined ? new SentRecords() : this.#world.sentTo(stream.name),
      facts: new Facts(name),
    });
    // Before the answer: it may stay away.
    deliveryStreams.push(model);
    const settings = this.#settings(model);
    const input = { ...sourceOf(stream?.name), ...configurationOf(model.parts, settings) };
    const jumps = this.#world.jumps();
    const outcome = await this.#change('CreateDeliveryStream', model, input, [
      'ResourceNotFoundException',
      'InvalidArgumentException',
    ]);
    const { facts } = model;
    if (outcome.kind !== 'refused') {
      facts.change('there', 'yes', outcome.kind === 'done');
      facts.change('settings', JSON.stringify(settings), true);
      facts.change('encryption', 'DISABLED', true);
    } else if (this.#world.jumps() === jumps && (stream === undefined || stream.exists))
      throw model.violation(`is refused: ${textOf(outcome)}`);
    const there = (await this.#settled(model)) !== 'not found';
    facts.observe('there', there ? 'yes' : 'none');
    if (!there) {
      model.isGone = true;
      return;
    }
    model.exists = true;
    model.requiredFrom = history.length;
    await this.observe(model);
  }

  async #delete(model: DeliveryModel): Promise<void> {
    model.exists = false;
    const outcome = await this.#change('DeleteDeliveryStream', model, {});
    const { facts } = model;
    if (outcome.kind !== 'refused') facts.change('there', 'none', outcome.kind === 'done');
    const there = (await this.#settled(model)) !== 'not found';
    facts.observe('there', there ? 'yes' : 'none');
    if (there) model.exists = true;
    else model.isGone = true;
  }

  async #update(model: DeliveryModel): Promise<void> {
    const described = await this.observe(model);
    const settings = this.#settings(model);
    const input = {
      CurrentDeliveryStreamVersionId: described['VersionId'],
      DestinationId: 'destinationId-000000000001',
      ...updateOf(model.parts, settings),
    };
    const outcome = await this.#change('UpdateDestination', model, input);
    if (outcome.kind !== 'refused')
      model.facts.change('settings', JSON.stringify(settings), outcome.kind === 'done');
    await this.observe(model);
  }

  async #encrypt(model: DeliveryModel): Promise<void> {
    if (model.parts.source !== undefined) return;
    await this.observe(model);
    const isOn = model.facts.is('encryption', 'ENABLED');
    const outcome = await this.#change(
      isOn ? 'StopDeliveryStreamEncryption' : 'StartDeliveryStreamEncryption',
      model,
      {},
    );
    if (outcome.kind !== 'refused')
      model.facts.change('encryption', isOn ? 'DISABLED' : 'ENABLED', outcome.kind === 'done');
    await this.observe(model);
  }

  async #tag(model: DeliveryModel): Promise<void> {
    const Key = `t${this.#dice.integer(3)}`;
    const Value = `v${this.#dice.integer(100)}`;
    const adds = this.#dice.integer(3) > 0;
    const outcome = adds
      ? await this.#change('TagDeliveryStream', model, { Tags: [{ Key, Value }] })
      : await this.#change('UntagDeliveryStream', model, { TagKeys: [Key] });
    if (outcome.kind !== 'refused')
      model.facts.change(`tag ${Key}`, adds ? Value : 'none', outcome.kind === 'done');
    await this.observe(model);
  }

  /** In the order in which they are read from a description. */
  #settings({ parts: { kind } }: DeliveryModel): Settings {
    const mayRetry = (kind === 'endpoint' || kind === 'search') && this.#dice.integer(3) > 0;
    return {
      // Partitions are always buffered.
      intervalS: INTERVALS_S[this.#dice.integer(INTERVALS_S.length)]! || (kind === 'partitioned' ? 1 : 0),
      compression: this.#dice.integer(2) === 0 ? 'GZIP' : 'UNCOMPRESSED',
      place: `p${this.#dice.integer(3)}`,
      retryS: mayRetry ? this.#dice.integer(30) : 0,
    };
  }

  /** Everything about a delivery stream, compared with what may be. */
  async observe(model: DeliveryModel): Promise<Answer> {
    const { facts, name } = model;
    const described = await this.#settled(model);
    if (described === 'not found') throw model.violation('is not there any more');
    facts.observe('encryption', String(encryptionOf(described)));
    facts.observe('settings', JSON.stringify(settingsIn(described)));
    const tags = (await this.#ask('ListTagsForDeliveryStream', { DeliveryStreamName: name })) as Answer;
    const tagged = new Map(
      (tags['Tags'] as readonly { Key: string; Value: string }[]).map((tag) => [tag.Key, tag.Value]),
    );
    for (const fact of [...facts.names(), ...[...tagged.keys()].map((key) => `tag ${key}`)]) {
      const [kind, key = ''] = fact.split(' ');
      if (kind === 'tag') facts.observe(fact, tagged.get(key) ?? 'none');
    }
    return described;
  }

  /** At the end: exactly the delivery streams that should be there are. */
  async observeAll(): Promise<void> {
    const models = this.#world.deliveryStreams.filter(({ isGone }) => !isGone);
    const answer = (await this.#ask('ListDeliveryStreams', {})) as Answer;
    const names = (answer['DeliveryStreamNames'] as readonly string[]).join(' ');
    const expected = models
      .map(({ name }) => name)
      .toSorted()
      .join(' ');
    if (names !== expected)
      throw new Violation(`the delivery streams are ${names}, and should be ${expected}`);
    for (const model of models) await this.observe(model);
  }
}

function encryptionOf(described: Answer): unknown {
  return (described['DeliveryStreamEncryptionConfiguration'] as Answer)['Status'];
}
