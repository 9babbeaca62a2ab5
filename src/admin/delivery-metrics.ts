/** What Prometheus is told of the delivery streams. */
import type { Family, Sample } from './metrics.ts';

export type DeliveryNumbers = {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly keptBytes: number;
  readonly deliveryRecordsIn: number;
  readonly deliveryBytesIn: number;
  readonly deliveryBilledBytesIn: number;
  readonly deliveryRecordsThrottled: number;
  readonly deliveryConvertedBytes: number;
  readonly deliveryPartitionedBytes: number;
  readonly deliveryPartitionedObjects: number;
};

type Counted = Exclude<keyof DeliveryNumbers, 'account' | 'region' | 'name'>;

const FAMILIES: readonly (Omit<Family, 'samples'> & { readonly of: Counted })[] = [
  {
    of: 'keptBytes',
    name: 'millrace_delivery_stream_kept_bytes',
    type: 'gauge',
    help: 'Bytes that were put directly and not delivered yet, about.',
  },
  {
    of: 'deliveryRecordsIn',
    name: 'millrace_delivery_stream_records_in_total',
    type: 'counter',
    help: 'Records put directly, or read from a stream, since the start.',
  },
  {
    of: 'deliveryBytesIn',
    name: 'millrace_delivery_stream_bytes_in_total',
    type: 'counter',
    help: 'Bytes of these records.',
  },
  {
    of: 'deliveryBilledBytesIn',
    name: 'millrace_delivery_stream_billed_bytes_in_total',
    type: 'counter',
    help: 'Bytes of these records, each rounded up to 5 KB as AWS bills it.',
  },
  {
    of: 'deliveryRecordsThrottled',
    name: 'millrace_delivery_stream_records_throttled_total',
    type: 'counter',
    help: 'Records that the quotas refused since the start.',
  },
  {
    of: 'deliveryConvertedBytes',
    name: 'millrace_delivery_stream_converted_bytes_total',
    type: 'counter',
    help: 'Bytes given to the conversion of formats since the start.',
  },
  {
    of: 'deliveryPartitionedBytes',
    name: 'millrace_delivery_stream_partitioned_bytes_total',
    type: 'counter',
    help: 'Bytes delivered by dynamic partitioning since the start.',
  },
  {
    of: 'deliveryPartitionedObjects',
    name: 'millrace_delivery_stream_partitioned_objects_total',
    type: 'counter',
    help: 'Objects delivered by dynamic partitioning since the start.',
  },
];

export function deliveryFamilies(streams: readonly DeliveryNumbers[]): readonly Family[] {
  return FAMILIES.map(({ of, ...family }) => ({
    ...family,
    samples: streams.map((numbers): Sample => {
      const { account, region, name } = numbers;
      return { labels: { account, region, delivery_stream: name }, value: numbers[of] };
    }),
  }));
}
