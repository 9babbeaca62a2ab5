/** The command line of `npm run bench`. */
import { parseArgs } from 'node:util';
import type { Settings } from './workloads/workload.ts';

export const HELP = `usage: npm run bench -- [options]

Runs workloads against Millrace, a null HTTP server and kinesalite, and keeps the results in bench/RESULTS.md.

  --only NAME        only this workload (may be repeated); --list names them
  --rounds N         rounds of each comparison (default 3)
  --seconds S        length of a round (default 3)
  --disk-gb N        record data for workloads that need a full directory (default 1)
  --records N        records for the memory workload (default 10000000)
  --json             print the outcomes as JSON
  --no-write         do not touch bench/RESULTS.md
  --list             name the workloads; run nothing`;

export type Arguments = {
  readonly only: readonly string[];
  readonly json: boolean;
  readonly write: boolean;
  readonly list: boolean;
  readonly help: boolean;
  readonly settings: Settings;
};

/** Throws an error whose message is for the user. */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '3' },
      'disk-gb': { type: 'string', default: '1' },
      records: { type: 'string', default: '10000000' },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: true },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const positive = (name: 'rounds' | 'seconds' | 'disk-gb' | 'records'): number => {
    const value = Number(values[name]);
    if (!(value > 0)) throw new Error(`--${name} takes a number above zero, not ${values[name]}.`);
    return value;
  };
  return {
    only: values.only,
    json: values.json,
    write: values.write,
    list: values.list,
    help: values.help,
    settings: {
      rounds: positive('rounds'),
      seconds: positive('seconds'),
      diskGigabytes: positive('disk-gb'),
      recordsMax: positive('records'),
    },
  };
}
