/** `node test/jq/bench.ts`: how many small records one core evaluates in a second, from JSON text to values. */
import { compileJq } from '../../src/jq/jq.ts';

const QUERIES = [
  '{customer_id: .customer_id, year: .event_timestamp|strftime("%Y")}',
  '{customer_id: .customer_id, year: .event_timestamp|strftime("%Y"), month: .event_timestamp|strftime("%m"), day: .event_timestamp|strftime("%d")}',
  '{region: (.region // "none"), kind: (if .type.device == "MOBILE" then "m" else "d" end)}',
  '{id: .customer_id | sub("^c-"; ""), tag: (.tags[0]? // "x")}',
];
const RECORDS = 1_000;
const ROUNDS = 5;
const ROUND_MS = 1_000;

const records = Array.from({ length: RECORDS }, (_, i) =>
  JSON.stringify({
    type: { device: i % 2 === 0 ? 'MOBILE' : 'DESKTOP', event: 'user_clicked_submit_button' },
    customer_id: `c-${1_000_000 + i}`,
    event_timestamp: 1_565_382_027 + i * 3_600,
    region: 'eu-central-1',
    amount: i * 1.25,
    tags: ['a', 'b'],
  }),
);
const bytes = records.reduce((sum, record) => sum + Buffer.byteLength(record), 0) / RECORDS;
console.log(`records of ${bytes.toFixed(0)} bytes, node ${process.version}`);

for (const query of QUERIES) {
  const program = compileJq(query);
  const options = { nowMs: 0, stepsMax: 1_000_000 };
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    let done = 0;
    const startMs = performance.now();
    while (performance.now() - startMs < ROUND_MS) {
      for (const record of records)
        for (const value of program.run(JSON.parse(record), options)) done += Number(value !== null);
    }
    rates.push((done * 1000) / (performance.now() - startMs));
  }
  const sorted = rates.toSorted((a, b) => a - b);
  console.log(
    `${Math.round(sorted[ROUNDS >> 1]!).toLocaleString('en')} records/s (worst ${Math.round(sorted[0]!).toLocaleString('en')}): ${query}`,
  );
}
