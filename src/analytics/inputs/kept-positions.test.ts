import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestSource } from '../../readers/source.testing.ts';
import { fromKeptPositions } from './kept-positions.ts';

test('units that are known begin at their place, later ones at their oldest record', async () => {
  const source = new TestSource();
  source.add('s/1');
  source.add('s/2');
  source.put('s/1', 'a', 'b');
  source.put('s/2', 'c');
  const latest = { kind: 'latest' } as const;
  const kept = fromKeptPositions(source, [{ unit: 's/1', position: 1 }]);
  assert.equal(await kept.positionAt('s/1', latest), 1);
  assert.equal(await kept.positionAt('s/2', latest), await source.positionAt('s/2', { kind: 'oldest' }));
  const other = fromKeptPositions(source, [{ unit: 'other/1', position: 1 }]);
  assert.equal(await other.positionAt('s/2', latest), await source.positionAt('s/2', latest));
});
