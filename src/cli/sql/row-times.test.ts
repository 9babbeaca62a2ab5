import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTimestampText } from '../../analytics/mapping/datetime-text.ts';
import { timeOf } from './row-times.ts';

const text = (value: string): number | undefined => timeOf(value, { name: 'VARCHAR', length: 64 });

test('texts say the time that the slow reader makes of them', () => {
  for (const value of [
    '2026-01-31T10:00:00.500Z',
    '2026-01-31T10:00:00.500',
    '2026-01-31 10:00:00.501',
    '2026-01-31T23:59:59Z',
    '2026-02-01 00:00:00',
    '2026-02-01T00:00:00+01:00',
    '2026-02-01T00:00:00.123456Z',
    '2026-02-01 00:00:00.5',
    '2026-02-30T00:00:00Z',
    '2026-02-01T24:00:00Z',
    '2026-02-01T10:61:00Z',
    '2026-02-01T1x:00:00Z',
    '2026-02-01 10:00',
    '2026-02-01',
    'yesterday',
    '',
  ])
    assert.equal(text(value), readTimestampText(value), value);
});

test('numbers are seconds or milliseconds since 1970', () => {
  assert.equal(timeOf(1_700_000_000, { name: 'INTEGER' }), 1_700_000_000_000);
  assert.equal(timeOf(1_700_000_000_123, { name: 'BIGINT' }), 1_700_000_000_123);
  assert.equal(timeOf(1_700_000_000.25, { name: 'DOUBLE' }), 1_700_000_000_250);
  assert.equal(timeOf(17_000_000_005, { name: 'DECIMAL', precision: 12, scale: 1 }), 1_700_000_000_500);
  assert.equal(timeOf(5, { name: 'TIMESTAMP' }), 5);
  assert.equal(timeOf(null, { name: 'INTEGER' }), undefined);
  assert.equal(timeOf(true, { name: 'BOOLEAN' }), undefined);
});
