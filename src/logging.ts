/**
 * The server's log: one JSON object a line for programs, or short lines for people when they watch a terminal. What is
 * logged never holds a secret or a record: ids, names, counts, codes and times only.
 */
import { Writable } from 'node:stream';
import { pino, type Logger } from 'pino';
import type { Config } from './config/config.ts';

export type { Logger };

/** What a reader of the log that does not keep up may have waiting; beyond it lines are dropped, the server is not held. */
const WAITING_BYTES_MAX = 1024 * 1024;

export type Log = {
  readonly logger: Logger;
  /** Writes what waits, before the process is ended. */
  flush(): void;
};

export function createLog(level: Config['logLevel'], output: NodeJS.WriteStream): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (output.isTTY) return { logger: pino(options, humanLines(output)), flush: () => {} };
  const destination = pino.destination({ dest: 1, sync: false, maxLength: WAITING_BYTES_MAX });
  // Whoever read the log has gone: the server goes on.
  destination.on('error', () => {});
  return {
    logger: pino({ ...options, formatters: { level: (label) => ({ level: label }) } }, destination),
    flush() {
      try {
        destination.flushSync();
      } catch {
        // Not open yet, or the reader has gone.
      }
    },
  };
}

const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: '',
  40: 'warning',
  50: 'error',
  60: 'fatal',
};

function humanLines(output: NodeJS.WriteStream): Writable {
  return new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      const { time, level, msg, err, ...fields } = JSON.parse(line) as {
        time: string;
        level: number;
        msg?: string;
        err?: { message?: string; stack?: string };
      } & Record<string, unknown>;
      const details = Object.entries(fields).map(
        ([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
      );
      const label = LEVELS[level] ? `${LEVELS[level]}: ` : '';
      const error = err === undefined ? '' : `\n${err.stack ?? err.message}`;
      output.write(`${time.slice(11, 23)} ${label}${msg ?? ''}${details.join('')}${error}\n`);
      done();
    },
  });
}
