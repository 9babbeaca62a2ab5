/**
 * How many records a second get their partition by jq: `node bench/partitioning/main.ts [records]`. The whole of processing: JSON parsing, the query,
 * a delimiter; on this thread alone, and with worker threads, where the CPU time of all of them counts. The best and the median of five runs.
 */
import { createRealHost } from '../../src/host/real/host.ts';
import { workHere } from '../../src/host/workers.ts';
import { parsePrefix } from '../../src/firehose/object-keys/prefix-expression.ts';
import { createProcessing } from '../../src/firehose/processing/create-processing.ts';

const RUNS = 5;
const BATCH = 2000;
const count = Number(process.argv[2] ?? 200_000);
const host = createRealHost();

const records = Array.from({ length: count }, (_, index) => ({
  unit: 'shardId-000000000000',
  position: index + 1,
  sub: 0,
  arrivalMs: 1_795_521_600_000,
  data: Buffer.from(
    JSON.stringify({
      type: { device: index % 3 === 0 ? 'mobile' : 'desktop', event: 'user_clicked_submit_button' },
      customer_id: `c${Math.imul(index, 2_654_435_761) >>> 24}`,
      event_timestamp: 1_565_382_027 + index,
      region: 'sample_region',
      page: `/shop/${index % 900}`,
    }),
  ),
}));
const bytes = records.reduce((sum, { data }) => sum + data.length, 0);
console.log(`${count} records of ${Math.round(bytes / count)} bytes`);

const QUERIES = {
  'two keys': '{customer_id: .customer_id, device: .type.device}',
  'a key and a date': '{customer_id: .customer_id, day: .event_timestamp|strftime("%Y-%m-%d")}',
};
for (const [name, query] of Object.entries(QUERIES)) {
  for (const [where, workers] of [
    ['this thread', workHere],
    [`${host.workers.count} workers`, host.workers],
  ] as const) {
    const keys = [...query.matchAll(/(\w+): /g)].map(([, key]) => `!{partitionKeyFromQuery:${key!}}/`);
    const processing = createProcessing(
      {
        processing: {
          Enabled: true,
          Processors: [
            {
              Type: 'MetadataExtraction',
              Parameters: [{ ParameterName: 'MetadataExtractionQuery', ParameterValue: query }],
            },
            { Type: 'AppendDelimiterToRecord' },
          ],
        },
        partitionedBy: parsePrefix(keys.join(''), 'Prefix'),
      },
      {
        functions: {
          invoke: () => Promise.reject(new Error('No function is used here.')),
          unavailable: () => undefined,
        },
        clock: host.clock,
        dice: host.dice,
        workers,
        deliveryStream: { arn: 'arn', region: 'us-east-1' },
        source: { kinesisStreamArn: undefined, sequenceNumber: () => '' },
      },
    );
    const rates: number[] = [];
    let mainShare = 0;
    for (let run = 0; run < RUNS; run++) {
      const before = process.cpuUsage();
      const mainBefore = process.threadCpuUsage();
      const { signal } = new AbortController();
      for (let at = 0; at < count; at += BATCH) {
        const { failed } = await processing.process(records.slice(at, at + BATCH), () => false, signal);
        if (failed.length > 0) throw new Error(failed[0]!.message);
      }
      const used = process.cpuUsage(before);
      const main = process.threadCpuUsage(mainBefore);
      rates.push((count / (used.user + used.system)) * 1_000_000);
      mainShare = (main.user + main.system) / (used.user + used.system);
    }
    rates.sort((a, b) => b - a);
    const thousands = (rate: number): string => `${Math.round(rate / 1000)} k`;
    console.log(
      `${name}, ${where}: best ${thousands(rates[0]!)}, median ${thousands(rates[2]!)} records/s of CPU time, ${Math.round(mainShare * 100)} % of it on the main thread`,
    );
  }
}
process.exit(0);
