import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SourceGoneError, type RecordSource } from '../../readers/record-source.ts';
import { bytesOf, callOf, openDataPlane, readAll, textOf } from '../data-plane.testing.ts';
import { uniformRanges } from '../resharding/hash-key-ranges.ts';
import { openStreamSource } from './stream-source.ts';

const SHARD = 'shardId-000000000000';
const A = `00000000000000000000-abc/${SHARD}`;
const ALL = Number.MAX_SAFE_INTEGER;

async function put(plane: ReturnType<typeof openDataPlane>, ...texts: string[]): Promise<void> {
  for (const text of texts)
    await plane.putRecord({ StreamName: 's', PartitionKey: `key of ${text}`, Data: bytesOf(text) }, callOf());
}

async function open() {
  const plane = openDataPlane();
  const stream = await plane.createStream('s', 1);
  return { plane, stream, source: openStreamSource(plane, stream.id) };
}

async function texts(source: RecordSource, unit: string, after = 0): Promise<string[]> {
  return (await source.read(unit, after, ALL, ALL)).records.map(({ data }) => textOf(data));
}

test('records come as they were put, with the numbers that clients see', async () => {
  const { plane, source } = await open();
  await put(plane, 'one', 'two', 'three');
  const first = await source.read(A, 0, 2, ALL);
  assert.deepEqual([first.records.length, first.atEnd, first.finished], [2, false, false]);
  const rest = await source.read(A, first.after, ALL, ALL);
  assert.deepEqual([rest.records.length, rest.atEnd, rest.finished], [1, true, false]);
  const seen = [...first.records, ...rest.records].map(({ data, partitionKey, position, arrivalMs }) => [
    textOf(data),
    partitionKey,
    source.sequenceNumber(A, position, arrivalMs),
  ]);
  const shown = (await readAll(plane, 's', SHARD)).map((one) => [
    textOf(one.Data),
    one.PartitionKey,
    one.SequenceNumber,
  ]);
  assert.deepEqual(seen, shown);
});

test('a closed shard ends, its children come after it, and both are told of', async () => {
  const { plane, stream, source } = await open();
  await put(plane, 'one');
  const heard: string[] = [];
  source.watchUnits(() => heard.push('units'));
  const watch = source.watch(A, () => heard.push('a'));
  await plane.reshard(stream.id, [0], uniformRanges(2));
  assert.deepEqual(heard.toSorted(), ['a', 'units']);
  assert.deepEqual(source.units(), [
    { id: A, parents: [] },
    { id: A.replace(/0$/, '1'), parents: [A] },
    { id: A.replace(/0$/, '2'), parents: [A] },
  ]);
  assert.equal((await source.read(A, 0, ALL, ALL)).finished, true);
  watch[Symbol.dispose]();
  await put(plane, 'two');
  assert.deepEqual(heard.length, 2);
});

test('begins at a time, at the newest and at the oldest', async () => {
  const { plane, source } = await open();
  await put(plane, 'one');
  await plane.clock.advance(5000);
  const timeMs = plane.clock.now();
  await put(plane, 'two');
  const after = await source.positionAt(A, { kind: 'time', timeMs });
  assert.deepEqual(await texts(source, A, after), ['two']);
  assert.deepEqual(await texts(source, A, await source.positionAt(A, { kind: 'latest' })), []);
  assert.deepEqual(await texts(source, A, await source.positionAt(A, { kind: 'oldest' })), ['one', 'two']);
});

test('what has expired is not read, and what is gone is said to be', async () => {
  const { plane, stream, source } = await open();
  await put(plane, 'old');
  await plane.clock.advance(25 * 3_600_000);
  await put(plane, 'new');
  assert.deepEqual(await texts(source, A), ['new']);
  await assert.rejects(source.read('shardId-000000000009', 0, 1, 1), SourceGoneError);
  const heard: string[] = [];
  source.watchUnits(() => heard.push('units'));
  plane.change(stream.id, { status: 'DELETING' });
  assert.deepEqual([heard, source.units()], [['units'], []]);
  await assert.rejects(source.read(A, 0, 1, 1), SourceGoneError);
  assert.equal(source.sequenceNumber(A, 5, 0).length, 56);
});
