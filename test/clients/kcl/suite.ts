/**
 * The Kinesis Client Library 3, as an application meets it: a worker, a second one that shares its shards, a shard that is split
 * under them, and one that leaves. Polling runs on a new application (so that the KCL's own first shard sync is seen too), fan-out on
 * seeded leases.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createStream, kinesisClient, putTexts, shardsOf, splitInHalf } from '../driver.ts';
import { dynamoDbLocal } from '../dynamodb-local/dynamodb-local.ts';
import { javaInstallation } from '../installations.ts';
import { trustStoreOf } from '../java/suite.ts';
import type { Program } from '../program.ts';
import type { Suite, SuiteRun } from '../suite.ts';
import { readLeases, seedLeases } from './leases.ts';

const kcl = javaInstallation(import.meta.dirname);

type Mode = 'polling' | 'fan-out';

export const kclPolling = suiteOf('polling', 'polling over http:// on a new application');
export const kclFanOut = suiteOf('fan-out', 'enhanced fan-out over TLS');

function suiteOf(mode: Mode, how: string): Suite {
  return {
    name: `kcl-${mode}`,
    what: `KCL 3.5.1, ${how}: two workers, a split under them, one leaves; leases in DynamoDB Local`,
    installations: [kcl, dynamoDbLocal],
    timeoutMs: 300_000,
    crashesServer: false,
    run: (run) => runWorkers(run, mode),
  };
}

async function runWorkers(run: SuiteRun, mode: Mode): Promise<void> {
  const stream = `kcl-${mode}-${run.id}`;
  const client = kinesisClient(run.endpoint);
  const dynamoUrl = await run.dynamoDbUrl();
  const trustStore = await trustStoreOf(run);
  const startWorker = (worker: string): Program => {
    const kinesisUrl = mode === 'polling' ? run.endpoint.plainUrl : run.endpoint.tlsUrl;
    const file = path.join(run.workFolder, `${worker}.events`);
    return run.start({
      name: worker,
      command: 'java',
      args: [...trustStore, ...kcl.javaArgs(), 'Worker', mode, stream, worker, kinesisUrl, dynamoUrl, file],
      environment: run.environment(),
    });
  };
  const eventsOf = (worker: string) => readEvents(path.join(run.workFolder, `${worker}.events`));
  const sent: string[] = [];
  const put = async (count: number): Promise<void> => {
    const texts = Array.from({ length: count }, (_, index) => `text-${sent.length + index}`);
    sent.push(...texts);
    await putTexts(client, stream, texts);
  };
  const allProcessed = (timeoutMs: number) =>
    run.until('every record is processed', timeoutMs, async () => {
      const events = [...(await eventsOf('worker-a')), ...(await eventsOf('worker-b'))];
      const processed = new Set(events.map(({ text }) => text));
      return sent.every((text) => processed.has(text)) ? true : undefined;
    });
  const owners = async (): Promise<readonly (string | undefined)[]> =>
    (await readLeases(dynamoUrl, stream))
      .filter(({ checkpoint }) => checkpoint !== 'SHARD_END')
      .map(({ owner }) => owner);

  await createStream(client, stream, 4);
  if (mode === 'fan-out') await seedLeases(dynamoUrl, client, stream);
  let first!: Program;
  let second!: Program;
  await run.check('one worker processes all four shards', async () => {
    await put(200);
    first = startWorker('worker-a');
    await allProcessed(150_000);
    const shards = new Set((await eventsOf('worker-a')).map(({ shard }) => shard));
    assert.equal(shards.size, 4);
  });

  await run.check('a second worker gets leases, and both keep some', async () => {
    second = startWorker('worker-b');
    await run.until('both workers hold leases', 120_000, async () => {
      await put(20);
      const holders = new Set(await owners());
      return holders.has('worker-a') && holders.has('worker-b') ? true : undefined;
    });
    await allProcessed(60_000);
  });

  await run.check('a shard is split: children are processed after their parent, in order', async () => {
    const [parent] = await shardsOf(client, stream);
    await splitInHalf(client, stream, parent!);
    await put(200);
    await allProcessed(90_000);
    const children = (await shardsOf(client, stream)).filter(
      (shard) => shard.ParentShardId === parent!.ShardId,
    );
    assert.equal(children.length, 2);
    const events = [...(await eventsOf('worker-a')), ...(await eventsOf('worker-b'))];
    assert.ok(events.some(({ kind, shard }) => kind === 'ended' && shard === parent!.ShardId));
    for (const { ShardId } of children) {
      assert.ok(
        events.some(({ kind, shard }) => kind === 'record' && shard === ShardId),
        `${ShardId} gave nothing`,
      );
    }
    assertParentFirst(
      events,
      parent!.ShardId!,
      children.map(({ ShardId }) => ShardId!),
    );
    assertInOrder(await eventsOf('worker-a'));
    assertInOrder(await eventsOf('worker-b'));
  });

  await run.check('a worker leaves gracefully, and the other takes over all five shards', async () => {
    second.signal('SIGTERM');
    await second.exited;
    assert.ok((await eventsOf('worker-b')).some(({ kind, shard }) => kind === 'stopped' && shard === 'true'));
    await put(100);
    await allProcessed(60_000);
    await run.until('worker-a holds every lease', 60_000, async () => {
      const holders = await owners();
      return holders.length === 5 && holders.every((owner) => owner === 'worker-a') ? true : undefined;
    });
  });

  await run.check('checkpoints are kept: a worker that starts again repeats nothing', async () => {
    first.signal('SIGTERM');
    await first.exited;
    await put(50);
    const again = startWorker('worker-c');
    await run.until('the new records are processed', 90_000, async () => {
      const processed = new Set((await eventsOf('worker-c')).map(({ text }) => text));
      return sent.slice(-50).every((text) => processed.has(text)) ? true : undefined;
    });
    const repeated = (await eventsOf('worker-c')).filter(({ kind }) => kind === 'record').length - 50;
    assert.equal(repeated, 0);
    again.signal('SIGTERM');
    await again.exited;
  });
  client.destroy();
}

type WorkerEvent = {
  /** init, record, ended, lost or stopped. */
  readonly kind: string;
  readonly shard: string;
  readonly sequence: string | undefined;
  readonly text: string | undefined;
  readonly atMs: number;
};

/** A worker's file; the last line may still be being written. */
async function readEvents(file: string): Promise<readonly WorkerEvent[]> {
  const content = await readFile(file, 'utf8').catch(() => '');
  const lines = content.split('\n').slice(0, -1);
  return lines.map((line) => {
    const [atMs, kind, shard, sequence, text] = line.split(' ');
    return { kind: kind!, shard: shard!, sequence, text, atMs: Number(atMs) };
  });
}

function assertParentFirst(
  events: readonly WorkerEvent[],
  parent: string,
  children: readonly string[],
): void {
  const ended = events.find(({ kind, shard }) => kind === 'ended' && shard === parent)!;
  for (const { kind, shard, atMs } of events) {
    if (kind !== 'init' || !children.includes(shard)) continue;
    assert.ok(atMs >= ended.atMs, `${shard} began ${ended.atMs - atMs} ms before ${parent} had ended`);
  }
}

/** Within one worker's hold of a shard, sequence numbers only grow. */
function assertInOrder(events: readonly WorkerEvent[]): void {
  const last = new Map<string, bigint>();
  for (const { kind, shard, sequence } of events) {
    if (kind === 'init') last.delete(shard);
    if (kind !== 'record') continue;
    const number = BigInt(sequence!);
    assert.ok(number > (last.get(shard) ?? -1n), `${shard} went back to ${sequence}`);
    last.set(shard, number);
  }
}
