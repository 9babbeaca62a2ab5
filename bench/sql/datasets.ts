/** The events of the benchmark: files of JSON lines, made once below the user's cache folder. */
import { spawnSync } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { readJsonPath } from '../../src/analytics/mapping/json-path.ts';
import type { RecordSchema } from '../../src/analytics/mapping/record-schema.ts';
import { parseType } from '../../src/sql/syntax/parse.ts';
import { nexmarkEvent } from './nexmark.ts';
import type { Dataset } from './queries.ts';

const SEED = 42;
const BATCH = 10_000;
const SCRIPT = path.join(import.meta.dirname, 'clicks-and-bids.py');

type Described = {
  /** The name of the source. */
  readonly source: string;
  /** `NAME TYPE PATH`; the first is the ROWTIME. */
  readonly columns: readonly string[];
};

export const DATASETS: Readonly<Record<Dataset, Described>> = {
  clicks: {
    source: 'CLICKS',
    columns: [
      'TS|TIMESTAMP|$.ts',
      'USER_ID|VARCHAR(16)|$.user',
      'PAGE|VARCHAR(32)|$.page',
      'MS|INTEGER|$.ms',
      'PRICE|DECIMAL(10,2)|$.price',
      'OK|BOOLEAN|$.ok',
      'REFERRER|VARCHAR(16)|$.ref',
    ],
  },
  bids: {
    source: 'BIDS',
    columns: [
      'DATE_TIME|TIMESTAMP|$.dateTime',
      'AUCTION|BIGINT|$.auction',
      'BIDDER|BIGINT|$.bidder',
      'PRICE|BIGINT|$.price',
      'CHANNEL|VARCHAR(16)|$.channel',
      'URL|VARCHAR(128)|$.url',
      'EXTRA|VARCHAR(64)|$.extra',
    ],
  },
  nexmark: {
    source: 'EVENTS',
    columns: [
      'DATE_TIME|TIMESTAMP|$.dateTime',
      'TYPE|INTEGER|$.type',
      'PERSON_ID|BIGINT|$.person.id',
      'PERSON_NAME|VARCHAR(64)|$.person.name',
      'SELLER|BIGINT|$.auction.seller',
      'AUCTION|BIGINT|$.bid.auction',
      'BIDDER|BIGINT|$.bid.bidder',
      'PRICE|BIGINT|$.bid.price',
      'CHANNEL|VARCHAR(32)|$.bid.channel',
      'URL|VARCHAR(128)|$.bid.url',
      'EXTRA|VARCHAR(200)|$.bid.extra',
    ],
  },
};

export const schemaOf = (dataset: Dataset): RecordSchema => ({
  format: { kind: 'json', rowPath: readJsonPath('$') },
  columns: DATASETS[dataset].columns.map((column) => {
    const [name = '', type = '', mapping = ''] = column.split('|');
    return { name, type: parseType(type), mapping: readJsonPath(mapping) };
  }),
});

const folder = path.join(
  process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'),
  'millrace-bench-sql',
);

/** The file of so many events, made if it is not there. */
export const dataFile = async (dataset: Dataset, events: number): Promise<string> => {
  const place = path.join(folder, String(events));
  const file = path.join(place, `${dataset}.json`);
  if (existsSync(file)) return file;
  console.error(`Making ${events} events: ${file}`);
  await mkdir(place, { recursive: true });
  if (dataset === 'nexmark') await writeNexmark(file, events);
  else {
    const { status } = spawnSync('python3', [SCRIPT, place, String(events), String(SEED)], {
      stdio: 'inherit',
    });
    if (status !== 0) throw new Error('python3 could not make the clicks and bids');
  }
  return file;
};

const writeNexmark = async (file: string, events: number): Promise<void> => {
  const partial = `${file}.partial`;
  const stream = createWriteStream(partial);
  for (let first = 0; first < events; first += BATCH) {
    let text = '';
    for (let event = first; event < Math.min(events, first + BATCH); event++)
      text += `${JSON.stringify(nexmarkEvent(event, SEED))}\n`;
    if (!stream.write(text)) await new Promise((resolve) => stream.once('drain', resolve));
  }
  stream.end();
  await finished(stream);
  await rename(partial, file);
};
