/**
 * `npm run bench:soak -- --minutes N`: a server under a tenth of its full load, with its clock at 50 times the speed, so that in half an
 * hour a day's retention passes and records are trimmed. It watches memory, files and errors, and fails when an answer was
 * wrong or when memory, or the disk once records expire, still grew in the last quarter.
 */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CommandLine, readCommandLine, wholeNumber } from '../scripts/command-line.ts';
import { call, createStream } from './servers/api.ts';
import { fastTime } from './servers/fast-time.ts';
import { makeDataDirectory } from './servers/millrace.ts';
import { freePort, startProcess } from './servers/server.ts';
import { Connection } from './load/connection.ts';
import { useClock } from './load/signed-request.ts';
import { residentMegabytes } from './process-usage.ts';
import { checkPut, putRequests, type PutShape } from './workloads/records.ts';

const STREAM = 'soak';
const SHARDS = 64;
const SHAPE: PutShape = { records: 500, bytes: 100, format: 'json' };
const SPEED = 50;
const RETENTION_HOURS = 24;
const SAMPLES = 30;
/** A signature is good for 15 minutes of the server's time, which are 18 seconds here. */
const SIGN_EVERY_MS = 5000;
/** What the last quarter may be above the one before. */
const GROWTH_MAX = 1.1;

const LINE: CommandLine = {
  usage: 'bench:soak -- [options]',
  does: 'Keeps a server under a tenth of its full load, with its clock at 50 times the speed, and watches what grows.',
  flags: [
    { name: 'minutes', value: 'N', default: '30', help: 'How long.' },
    { name: 'puts-per-second', value: 'N', default: '40', help: 'Requests of 500 records.' },
  ],
};
const given = readCommandLine(LINE);
const totalMs = wholeNumber(given, 'minutes', 30, LINE) * 60_000;
const putEveryMs = 1000 / wholeNumber(given, 'puts-per-second', 40, LINE);

type Sample = {
  readonly hours: number;
  readonly megabytes: number;
  readonly files: number;
  readonly diskMegabytes: number;
};

await using directory = await makeDataDirectory();
const startMs = Date.now();
useClock(() => fastTime(SPEED, startMs));
const port = await freePort();
await using server = await startProcess('Millrace', port, [
  path.join(import.meta.dirname, 'servers/fast-clock.ts'),
  ...[String(SPEED), String(startMs)],
  ...['--port', String(port), '--data', directory.data, '--credentials', directory.credentials],
  ...['--limits', 'none'],
]);
await createStream(port, STREAM, SHARDS);

const samples: Sample[] = [];
let [puts, errors] = [0, 0];
let requests: Buffer[] = [];
let signedAt = -Infinity;
const beganAt = performance.now();
const connection = await Connection.open(port);
console.log('minutes  hours of the server  puts  errors  RSS MB  files  disk MB');
while (performance.now() < beganAt + totalMs) {
  if (performance.now() - signedAt > SIGN_EVERY_MS) {
    requests = putRequests(port, STREAM, SHAPE);
    signedAt = performance.now();
  }
  const waitMs = beganAt + puts * putEveryMs - performance.now();
  if (waitMs > 0) await sleep(waitMs);
  const answer = await connection.ask(requests[puts++ % requests.length]!);
  if (answer.status !== 200 || checkPut(SHAPE)(answer) !== undefined) {
    errors++;
    console.error(answer.body.toString('latin1', 0, 300));
  }
  if (performance.now() >= beganAt + ((samples.length + 1) * totalMs) / SAMPLES) samples.push(await sample());
}
connection.close();
await call(port, 'ListStreams', {});

/** Disk is judged when records have expired for a while: until then it has to grow. */
const expiring = samples.filter(({ hours }) => hours > RETENTION_HOURS + 1);
const grew = [
  ...(grows(samples, 'megabytes') ? ['memory'] : []),
  ...(grows(expiring, 'files') ? ['files'] : []),
  ...(grows(expiring, 'diskMegabytes') ? ['disk'] : []),
];
if (expiring.length < 8) console.log('Too short to say whether the disk grows: records live a day.');
console.log(`${errors} errors; ${grew.length === 0 ? 'nothing grew' : `grew: ${grew.join(', ')}`}`);
process.exitCode = errors === 0 && grew.length === 0 ? 0 : 1;

/** Whether the last quarter was above the one before. */
function grows(taken: readonly Sample[], name: keyof Sample): boolean {
  const quarter = Math.floor(taken.length / 4);
  const mean = (of: readonly Sample[]): number => of.reduce((total, each) => total + each[name], 0) / quarter;
  return quarter > 0 && mean(taken.slice(-quarter)) > mean(taken.slice(-2 * quarter, -quarter)) * GROWTH_MAX;
}

async function sample(): Promise<Sample> {
  let [files, bytes] = [0, 0];
  for (const entry of await readdir(directory.data, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    files++;
    // A file may be gone by now.
    bytes += await stat(path.join(entry.parentPath, entry.name)).then(
      ({ size }) => size,
      () => 0,
    );
  }
  const diskMegabytes = Math.round(bytes / 1e6);
  const megabytes = residentMegabytes(server.pid);
  const minutes = (performance.now() - beganAt) / 60_000;
  const hours = (minutes * SPEED) / 60;
  const shown = [minutes.toFixed(1), hours.toFixed(1), puts, errors, megabytes, files, diskMegabytes];
  console.log(shown.join('  '));
  return { hours, megabytes, files, diskMegabytes };
}
