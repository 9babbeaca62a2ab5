import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRequestMetrics, prometheusText } from './metrics.ts';

test('requests are counted by operation and status, and their times in growing buckets', () => {
  const metrics = createRequestMetrics();
  metrics.count('kinesis', 'PutRecord', 200, 0.4, 10);
  metrics.count('kinesis', 'PutRecord', 200, 3, 10);
  metrics.count('kinesis', 'PutRecord', 400, 60_000, 5);

  const lines = prometheusText(metrics.families()).split('\n');

  const labels = 'service="kinesis",operation="PutRecord"';
  for (const line of [
    '# TYPE millrace_requests_total counter',
    `millrace_requests_total{${labels},status="200"} 2`,
    `millrace_requests_total{${labels},status="400"} 1`,
    `millrace_request_duration_seconds_bucket{${labels},le="0.0005"} 1`,
    `millrace_request_duration_seconds_bucket{${labels},le="0.005"} 2`,
    `millrace_request_duration_seconds_bucket{${labels},le="10"} 2`,
    `millrace_request_duration_seconds_bucket{${labels},le="+Inf"} 3`,
    `millrace_request_duration_seconds_count{${labels}} 3`,
    `millrace_response_bytes_total{${labels}} 25`,
  ]) {
    assert.ok(lines.includes(line), line);
  }
});

test('label values cannot break out of their quotes', () => {
  const text = prometheusText([
    {
      name: 'a',
      type: 'gauge',
      help: 'A.',
      samples: [{ labels: { b: 'x"} 1\n\\' }, value: 2 }, { value: 3 }],
    },
  ]);
  assert.equal(text, '# HELP a A.\n# TYPE a gauge\na{b="x\\"} 1\\n\\\\"} 2\na 3\n');
});
