/**
 * The main job: a real log file goes in through the AWS CLI while other clients write too, the server is killed with -9 in the
 * middle of both, twice, and an independent client (boto3) reads everything back. dpkg-log.txt is the beginning of the log that
 * Debian's package manager wrote on a developer's machine.
 */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type KinesisClient, PutRecordCommand, type PutRecordsOutput } from '@aws-sdk/client-kinesis';
import { pythonAws } from '../boto3/suite.ts';
import { kinesisClient } from '../driver.ts';
import type { Suite, SuiteRun } from '../suite.ts';
import { awsCli } from './aws.ts';

const LOG_FILE = path.join(import.meta.dirname, 'dpkg-log.txt');
const LINES_PER_CALL = 250;
/** The server is killed while these calls are on their way. */
const KILLED_CALLS = [2, 5];
const WRITERS = 8;

export const logFile: Suite = {
  name: 'log-file',
  what: 'a real log through the AWS CLI, kill -9 of the server in the middle, read back by boto3',
  installations: [pythonAws],
  timeoutMs: 180_000,
  crashesServer: true,
  run: runLogFile,
};

type Kept = { readonly shardId: string; readonly sequenceNumber: string; readonly text: string };

async function runLogFile(run: SuiteRun): Promise<void> {
  const aws = awsCli(run);
  const name = 'log-file';
  const lines = (await readFile(LOG_FILE, 'utf8')).trimEnd().split('\n');
  /** In the order of the file. */
  const keptLines: Kept[] = [];
  const keptBeside: Kept[] = [];

  const putCall = async (call: readonly string[]): Promise<void> => {
    const records = call.map((line) => ({ Data: line, PartitionKey: packageOf(line) }));
    await writeFile(path.join(run.workFolder, 'records.json'), JSON.stringify(records));
    const answer = await aws<PutRecordsOutput>(
      'put-records',
      '--stream-name',
      name,
      '--records',
      'file://records.json',
    );
    assert.equal(answer.FailedRecordCount, 0);
    call.forEach((text, index) => {
      const { ShardId, SequenceNumber } = answer.Records![index]!;
      keptLines.push({ shardId: ShardId!, sequenceNumber: SequenceNumber!, text });
    });
  };

  await run.check(
    `aws put-records sends ${lines.length} lines of a log, the server killed twice on the way`,
    async () => {
      await aws('create-stream', '--stream-name', name, '--shard-count', '4');
      await aws('wait', 'stream-exists', '--stream-name', name);
      for (let at = 0, call = 0; at < lines.length; at += LINES_PER_CALL, call++) {
        const batch = lines.slice(at, at + LINES_PER_CALL);
        if (!KILLED_CALLS.includes(call)) {
          await putCall(batch);
          continue;
        }
        const writers = keepWriting(run, name, keptBeside);
        const keptBefore = keptBeside.length;
        // The command may have been answered, or not: both happen, and both must hold.
        const outcome = putCall(batch).then(
          () => 'answered',
          () => 'failed',
        );
        await run.until('other writers are busy', 30_000, async () =>
          keptBeside.length > keptBefore + 50 ? true : undefined,
        );
        await sleep(Math.random() * 1500);
        await run.crashServer();
        await writers;
        const answered = (await outcome) === 'answered';
        await run.restartServer();
        if (!answered) await putCall(batch);
      }
      assert.equal(keptLines.length, lines.length);
    },
  );

  let read = new Map<string, string>();
  await run.check('boto3 reads back every acknowledged record at its sequence number', async () => {
    const output = await run.output({
      name: 'read-back',
      command: pythonAws.program('python'),
      args: [path.join(import.meta.dirname, 'read_back.py'), run.endpoint.plainUrl, name],
      environment: run.environment(),
    });
    const records = output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as [string, string, string]);
    read = new Map(records.map(([shardId, sequence, text]) => [`${shardId} ${sequence}`, text]));
    assert.equal(read.size, records.length, 'a sequence number was read twice');
    for (const kept of [...keptLines, ...keptBeside]) {
      const text = read.get(`${kept.shardId} ${kept.sequenceNumber}`);
      assert.equal(text, kept.text, `acknowledged as ${kept.shardId} ${kept.sequenceNumber}`);
    }
  });

  await run.check('in the order of acknowledgement it is the log again, byte for byte', async () => {
    const again = keptLines.map((kept) => read.get(`${kept.shardId} ${kept.sequenceNumber}`));
    assert.equal(`${again.join('\n')}\n`, await readFile(LOG_FILE, 'utf8'));
    const last = new Map<string, bigint>();
    for (const { shardId, sequenceNumber } of keptLines) {
      assert.ok(BigInt(sequenceNumber) > (last.get(shardId) ?? -1n), 'sequence numbers went back');
      last.set(shardId, BigInt(sequenceNumber));
    }
  });

  await run.check('nothing is there that nobody sent', async () => {
    const known = new Set(lines);
    for (const text of read.values()) assert.ok(known.has(text) || text.startsWith('beside '), text);
  });
}

/** Single records from several writers at once, until the server is gone; only what was acknowledged is kept in `kept`. */
async function keepWriting(run: SuiteRun, name: string, kept: Kept[]): Promise<void> {
  const client: KinesisClient = kinesisClient(run.endpoint);
  client.config.maxAttempts = async () => 1;
  const write = async (writer: number): Promise<void> => {
    for (let count = 0; ; count++) {
      const text = `beside ${kept.length} ${writer} ${count}`;
      const put = new PutRecordCommand({ StreamName: name, PartitionKey: text, Data: Buffer.from(text) });
      const answer = await client.send(put).catch(() => undefined);
      if (answer === undefined) return;
      kept.push({ shardId: answer.ShardId!, sequenceNumber: answer.SequenceNumber!, text });
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  client.destroy();
}

/** `2025-06-24 14:36:25 status installed libc6:amd64 2.36`: what belongs to one package stays in order. */
function packageOf(line: string): string {
  return line.split(' ').find((word) => word.includes(':') && !/^\d/.test(word)) ?? 'dpkg';
}
