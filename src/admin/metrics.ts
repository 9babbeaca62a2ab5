/** Numbers for Prometheus, in its text format 0.0.4. Counting is a few adds a request; the text is only made when asked for. */

/** Upper bounds of the latency buckets, in seconds: from a read of memory to a long poll of a slow disk. */
const BUCKETS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

type OperationCounts = {
  readonly service: string;
  readonly operation: string;
  readonly byStatus: Map<number, number>;
  /** One more than the bounds: the last is what lies above them all. */
  readonly buckets: number[];
  sumSeconds: number;
  responseBytes: number;
};

export type RequestMetrics = {
  /** As the road of a request reports it. */
  count(service: string, operation: string, status: number, durationMs: number, bytes: number): void;
  families(): readonly Family[];
};

/** One metric with its samples. */
export type Family = {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly samples: readonly Sample[];
};

export type Sample = {
  /** What follows the name: `_bucket`, `_sum`. */
  readonly suffix?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
};

export function createRequestMetrics(): RequestMetrics {
  const operations = new Map<string, OperationCounts>();
  return {
    count(service, operation, status, durationMs, bytes) {
      let counts = operations.get(operation);
      if (counts === undefined) {
        const buckets = Array.from({ length: BUCKETS_SECONDS.length + 1 }, () => 0);
        counts = { service, operation, byStatus: new Map(), buckets, sumSeconds: 0, responseBytes: 0 };
        operations.set(operation, counts);
      }
      const durationSeconds = durationMs / 1000;
      let bucket = 0;
      while (bucket < BUCKETS_SECONDS.length && durationSeconds > BUCKETS_SECONDS[bucket]!) bucket++;
      counts.buckets[bucket]!++;
      counts.byStatus.set(status, (counts.byStatus.get(status) ?? 0) + 1);
      counts.sumSeconds += durationSeconds;
      counts.responseBytes += bytes;
    },
    families() {
      const all = [...operations.values()];
      return [
        {
          name: 'millrace_requests_total',
          type: 'counter',
          help: 'Calls that reached an operation, by the HTTP status they were answered with.',
          samples: all.flatMap(({ service, operation, byStatus }) =>
            [...byStatus].map(([status, value]) => ({
              labels: { service, operation, status: String(status) },
              value,
            })),
          ),
        },
        {
          name: 'millrace_request_duration_seconds',
          type: 'histogram',
          help: 'From the whole request read to the answer made; of an event stream, to its beginning.',
          samples: all.flatMap(histogramSamples),
        },
        {
          name: 'millrace_response_bytes_total',
          type: 'counter',
          help: 'Bytes of answer bodies, event streams not counted.',
          samples: all.map(({ service, operation, responseBytes }) => ({
            labels: { service, operation },
            value: responseBytes,
          })),
        },
      ];
    },
  };
}

function histogramSamples({ service, operation, buckets, sumSeconds }: OperationCounts): readonly Sample[] {
  const labels = { service, operation };
  let total = 0;
  const samples: Sample[] = buckets.map((inBucket, index) => {
    total += inBucket;
    return {
      suffix: '_bucket',
      labels: { ...labels, le: String(BUCKETS_SECONDS[index] ?? '+Inf') },
      value: total,
    };
  });
  return [
    ...samples,
    { suffix: '_sum', labels, value: sumSeconds },
    { suffix: '_count', labels, value: total },
  ];
}

export function prometheusText(families: readonly Family[]): string {
  return families
    .map(({ name, type, help, samples }) =>
      [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} ${type}`,
        ...samples.map(
          ({ suffix = '', labels = {}, value }) => `${name}${suffix}${labelText(labels)} ${value}`,
        ),
        '',
      ].join('\n'),
    )
    .join('');
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replaceAll(/[\\"\n]/g, escapeLabel)}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeLabel(character: string): string {
  return character === '\n' ? String.raw`\n` : `\\${character}`;
}
