import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import type { Position } from '../../log/log.ts';
import {
  continuationSequenceNumber,
  endingSequenceNumber,
  parseSequenceNumber,
  sequenceNumber,
  startingSequenceNumber,
} from './sequence-number.ts';
import { SequenceNumberWriter } from './sequence-number-writer.ts';

const SECONDS = 1_795_521_600;
const shard = { index: 3, createdSeconds: SECONDS, closedMs: undefined };
const at = (position: number): Position => position as Position;

/** The layout as the reference writes it: hexadecimal fields, joined. */
function oracle(index: number, created: number, position: bigint, mark: string, seconds: number): string {
  const hex = (value: number | bigint, digits: number): string => value.toString(16).padStart(digits, '0');
  return String(
    BigInt(
      `0x2${hex(created, 9)}${hex(index % 16, 1)}${hex(position, 16)}${mark}${hex(seconds, 9)}${hex(index, 8)}2`,
    ),
  );
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}

function written(writer: SequenceNumberWriter, position: number, timeMs: number): string {
  const target = Buffer.alloc(60, 0x2e);
  writer.write(viewOf(target), 2, at(position), timeMs);
  assert.equal(target.toString('latin1', 0, 2) + target.toString('latin1', 58), '....');
  return target.toString('latin1', 2, 58);
}

test('the writer agrees with the layout for random shards, positions and times', () => {
  const dice = createSimulatedDice(7);
  for (let round = 0; round < 300; round++) {
    const index = dice.integer(2 ** (1 + dice.integer(30)));
    const createdSeconds = dice.integer(2 ** (20 + dice.integer(13)));
    const writer = new SequenceNumberWriter({ index, createdSeconds });
    let position = dice.integer(2 ** (1 + dice.integer(31))) * dice.integer(2 ** 21) + 1;
    let timeMs = createdSeconds * 1000;
    for (let record = 0; record < 20; record++) {
      const expected = oracle(index, createdSeconds, BigInt(position), '00', Math.floor(timeMs / 1000));
      assert.equal(written(writer, position, timeMs), expected);
      assert.equal(sequenceNumber({ index, createdSeconds }, at(position), timeMs), expected);
      position += 1 + dice.integer(2 ** dice.integer(25));
      timeMs += dice.integer(2) * dice.integer(5000);
    }
  }
});

test('many numbers in one buffer agree, in any order of places', () => {
  const dice = createSimulatedDice(9);
  for (let round = 0; round < 100; round++) {
    const writer = new SequenceNumberWriter(shard);
    const places = Array.from({ length: 50 }, (_, place) => place).sort(() => dice.integer(3) - 1);
    const buffers = [Buffer.alloc(50 * 56), Buffer.alloc(50 * 56)];
    let position = dice.integer(2 ** 31) * 2 ** dice.integer(22);
    for (const place of places) {
      position += 1 + dice.integer(2 ** dice.integer(22));
      const buffer = buffers[dice.integer(8) >> 2]!;
      writer.write(viewOf(buffer), place * 56, at(position), SECONDS * 1000);
      const text = buffer.toString('latin1', place * 56, place * 56 + 56);
      assert.equal(text, oracle(3, SECONDS, BigInt(position), '00', SECONDS));
    }
  }
});

test('numbers written over the one before agree, whatever is next', () => {
  const dice = createSimulatedDice(10);
  for (let round = 0; round < 100; round++) {
    const writer = new SequenceNumberWriter(shard);
    const buffer = Buffer.alloc(56);
    let position = dice.integer(2 ** 31) * 2 ** dice.integer(22);
    let timeMs = SECONDS * 1000;
    writer.write(viewOf(buffer), 0, at(position), timeMs);
    for (let record = 0; record < 200; record++) {
      position += dice.integer(20) === 0 ? dice.integer(2 ** 22) : 1;
      if (dice.integer(20) === 0) timeMs += dice.integer(700);
      writer.writeNext(viewOf(buffer), 0, at(position), timeMs);
      const expected = oracle(3, SECONDS, BigInt(position), '00', Math.floor(timeMs / 1000));
      assert.equal(buffer.toString('latin1'), expected);
    }
  }
});

test('carries run through all the limbs', () => {
  const writer = new SequenceNumberWriter(shard);
  for (const position of [Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER, 1, 2, 3, 1e6 + 2, 1e14]) {
    assert.equal(
      written(writer, position, SECONDS * 1000),
      oracle(3, SECONDS, BigInt(position), '00', SECONDS),
    );
  }
});

test('a number is read back', () => {
  const dice = createSimulatedDice(8);
  for (let round = 0; round < 300; round++) {
    const index = dice.integer(2 ** 31);
    const createdSeconds = dice.integer(2 ** 33);
    const position = dice.integer(2 ** 31) * dice.integer(2 ** 22);
    const parsed = parseSequenceNumber(sequenceNumber({ index, createdSeconds }, at(position), 5_000_000));
    assert.deepEqual(parsed, {
      version: 2,
      createdSeconds,
      shardIndex: index,
      position,
      after: false,
      seconds: 5000,
    });
  }
});

test('a shard starts below its first record, ends above its last, and the child is above both', () => {
  const number = BigInt(sequenceNumber(shard, at(1), SECONDS * 1000));
  const closed = { ...shard, closedMs: (SECONDS + 9) * 1000 };
  const child = { index: 4, createdSeconds: SECONDS + 1, closedMs: undefined };
  assert.ok(BigInt(startingSequenceNumber(shard)) < number);
  assert.equal(endingSequenceNumber(shard), undefined);
  const end = endingSequenceNumber(closed);
  assert.equal(end, oracle(3, SECONDS, 0x7fff_ffff_ffff_ffffn, '00', SECONDS + 9));
  assert.ok(number < BigInt(end));
  assert.ok(BigInt(end) < BigInt(startingSequenceNumber(child)));
});

test('a continuation stands between a record and the next, and says so', () => {
  const continuation = continuationSequenceNumber(shard, at(5), SECONDS * 1000);
  assert.ok(BigInt(sequenceNumber(shard, at(5), (SECONDS + 99) * 1000)) < BigInt(continuation));
  assert.ok(BigInt(continuation) < BigInt(sequenceNumber(shard, at(6), SECONDS * 1000)));
  assert.deepEqual(parseSequenceNumber(continuation), {
    version: 2,
    createdSeconds: SECONDS,
    shardIndex: 3,
    position: 5,
    after: true,
    seconds: SECONDS,
  });
});

test('what AWS rejects is rejected', () => {
  const dec = (hex: string): string => String(BigInt(`0x${hex}`));
  const rejected = [
    // Position with the top bit set.
    dec(`2${'000000001'}0${'8000000000000000'}00${'000000001'}000000002`),
    // Created in the year 2477 or later.
    dec(`2${(16_025_175_000).toString(16).padStart(9, '0')}0${'0'.repeat(16)}00${'000000001'}000000002`),
    // Unknown versions.
    dec(`2${'000000001'}0${'0'.repeat(16)}00${'000000001'}000000003`),
    dec(`2${'000000001'}0${'0'.repeat(16)}00${'000000001'}000000000`),
    // Outside of the range of versions 1 and 2.
    dec(`1${'0'.repeat(46)}`),
    dec(`3${'0'.repeat(46)}`),
    dec(`2${'0'.repeat(46)}`),
    '9'.repeat(129),
    String(1n << 129n),
    // Version 0, created too late.
    dec(`1${(16_025_175_000).toString(16).padStart(9, '0')}${'0'.repeat(22)}`),
  ];
  for (const text of rejected) assert.equal(parseSequenceNumber(text), undefined, text);
});

test('the older versions are known, as AWS knows them', () => {
  assert.equal(parseSequenceNumber('0')?.version, 0);
  assert.equal(parseSequenceNumber('0')?.createdSeconds, 0);
  const version1 = `2${'000000005'}0${'00'}${'000000007'}${'0'.repeat(14)}${'01'}${'00000009'}1`;
  assert.deepEqual(parseSequenceNumber(String(BigInt(`0x${version1}`))), {
    version: 1,
    createdSeconds: 5,
    shardIndex: 9,
    position: 0,
    after: false,
    seconds: 7,
  });
});
