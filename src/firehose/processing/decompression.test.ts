import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ARRIVAL_MS, processingOf, processor, texts } from './processing.testing.ts';

const DATA = {
  messageType: 'DATA_MESSAGE',
  owner: '123456789012',
  logGroup: 'group',
  logStream: 'stream',
  subscriptionFilters: ['filter'],
  logEvents: [
    { id: '1', timestamp: 1, message: 'first é' },
    { id: '2', timestamp: 2, message: '' },
    { id: '3', timestamp: 3, message: 'two\nlines' },
  ],
};
const CONTROL = {
  ...DATA,
  messageType: 'CONTROL_MESSAGE',
  logEvents: [{ id: '', timestamp: 1, message: 'checking' }],
};
const gzipped = (value: unknown): Uint8Array => gzipSync(JSON.stringify(value));

const decompression = processor('Decompression', { CompressionFormat: 'GZIP' });
const extraction = processor('CloudWatchLogProcessing', { DataMessageExtraction: 'true' });

describe('Decompression', () => {
  it('gives the document as it is, and shows and backs up what came', async () => {
    const { records, failed, sources } = await processingOf([decompression]).run([
      gzipped(DATA),
      gzipped([1]),
    ]);
    assert.deepEqual(texts(records), [JSON.stringify(DATA), '[1]']);
    assert.deepEqual(records[0]!.rawData, gzipped(DATA));
    assert.deepEqual(sources[0]!.data, gzipped(DATA));
    assert.deepEqual(failed, []);
  });

  it('refuses what is no gzip and no JSON, with the record as it came', async () => {
    const { records, failed, sources } = await processingOf([decompression]).run([
      'plain',
      gzipped(DATA),
      gzipSync('not json'),
      gzipped(DATA).subarray(0, 40),
    ]);
    assert.equal(records.length, 1);
    assert.equal(sources.length, 4);
    assert.deepEqual(
      failed.map(({ type, code, identity }) => [type, code, identity.position]),
      [1, 3, 4].map((position) => ['decompression-failed', 'Decompression failed.', position]),
    );
    assert.deepEqual(failed[0]!.members, {
      rawData: Buffer.from('plain').toString('base64'),
      errorCode: 'Decompression failed.',
      errorMessage: failed[0]!.message,
      attemptsMade: 1,
      arrivalTimestamp: ARRIVAL_MS,
      attemptEndingTimestamp: ARRIVAL_MS + 1000,
    });
  });

  it('refuses what grows beyond all bounds', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));
    const { failed } = await processingOf([decompression]).run([bomb]);
    assert.equal(failed.length, 1);
  });
});

describe('CloudWatchLogProcessing', () => {
  it('gives the messages of an envelope, each with a line feed, as one record, and drops control messages', async () => {
    const { records, dropped, failed } = await processingOf([extraction, decompression]).run([
      gzipped(DATA),
      gzipped(CONTROL),
      gzipped({ ...DATA, logEvents: [] }),
    ]);
    assert.deepEqual(texts(records), ['first é\n\ntwo\nlines\n', '']);
    assert.deepEqual(
      dropped.map(({ position }) => position),
      [2],
    );
    assert.deepEqual(failed, []);
  });

  it('refuses JSON that does not come from CloudWatch Logs', async () => {
    const others = [{}, null, [1], 'x', { ...DATA, logEvents: [{}] }, { ...DATA, logEvents: [null] }];
    const { records, failed } = await processingOf([decompression, extraction]).run(others.map(gzipped));
    assert.equal(records.length, 0);
    assert.equal(failed.length, others.length);
  });

  it('does nothing when it is not to extract', async () => {
    const off = processor('CloudWatchLogProcessing', { DataMessageExtraction: 'false' });
    const { records } = await processingOf([decompression, off]).run([gzipped(CONTROL)]);
    assert.deepEqual(texts(records), [JSON.stringify(CONTROL)]);
  });
});
