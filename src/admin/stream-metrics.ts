/** What Prometheus is told of the streams. A server with thousands of them gives thousands of lines, and only when asked. */
import type { Family, Sample } from './metrics.ts';

export type StreamNumbers = {
  readonly account: string;
  readonly region: string;
  readonly stream: string;
  readonly openShards: number;
  readonly consumers: number;
  readonly recordsIn: number;
  readonly bytesIn: number;
  readonly recordsOut: number;
  readonly bytesOut: number;
  readonly fanOutBytes: number;
};

type Counted = Exclude<keyof StreamNumbers, 'account' | 'region' | 'stream'>;

const FAMILIES: readonly (Omit<Family, 'samples'> & { readonly of: Counted })[] = [
  { of: 'openShards', name: 'millrace_stream_open_shards', type: 'gauge', help: 'Open shards.' },
  { of: 'consumers', name: 'millrace_stream_consumers', type: 'gauge', help: 'Registered consumers.' },
  {
    of: 'recordsIn',
    name: 'millrace_stream_records_in_total',
    type: 'counter',
    help: 'Records put since the start.',
  },
  {
    of: 'bytesIn',
    name: 'millrace_stream_bytes_in_total',
    type: 'counter',
    help: 'Bytes put since the start, each record rounded up to 1 KB as AWS bills it.',
  },
  {
    of: 'recordsOut',
    name: 'millrace_stream_records_out_total',
    type: 'counter',
    help: 'Records that GetRecords returned since the start.',
  },
  {
    of: 'bytesOut',
    name: 'millrace_stream_bytes_out_total',
    type: 'counter',
    help: 'Bytes that GetRecords returned since the start, rounded like bytes in.',
  },
  {
    of: 'fanOutBytes',
    name: 'millrace_stream_fan_out_bytes_total',
    type: 'counter',
    help: 'Bytes that SubscribeToShard pushed since the start, rounded like bytes in.',
  },
];

export function streamFamilies(streams: readonly StreamNumbers[]): readonly Family[] {
  return FAMILIES.map(({ of, ...family }) => ({
    ...family,
    samples: streams.map((numbers): Sample => {
      const { account, region, stream } = numbers;
      return { labels: { account, region, stream }, value: numbers[of] };
    }),
  }));
}
