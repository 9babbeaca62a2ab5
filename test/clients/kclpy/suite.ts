/** amazon_kclpy: a Python record processor under the KCL's multi-language daemon. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createStream, kinesisClient, putTexts, shardsOf, splitInHalf } from '../driver.ts';
import { dynamoDbLocal } from '../dynamodb-local/dynamodb-local.ts';
import { pythonInstallation } from '../installations.ts';
import { readLeases, seedLeases } from '../kcl/leases.ts';
import type { Suite, SuiteRun } from '../suite.ts';

const python = pythonInstallation(import.meta.dirname);

export const kclpy: Suite = {
  name: 'kclpy',
  what: 'amazon_kclpy 3.1.3, polling: records in order, a split, checkpoints; leases in DynamoDB Local',
  installations: [{ ...python, needs: [...python.needs, 'java'] }, dynamoDbLocal],
  timeoutMs: 240_000,
  crashesServer: false,
  run: runApplication,
};

async function runApplication(run: SuiteRun): Promise<void> {
  const stream = `kclpy-${run.id}`;
  const client = kinesisClient(run.endpoint);
  const dynamoUrl = await run.dynamoDbUrl();
  const eventsFile = path.join(run.workFolder, 'events');
  const environment = run.environment({ EVENTS_FILE: eventsFile });
  await createStream(client, stream, 2);
  await seedLeases(dynamoUrl, client, stream);

  const properties = path.join(run.workFolder, 'application.properties');
  await writeFile(properties, propertiesOf(run, stream, dynamoUrl));
  const command = await run.output({
    name: 'print-command',
    command: python.program('python'),
    args: [
      python.program('amazon_kclpy_helper.py'),
      '--print_command',
      '--java',
      'java',
      '--properties',
      properties,
    ],
    environment,
  });
  // The helper prints one command line for a shell.
  run.start({ name: 'daemon', command: '/bin/sh', args: ['-c', `exec ${command.trim()}`], environment });

  const sent: string[] = [];
  const put = async (count: number): Promise<void> => {
    const texts = Array.from({ length: count }, (_, index) => `größe-${sent.length + index}`);
    sent.push(...texts);
    await putTexts(client, stream, texts);
  };
  const allProcessed = (timeoutMs: number) =>
    run.until('every record is processed', timeoutMs, async () => {
      const texts = new Set((await readEvents(eventsFile)).map(([, , , text]) => text));
      return sent.every((text) => texts.has(text)) ? true : undefined;
    });

  await run.check('every record of two shards is processed, each shard in order', async () => {
    await put(200);
    await allProcessed(120_000);
    const last = new Map<string, bigint>();
    for (const [kind, shard, sequence] of await readEvents(eventsFile)) {
      if (kind !== 'record') continue;
      assert.ok(BigInt(sequence!) > (last.get(shard!) ?? -1n));
      last.set(shard!, BigInt(sequence!));
    }
    assert.equal(last.size, 2);
  });

  await run.check('a shard is split: it ends, then its children are processed', async () => {
    const [parent] = await shardsOf(client, stream);
    await splitInHalf(client, stream, parent!);
    await put(200);
    await allProcessed(90_000);
    const events = await readEvents(eventsFile);
    const ended = events.findIndex(([kind, shard]) => kind === 'ended' && shard === parent!.ShardId);
    assert.ok(ended !== -1);
    const children = (await shardsOf(client, stream)).filter(
      (shard) => shard.ParentShardId === parent!.ShardId,
    );
    for (const { ShardId } of children) {
      assert.ok(events.findIndex(([kind, shard]) => kind === 'init' && shard === ShardId) > ended);
      assert.ok(events.some(([kind, shard]) => kind === 'record' && shard === ShardId));
    }
  });

  await run.check('checkpoints name the last record of each shard', async () => {
    await run.until('leases are checkpointed', 30_000, async () => {
      const last = new Map<string, string>();
      for (const [kind, shard, sequence] of await readEvents(eventsFile)) {
        if (kind === 'record') last.set(shard!, sequence!);
        if (kind === 'ended') last.set(shard!, 'SHARD_END');
      }
      const leases = await readLeases(dynamoUrl, stream);
      return leases.every(({ shardId, checkpoint }) => last.get(shardId) === checkpoint) ? true : undefined;
    });
  });
  client.destroy();
}

function propertiesOf(run: SuiteRun, stream: string, dynamoUrl: string): string {
  const properties = {
    executableName: `${python.program('python')} ${path.join(import.meta.dirname, 'application.py')}`,
    streamName: stream,
    applicationName: stream,
    initialPositionInStream: 'TRIM_HORIZON',
    processingLanguage: 'python/3',
    regionName: 'us-east-1',
    kinesisEndpoint: run.endpoint.plainUrl,
    dynamoDBEndpoint: dynamoUrl,
    AwsCredentialsProvider: 'DefaultCredentialsProvider',
    metricsLevel: 'NONE',
    retrievalMode: 'POLLING',
    idleTimeBetweenReadsInMillis: 250,
    failoverTimeMillis: 2000,
    leaseAssignmentIntervalMillis: 1000,
    shardSyncIntervalMillis: 1000,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');
}

/** The last line may still be being written. */
async function readEvents(file: string): Promise<readonly (readonly string[])[]> {
  const content = await readFile(file, 'utf8').catch(() => '');
  return content
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' '));
}
