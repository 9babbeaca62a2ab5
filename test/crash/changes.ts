/** A client that changes streams, one request after another. What is acknowledged must survive every kill. */
import { arnOf, isRefusal } from './answers.ts';
import { NO_TAG, Uncertain } from './ledger.ts';
import { anyStream, type LoadParts } from './load-parts.ts';
import { reshard, scale } from './resharding.ts';
import { callCommitment, ON_DEMAND, SETTINGS } from './settings.ts';

const PASSING_STREAMS = ['passing-0', 'passing-1', 'passing-2'];

/** Changes streams, one request after another; what the server refuses leaves everything as it was. */
export async function change(parts: LoadParts): Promise<void> {
  const { dice, stopped } = parts;
  while (!stopped()) {
    try {
      await CHANGES[dice.integer(CHANGES.length)]!(parts);
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
}

const CHANGES: readonly ((parts: LoadParts) => Promise<void>)[] = [
  createOrDelete,
  createOrDelete,
  reshard,
  reshard,
  scale,
  changeRetention,
  changeTags,
  changeConsumers,
  changeSetting,
  changeSetting,
  changeSetting,
  changeCommitment,
];

async function createOrDelete({ client, ledger, dice }: LoadParts): Promise<void> {
  const name = PASSING_STREAMS[dice.integer(PASSING_STREAMS.length)]!;
  const possible = ledger.possible(name);
  if (possible.length > 1) return;
  if (possible[0] === undefined) {
    const shards = 1 + dice.integer(3);
    await ledger.create(
      name,
      shards,
      () => client.call('CreateStream', { StreamName: name, ShardCount: shards }),
      isRefusal,
    );
  } else {
    await ledger.delete(
      name,
      () => client.call('DeleteStream', { StreamName: name, EnforceConsumerDeletion: true }),
      isRefusal,
    );
  }
}

async function changeRetention(parts: LoadParts): Promise<void> {
  const { client, clock } = parts;
  const model = anyStream(parts);
  const hours = model?.retentionHours.certain;
  if (model === undefined || hours === undefined) return;
  const wanted = hours === 24 ? 48 : 24;
  model.noteHorizon(clock.nowMs());
  await model.retentionHours.change(
    wanted,
    () =>
      client.call(`${wanted > hours ? 'Increase' : 'Decrease'}StreamRetentionPeriod`, {
        StreamName: model.name,
        RetentionPeriodHours: wanted,
      }),
    isRefusal,
  );
  model.noteHorizon(clock.nowMs());
}

async function changeTags(parts: LoadParts): Promise<void> {
  const { client, dice } = parts;
  const model = anyStream(parts);
  if (model === undefined) return;
  const key = `tag-${dice.integer(3)}`;
  const tag = model.tags.get(key) ?? new Uncertain(NO_TAG);
  model.tags.set(key, tag);
  if (tag.certain === NO_TAG || dice.integer(2) === 0) {
    const value = `value-${dice.integer(1000)}`;
    await tag.change(
      value,
      () => client.call('AddTagsToStream', { StreamName: model.name, Tags: { [key]: value } }),
      isRefusal,
    );
  } else {
    await tag.change(
      NO_TAG,
      () => client.call('RemoveTagsFromStream', { StreamName: model.name, TagKeys: [key] }),
      isRefusal,
    );
  }
}

async function changeConsumers(parts: LoadParts): Promise<void> {
  const { client, dice } = parts;
  const model = anyStream(parts);
  if (model === undefined) return;
  const name = `consumer-${dice.integer(3)}`;
  const consumer = model.consumers.get(name) ?? new Uncertain<'there' | 'gone'>('gone');
  model.consumers.set(name, consumer);
  const input = { StreamARN: arnOf(model.name), ConsumerName: name };
  if (consumer.certain === 'gone') {
    await consumer.change('there', () => client.call('RegisterStreamConsumer', input), isRefusal);
  } else if (consumer.certain === 'there') {
    await consumer.change('gone', () => client.call('DeregisterStreamConsumer', input), isRefusal);
  }
}

async function changeSetting(parts: LoadParts): Promise<void> {
  const { client, dice } = parts;
  const model = anyStream(parts);
  const setting = SETTINGS[dice.integer(SETTINGS.length)]!;
  const state = model?.settings.get(setting.name);
  const now = state?.certain;
  if (model === undefined || state === undefined || now === undefined) return;
  const others = setting.values.filter((value) => value !== now);
  const wanted = others[dice.integer(others.length)]!;
  if (wanted === ON_DEMAND) model.scalesItself = true;
  await state.change(wanted, () => setting.change(client, model.name, wanted), isRefusal);
}

/** The one setting that is the account's. */
async function changeCommitment({ client, ledger }: LoadParts): Promise<void> {
  const { commitment } = ledger;
  const now = commitment.certain;
  if (now === undefined) return;
  const wanted = now === 'on' ? 'off' : 'on';
  await commitment.change(wanted, () => callCommitment(client, wanted), isRefusal);
}
