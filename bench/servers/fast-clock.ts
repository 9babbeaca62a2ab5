/**
 * Millrace with a clock that runs SPEED times as fast, for the soak: `fast-clock.ts SPEED START_MS` and then the flags of `millrace start`. Time
 * began at START_MS with the real time; who signs requests has to count the same way.
 */
import { readFileSync } from 'node:fs';
import { assemble } from '../../src/assemble.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { createRealHost } from '../../src/host/real/host.ts';
import { createLog } from '../../src/logging.ts';
import { version } from '../../src/version.ts';
import { fastTime } from './fast-time.ts';

const [speed = 1, startMs = 0] = process.argv.slice(2, 4).map(Number);
const config = readConfig(process.argv.slice(4), {}, (file) => readFileSync(file, 'utf8'));
const real = createRealHost();
const { clock } = real;
const host = {
  ...real,
  clock: {
    now: () => fastTime(speed, startMs),
    monotonic: () => clock.monotonic() * speed,
    timer: (delayMs: number, callback: () => void, options?: { background?: boolean }) =>
      clock.timer(delayMs / speed, callback, options),
    sleep: (delayMs: number, signal?: AbortSignal) => clock.sleep(delayMs / speed, signal),
    turn: () => clock.turn(),
  },
};
const server = await assemble({ config, host, logger: createLog('warn', process.stdout).logger, version });
process.on('SIGTERM', async () => {
  await server[Symbol.asyncDispose]();
  process.exit(0);
});
