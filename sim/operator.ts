/**
 * The operator: makes, changes and deletes streams, one thing after another. What an answer leaves open it looks up, and everything it
 * sees must be what it asked for, also after a restart.
 */
import type { Dice } from '../src/host/host.ts';
import { uniformRanges } from '../src/streams/resharding/hash-key-ranges.ts';
import type { ListedShard } from './answers.ts';
import type { Answer, Client, Outcome } from './client.ts';
import { beginning, checkUnknown, textOf } from './calls.ts';
import { ANYTHING } from './facts.ts';
import { Violation } from './history.ts';
import { StreamModel } from './model.ts';
import { followToEnd, readShard } from './reads.ts';
import { anyStream, Stopped, type World } from './world.ts';

const STREAMS_MAX = 3;
const NAMES = ['s0', 's1', 's2', 's3', 's4', 's5'];
const SHARDS_MAX = 8;
const POLL_MS = 50;
/** So often a status is asked for in quiet times before it is stuck. */
const POLLS_MAX = 180;

export class Operator {
  readonly #world: World;
  readonly #client: Client;
  readonly #dice: Dice;

  constructor(world: World) {
    this.#world = world;
    ({ client: this.#client, dice: this.#dice } = world.newClient());
  }

  async run(): Promise<void> {
    const { clock } = this.#world;
    while (this.#world.stepsLeft > 0) {
      await clock.sleep(this.#dice.integer(150));
      this.#world.operations++;
      this.#world.stepsLeft--;
      await this.#step();
    }
  }

  async #step(): Promise<void> {
    const stream = anyStream(this.#world, this.#dice);
    if (stream === undefined || (this.#world.streams.size < STREAMS_MAX && this.#dice.integer(6) === 0))
      return this.#create();
    switch (this.#dice.integer(25)) {
      case 0:
      case 17:
        return this.#delete(stream);
      case 1:
      case 2:
      case 3:
      case 18:
      case 20:
      case 21:
      case 22:
        return this.#split(stream);
      case 4:
      case 5:
      case 19:
      case 23:
      case 24:
        return this.#merge(stream);
      case 6:
        return this.#scale(stream);
      case 7:
      case 8:
        return this.#retain(stream);
      case 9:
      case 10:
        return this.#tag(stream);
      case 11:
      case 12:
        return this.#register(stream);
      case 13:
        return this.#deregister(stream);
      case 15:
      case 16:
        return this.#encrypt(stream);
      case 14:
        return this.#world.clock.sleep(this.#dice.integer(15_000));
      default:
        await this.observe(stream);
    }
  }

  /** A call that changes something. `unknown` when it may have been made. Other refusals than `mayRefuse` are faults. */
  async #change(
    operation: string,
    stream: StreamModel,
    input: object,
    mayRefuse: readonly string[] = [],
  ): Promise<Outcome> {
    const { history } = this.#world;
    history.add(`${operation} ${stream.name} ${JSON.stringify(input)}`);
    const sent = beginning(this.#world, stream);
    const outcome = await this.#client.call(operation, input);
    history.add(`${operation} ${stream.name} -> ${textOf(outcome)}`);
    if (outcome.kind === 'unknown') checkUnknown(this.#world, outcome, sent);
    const expected =
      outcome.kind !== 'refused' || mayRefuse.includes(outcome.code) || this.#world.jumps() !== sent.jumps;
    if (!expected) throw new Violation(`${operation} of ${stream.name} was refused: ${textOf(outcome)}`);
    return outcome;
  }

  /** Asks until there is an answer. */
  async #ask(operation: string, input: object): Promise<Answer | 'not found' | 'expired'> {
    for (let tries = 0; ;) {
      const { history, faults, machine } = this.#world;
      const outcome = await this.#client.call(operation, input);
      history.add(`${operation} ${JSON.stringify(input).slice(0, 80)} -> ${textOf(outcome)}`);
      if (outcome.kind === 'done') return outcome.output;
      if (outcome.kind === 'refused' && outcome.code === 'ResourceNotFoundException') return 'not found';
      if (outcome.kind === 'refused' && outcome.code === 'ExpiredNextTokenException') return 'expired';
      if (this.#world.stopped()) throw new Stopped();
      if (!faults.recent && machine.life !== undefined && ++tries > POLLS_MAX)
        throw new Violation(`${operation} is never answered: ${textOf(outcome)}`);
      await this.#world.clock.sleep(POLL_MS);
    }
  }

  /** Waits until the stream's status is no transitional one. False when there is no such stream. */
  async #settled(stream: StreamModel): Promise<boolean> {
    const { machine, faults } = this.#world;
    let { lives } = machine;
    for (let polls = 0; ;) {
      const answer = await this.#ask('DescribeStreamSummary', { StreamName: stream.name });
      if (typeof answer === 'string') return false;
      const summary = answer['StreamDescriptionSummary'] as Answer;
      if (summary['StreamStatus'] === 'ACTIVE') return true;
      polls = faults.recent || machine.lives !== lives ? 0 : polls + 1;
      ({ lives } = machine);
      if (polls > POLLS_MAX) throw new Violation(`${stream.name} stays ${String(summary['StreamStatus'])}`);
      await this.#world.clock.sleep(POLL_MS);
    }
  }

  async #create(): Promise<void> {
    const { streams, everyStream, wall, busy } = this.#world;
    // A name is used again when nothing that was sent to its former stream can still come.
    const free = NAMES.filter((name) => !streams.has(name) && !busy.has(name));
    const name = free[this.#dice.integer(free.length)];
    if (name === undefined) return;
    const stream = new StreamModel(name, wall);
    const shards = 1 + this.#dice.integer(4);
    // Before the answer: it may stay away.
    streams.set(stream.name, stream);
    everyStream.add(stream);
    const input = { StreamName: stream.name, ShardCount: shards };
    const outcome = await this.#change('CreateStream', stream, input);
    if (outcome.kind !== 'refused') {
      stream.facts.change('there', 'yes', outcome.kind === 'done');
      const ranges = uniformRanges(shards).map((range) => `${range.startingHashKey}-${range.endingHashKey}`);
      stream.facts.change('open', ranges.join(' '), true);
      stream.facts.change('retention', '24', true);
      stream.facts.change('count', String(shards), true);
    }
    const there = await this.#settled(stream);
    stream.facts.observe('there', there ? 'yes' : 'none');
    if (!there) {
      streams.delete(stream.name);
      return;
    }
    stream.exists = true;
    await this.observe(stream);
  }

  async #delete(stream: StreamModel): Promise<void> {
    stream.exists = false;
    for (const model of this.#world.deliveryStreams)
      if (model.parts.source === stream.name) model.excuseAll();
    const input = { StreamName: stream.name, EnforceConsumerDeletion: true };
    const outcome = await this.#change('DeleteStream', stream, input);
    if (outcome.kind !== 'refused') stream.facts.change('there', 'none', outcome.kind === 'done');
    const there = await this.#settled(stream);
    stream.facts.observe('there', there ? 'yes' : 'none');
    if (there) {
      stream.exists = true;
      return;
    }
    this.#world.streams.delete(stream.name);
  }

  async #split(stream: StreamModel): Promise<void> {
    const open = await this.observe(stream);
    const shard = open[this.#dice.integer(open.length)]!;
    const [from, to] = [BigInt(shard.HashKeyRange.StartingHashKey), BigInt(shard.HashKeyRange.EndingHashKey)];
    if (open.length >= SHARDS_MAX || to - from < 1000n) return;
    const at = from + 2n + ((to - from - 4n) * BigInt(this.#dice.integer(1000))) / 1000n;
    const ranges = open.flatMap((one) =>
      one === shard ? [`${from}-${at - 1n}`, `${at}-${to}`] : [rangeOf(one)],
    );
    const input = { StreamName: stream.name, ShardToSplit: shard.ShardId, NewStartingHashKey: String(at) };
    await this.#reshard('SplitShard', stream, input, ranges, shard.ShardId);
  }

  async #merge(stream: StreamModel): Promise<void> {
    const open = await this.observe(stream);
    const at = this.#dice.integer(open.length);
    const [lower, upper] = [open[at]!, open[at + 1]];
    if (upper === undefined) return;
    const whole = `${lower.HashKeyRange.StartingHashKey}-${upper.HashKeyRange.EndingHashKey}`;
    const ranges = open.flatMap((one) => (one === lower ? [whole] : one === upper ? [] : [rangeOf(one)]));
    const input = {
      StreamName: stream.name,
      ShardToMerge: lower.ShardId,
      AdjacentShardToMerge: upper.ShardId,
    };
    await this.#reshard('MergeShards', stream, input, ranges, lower.ShardId);
  }

  async #scale(stream: StreamModel): Promise<void> {
    const target = 1 + this.#dice.integer(SHARDS_MAX);
    const input = { StreamName: stream.name, TargetShardCount: target, ScalingType: 'UNIFORM_SCALING' };
    await this.#reshard(
      'UpdateShardCount',
      stream,
      input,
      Array.from({ length: target }, () => ANYTHING),
    );
  }

  async #reshard(
    operation: string,
    stream: StreamModel,
    input: object,
    ranges: readonly string[],
    closing?: string,
  ): Promise<void> {
    const openBefore = new Set([...stream.shards].filter(([, shard]) => shard.isOpen).map(([id]) => id));
    const outcome = await this.#change(operation, stream, input);
    if (outcome.kind !== 'refused') {
      const open = ranges.includes(ANYTHING) ? ANYTHING : ranges.join(' ');
      stream.facts.change('open', open, outcome.kind === 'done');
      stream.facts.change('count', String(ranges.length), outcome.kind === 'done');
    }
    if (closing !== undefined && outcome.kind === 'done')
      await followToEnd(this.#world, this.#client, stream, stream.shard(closing));
    if (this.#dice.integer(3) > 0) await this.#settled(stream);
    const open = new Set((await this.observe(stream)).map((shard) => shard.ShardId));
    // What has just been closed has an end, after which nothing comes any more.
    for (const [id, shard] of stream.shards) {
      if (openBefore.has(id) && !open.has(id)) await readShard(this.#world, this.#client, stream, shard);
    }
  }

  async #retain(stream: StreamModel): Promise<void> {
    const hours = 24 + this.#dice.integer(4) * 12;
    const [now = '24'] = stream.facts.possible('retention');
    const operation =
      hours >= Number(now) ? 'IncreaseStreamRetentionPeriod' : 'DecreaseStreamRetentionPeriod';
    const input = { StreamName: stream.name, RetentionPeriodHours: hours };
    stream.horizonMs();
    // Before the answer: trimming begins at once.
    stream.facts.change('retention', String(hours), false);
    const outcome = await this.#change(operation, stream, input);
    stream.horizonMs();
    if (outcome.kind === 'done') stream.facts.change('retention', String(hours), true);
    await this.observe(stream);
  }

  /** From then on its records are sealed with a new key. */
  async #encrypt(stream: StreamModel): Promise<void> {
    await this.observe(stream);
    const on = stream.facts.is('encryption', 'kms');
    const input = { StreamName: stream.name, EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' };
    const outcome = await this.#change(on ? 'StopStreamEncryption' : 'StartStreamEncryption', stream, input);
    if (outcome.kind !== 'refused')
      stream.facts.change('encryption', on ? 'none' : 'kms', outcome.kind === 'done');
    await this.observe(stream);
  }

  async #tag(stream: StreamModel): Promise<void> {
    const key = `t${this.#dice.integer(3)}`;
    const adds = this.#dice.integer(3) > 0;
    const value = `v${this.#dice.integer(100)}`;
    const outcome = adds
      ? await this.#change('AddTagsToStream', stream, { StreamName: stream.name, Tags: { [key]: value } })
      : await this.#change('RemoveTagsFromStream', stream, { StreamName: stream.name, TagKeys: [key] });
    if (outcome.kind !== 'refused')
      stream.facts.change(`tag ${key}`, adds ? value : 'none', outcome.kind === 'done');
    await this.observe(stream);
  }

  async #register(stream: StreamModel): Promise<void> {
    const name = `c${this.#dice.integer(3)}`;
    const StreamARN = arnOf(stream);
    const had = !stream.facts.is(`consumer ${name}`, 'none');
    const outcome = await this.#change(
      'RegisterStreamConsumer',
      stream,
      { StreamARN, ConsumerName: name },
      had ? ['ResourceInUseException'] : [],
    );
    if (outcome.kind !== 'refused') stream.facts.change(`consumer ${name}`, 'yes', outcome.kind === 'done');
    await this.#consumerSettled(stream, name);
  }

  async #deregister(stream: StreamModel): Promise<void> {
    const name = `c${this.#dice.integer(3)}`;
    stream.consumers = stream.consumers.filter((arn) => !arn.includes(`/${name}:`));
    const may = stream.facts.is(`consumer ${name}`, 'yes') ? [] : ['ResourceNotFoundException'];
    const input = { StreamARN: arnOf(stream), ConsumerName: name };
    const outcome = await this.#change('DeregisterStreamConsumer', stream, input, may);
    if (outcome.kind !== 'refused') stream.facts.change(`consumer ${name}`, 'none', outcome.kind === 'done');
    await this.#consumerSettled(stream, name);
  }

  async #consumerSettled(stream: StreamModel, name: string): Promise<void> {
    for (let polls = 0; ; polls++) {
      const input = { StreamARN: arnOf(stream), ConsumerName: name };
      const answer = await this.#ask('DescribeStreamConsumer', input);
      if (typeof answer === 'string') return stream.facts.observe(`consumer ${name}`, 'none');
      const { ConsumerStatus: status, ConsumerARN: arn } = answer['ConsumerDescription'] as Answer;
      if (status === 'ACTIVE') {
        stream.facts.observe(`consumer ${name}`, 'yes');
        if (!stream.consumers.includes(String(arn))) stream.consumers.push(String(arn));
        return undefined;
      }
      if (polls > 20 * POLLS_MAX)
        throw new Violation(`${stream.name}: consumer ${name} stays ${String(status)}`);
      await this.#world.clock.sleep(POLL_MS);
    }
  }

  /** Everything about a stream, compared with what may be. Returns its open shards. */
  async observe(stream: StreamModel): Promise<readonly ListedShard[]> {
    const { facts, name } = stream;
    stream.horizonMs();
    if (!(await this.#settled(stream))) throw new Violation(`${name} is not there any more`);
    const answer = await this.#ask('DescribeStreamSummary', { StreamName: name });
    const summary = (answer as Answer)['StreamDescriptionSummary'] as Answer;
    facts.observe('retention', String(summary['RetentionPeriodHours']));
    facts.observe('encryption', String(summary['EncryptionType']).toLowerCase());
    facts.observe('count', String(summary['OpenShardCount']));
    const open = stream.describe(await this.#listShards(name));
    facts.observe('open', open.map(rangeOf).join(' '));
    const tags = (await this.#ask('ListTagsForStream', { StreamName: name })) as Answer;
    const tagged = new Map(
      (tags['Tags'] as readonly { Key: string; Value: string }[]).map((tag) => [tag.Key, tag.Value]),
    );
    const consumers = (await this.#ask('ListStreamConsumers', { StreamARN: arnOf(stream) })) as Answer;
    const registered = new Set(
      (consumers['Consumers'] as readonly Answer[]).map((one) => String(one['ConsumerName'])),
    );
    for (const fact of [...facts.names(), ...[...tagged.keys()].map((key) => `tag ${key}`)]) {
      const [kind, key = ''] = fact.split(' ');
      if (kind === 'tag') facts.observe(fact, tagged.get(key) ?? 'none');
      if (kind === 'consumer') facts.observe(fact, registered.has(key) ? 'yes' : 'none');
    }
    return open;
  }

  /** Page by page: the token of a page is good for the next, also after a restart. */
  async #listShards(name: string): Promise<readonly ListedShard[]> {
    const listed: ListedShard[] = [];
    const MaxResults = 1 + this.#dice.integer(6);
    for (let token: unknown; ;) {
      const from = token === undefined ? { StreamName: name } : { NextToken: token };
      const page = await this.#ask('ListShards', { ...from, MaxResults });
      if (page === 'not found') throw new Violation(`${name} is not there any more`);
      if (page === 'expired') return this.#listShards(name);
      listed.push(...(page['Shards'] as readonly ListedShard[]));
      token = page['NextToken'];
      if (token === undefined) return listed;
    }
  }

  /** At the end: exactly the streams that should be there are. */
  async observeAll(): Promise<void> {
    const answer = (await this.#ask('ListStreams', {})) as Answer;
    const names = (answer['StreamNames'] as readonly string[]).join(' ');
    const expected = [...this.#world.streams.keys()].toSorted().join(' ');
    if (names !== expected) throw new Violation(`the streams are ${names}, and should be ${expected}`);
    for (const stream of this.#world.streams.values()) await this.observe(stream);
  }
}

function rangeOf({ HashKeyRange }: ListedShard): string {
  return `${HashKeyRange.StartingHashKey}-${HashKeyRange.EndingHashKey}`;
}

function arnOf({ name }: StreamModel): string {
  return `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;
}
