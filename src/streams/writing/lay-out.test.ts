import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { Append } from '../../log/append.ts';
import { groupStarts, takeRecords } from '../../log/record-group.ts';
import { asRecords, RecordColumns } from '../../log/record-columns.ts';
import type { Position } from '../../log/log.ts';
import { type BytesColumn, Packed } from '../../wire/shape/packed.ts';
import type { Shard } from '../directory/stream.ts';
import type { Entry } from '../records/record-rules.ts';
import { ShardMap } from '../records/shard-map.ts';
import { layOut } from './lay-out.ts';
import { Placement } from './placement.ts';

const dice = createSimulatedDice(11);
const SHARDS = [0, 1, 2].map((index) => ({
  id: `shardId-${String(index).padStart(12, '0')}`,
  index,
  createdSeconds: 1,
  startingHashKey: String(index),
})) as unknown as readonly Shard[];

/** The values of one source, or of one each. */
function column(kind: 'text' | 'blob', values: readonly (Uint8Array | undefined)[]): BytesColumn {
  const starts = Int32Array.from(values, () => -1);
  const ends = new Int32Array(values.length);
  const alone = dice.integer(2) === 0;
  let at = 0;
  values.forEach((value, index) => {
    if (value === undefined) return;
    starts[index] = alone ? 0 : at;
    ends[index] = starts[index]! + value.length;
    at += value.length;
  });
  const each = values.map((value) => value ?? new Uint8Array(0));
  return { kind, sources: alone ? each : [new Uint8Array(Buffer.concat(each))], starts, ends };
}

test('records are laid into their groups byte for byte', () => {
  const append = new Append();
  const placement = new Placement();
  for (let round = 0; round < 300; round++) {
    const length = 1 + dice.integer(12);
    const value = (bytesMax: number) => dice.bytes(dice.integer(bytesMax));
    const keys = Array.from({ length }, () => (dice.integer(5) === 0 ? undefined : value(40)));
    const data = Array.from({ length }, () => value(dice.integer(5) === 0 ? 3000 : 150));
    const noKeys = dice.integer(10) === 0;
    const entries = new Packed<Entry>(length, {
      Data: column('blob', data),
      ...(noKeys ? {} : { PartitionKey: column('text', keys) }),
    });
    const turns = Array.from({ length }, () => dice.integer(3));
    const left = [...turns];
    placement.place(new ShardMap(SHARDS), entries, () => left.shift()!);
    append.reset();
    for (let group = 0; group < placement.groups; group++) {
      append.addGroup(placement.slots[group]!, 5, placement.records[group]!, placement.bytes[group]!);
    }
    const kms = dice.integer(2) === 0;
    layOut(entries, placement, append, kms);

    const columns = new RecordColumns();
    const starts = groupStarts(append.bytes, 0, append.end);
    for (const start of starts) takeRecords(append.bytes, start, -1, { records: 99, bytes: 1e9 }, columns);
    const laid = asRecords({ records: columns, after: 0 as Position, atEnd: true }).records;
    const expected = [...new Set(turns)].flatMap((slot) =>
      turns.flatMap((turn, index) => {
        if (turn !== slot) return [];
        const key = noKeys ? undefined : keys[index];
        const keyBytes = key?.length ?? 0;
        const flags = 1 | (kms ? 0x10 : 0) | (key === undefined ? 0x20 : 0);
        return [Buffer.concat([Buffer.of(flags, 0, keyBytes), key ?? Buffer.of(), data[index]!])];
      }),
    );
    assert.deepEqual(
      laid.map(({ bytes }) => Buffer.from(bytes)),
      expected,
    );
  }
});
