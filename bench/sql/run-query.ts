/**
 * One query over one file, in a process of its own: `node bench/sql/run-query.ts QUERY FILE EVENTS`. The ROWTIME of a row is its event's time, so that no
 * clock is in it; all columns of the result are made, and thrown away after they were counted. Prints a JSON object.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { openMapping } from '../../src/analytics/mapping/open-mapping.ts';
import { planProgram } from '../../src/sql/check/check.ts';
import { openProgram } from '../../src/sql/engine/open-program.ts';
import { parseProgram } from '../../src/sql/syntax/parse.ts';
import type { Row, SqlValue } from '../../src/sql/value.ts';
import { peakMegabytes } from '../process-usage.ts';
import { DATASETS, schemaOf } from './datasets.ts';
import { QUERIES } from './queries.ts';

const CHUNK_BYTES = 4 * 1024 * 1024;
const NEW_LINE = 0x0a;
const SEED = 1;

export type QueryRun = {
  readonly events: number;
  readonly rows: number;
  readonly errors: number;
  /** Of the column whose sum is expected. */
  readonly sum: string | undefined;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakMegabytes: number;
};

const [name, file = '', eventsText = ''] = process.argv.slice(2);
const query = QUERIES.find((one) => one.name === name);
if (query === undefined || file === '') throw new Error('usage: run-query.ts QUERY FILE EVENTS');
const eventsMax = Number(eventsText);

const schema = schemaOf(query.dataset);
const { source } = DATASETS[query.dataset];
const plan = planProgram(parseProgram(query.program), {
  streams: [
    { name: source, columns: schema.columns.map(({ name: column, type }) => ({ name: column, type })) },
  ],
  tables: [],
  isOpen: false,
});
const used = plan.streams.find((stream) => stream.name === source)?.isUsed ?? [];
// The first column is the time, which every row needs.
const mapping = openMapping(schema, {
  isUsed: used.map((isUsed, column) => isUsed || column === 0),
  extraColumns: 0,
});

let rows = 0;
let errors = 0;
let sum = 0n;
let part = 0;
const column = query.expected?.sum?.column;
const program = openProgram(plan, {
  startMs: 0,
  seed: SEED,
  watch: ['RESULTS'],
  output: {
    row: (_stream, row: Row) => {
      rows++;
      if (column === undefined) return;
      part += Number(row[column]);
      if (part < 2 ** 50) return;
      sum += BigInt(part);
      part = 0;
    },
    selected: () => {},
    error: ({ message }) => {
      if (errors++ === 0) console.error(message);
    },
  },
});
const sink = {
  row: (row: SqlValue[]) => {
    row[0] = row[1] as SqlValue;
    program.row(source, row);
  },
  reject: (reason: string) => {
    if (errors++ === 0) console.error(reason);
  },
};

const startCpu = process.cpuUsage();
const startMs = performance.now();
const input = openSync(file, 'r');
let chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
let filled = 0;
let events = 0;
/** Beyond what was read lies what was there before. */
const lineEnd = (from: number): number => {
  const end = chunk.indexOf(NEW_LINE, from);
  return end < filled ? end : -1;
};
while (events < eventsMax) {
  const read = readSync(input, chunk, filled, chunk.length - filled, null);
  if (read === 0) break;
  filled += read;
  let start = 0;
  let end = lineEnd(start);
  while (end >= 0 && events < eventsMax) {
    mapping.read(chunk, start, end, sink);
    events++;
    start = end + 1;
    end = lineEnd(start);
  }
  // What is behind the last line's end goes to the front of the next chunk.
  const next = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  chunk.copy(next, 0, start, filled);
  filled -= start;
  chunk = next;
}
closeSync(input);
program.end();
const { user, system } = process.cpuUsage(startCpu);
const run: QueryRun = {
  events,
  rows,
  errors,
  sum: column === undefined ? undefined : String(sum + BigInt(part)),
  cpuSeconds: (user + system) / 1e6,
  wallSeconds: (performance.now() - startMs) / 1000,
  peakMegabytes: peakMegabytes(process.pid),
};
console.log(JSON.stringify(run));
