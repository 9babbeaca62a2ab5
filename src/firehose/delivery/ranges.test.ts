import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { PackedIdentities } from './packed-identities.ts';
import { IdentitySet } from './ranges.ts';

test('a set has what was added and nothing else, also encoded and united', () => {
  const dice = createSimulatedDice(5);
  for (let round = 0; round < 20; round++) {
    const sets = Array.from({ length: 1 + dice.integer(4) }, () => new IdentitySet());
    const owners = new Map<string, number>();
    for (const unit of ['shardId-000000000000', 'ö']) {
      let position = dice.integer(3) === 0 ? 2 ** 45 : dice.integer(10);
      for (let count = dice.integer(300); count > 0; count--) {
        position += dice.integer(4) === 0 ? 1 + dice.integer(2 ** 33) : 1;
        const subs = dice.integer(3) === 0 ? 1 + dice.integer(5) : 1;
        for (let sub = 0; sub < subs; sub++) {
          if (dice.integer(5) === 0) continue;
          const owner = dice.integer(sets.length);
          sets[owner]!.add(unit, position, sub);
          owners.set(`${unit} ${position} ${sub}`, owner);
        }
      }
    }
    const packed = sets.map((set) => new PackedIdentities(set.pack().bytes));
    const decoded = packed.map((each) => IdentitySet.union([each]));
    const all = IdentitySet.union(packed).pack();
    const union = IdentitySet.union([all]);
    for (const key of owners.keys()) {
      const [unit = '', position, sub] = key.split(' ');
      for (const away of [-1, 0, 1, 7]) {
        const identity = { unit, position: Number(position) + away, sub: Number(sub) };
        const owner = owners.get(`${unit} ${identity.position} ${sub}`);
        decoded.forEach((set, index) => assert.equal(set.has(identity), index === owner));
        assert.equal(union.has(identity), owner !== undefined);
      }
    }
    for (const unit of all.units()) {
      const positions = [...owners.keys()]
        .filter((key) => key.startsWith(`${unit} `))
        .map((key) => Number(key.split(' ')[1]));
      assert.equal(all.firstPosition(unit), Math.min(...positions));
      assert.equal(all.lastPosition(unit), Math.max(...positions));
      assert.equal(union.lastPosition(unit), Math.max(...positions));
    }
  }
});

test('runs take next to nothing, and partitions that alternate three bytes a record', () => {
  const run = new IdentitySet();
  for (let position = 1; position <= 100_000; position++) run.add('unit', position, 0);
  assert.ok(run.pack().bytes.length < 20);
  const partitions = Array.from({ length: 50 }, () => new IdentitySet());
  for (let position = 1; position <= 100_000; position++)
    partitions[(position * 7919) % 50]!.add('unit', position, 0);
  assert.ok(partitions[0]!.pack().bytes.length < 3 * 2000 + 20);
  assert.ok(IdentitySet.union(partitions.map((each) => each.pack())).pack().bytes.length < 20);
});
