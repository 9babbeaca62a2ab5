import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planProgram } from '../check/check.ts';
import { parseProgram } from '../syntax/parse.ts';
import type { Row } from '../value.ts';
import { openProgram } from './open-program.ts';

const TOWNS: readonly Row[] = [
  [null, 'Bern', 'BE', 3],
  [null, 'Thun', 'BE', 1],
  [null, 'Chur', 'GR', 2],
  [null, 'Arosa', 'GR', null],
];
const STATES: readonly Row[] = [
  [null, 'BE', 'Bern'],
  [null, 'ZH', 'Zurich'],
];

const ask = (query: string): readonly (readonly unknown[])[] => {
  const text = (name: string): { name: string; type: { name: 'VARCHAR'; length: number } } => ({
    name,
    type: { name: 'VARCHAR', length: 20 },
  });
  const plan = planProgram(parseProgram(query), {
    streams: [],
    tables: [
      { name: 'TOWNS', columns: [text('TOWN'), text('STATE'), { name: 'SIZE', type: { name: 'INTEGER' } }] },
      { name: 'STATES', columns: [text('STATE'), text('NAME')] },
    ],
    isOpen: false,
  });
  const rows: (readonly unknown[])[] = [];
  const program = openProgram(plan, {
    output: {
      row: () => undefined,
      selected: (_, row) => rows.push(row.slice(1)),
      error: ({ message }) => rows.push([message]),
    },
    startMs: 0,
    watch: [],
    seed: 0,
  });
  for (const { name } of plan.tables) program.loadTable(name, name === 'TOWNS' ? TOWNS : STATES);
  program.bound(1000);
  program.end();
  return rows;
};

test('rows of a reference table are grouped, sorted, made distinct and joined', () => {
  assert.deepEqual(ask('SELECT state, COUNT(*), SUM(size) FROM towns GROUP BY state ORDER BY state DESC'), [
    ['GR', 2, 2],
    ['BE', 2, 4],
  ]);
  assert.deepEqual(ask('SELECT COUNT(*), MAX(size) FROM towns WHERE size > 9'), [[0, null]]);
  assert.deepEqual(ask('SELECT DISTINCT state FROM towns'), [['BE'], ['GR']]);
  assert.deepEqual(ask('SELECT town FROM towns ORDER BY size DESC, town'), [
    ['Arosa'],
    ['Bern'],
    ['Chur'],
    ['Thun'],
  ]);
  assert.deepEqual(
    ask('SELECT t.town, s.name FROM towns t LEFT JOIN states s ON t.state = s.state ORDER BY t.town'),
    [
      ['Arosa', null],
      ['Bern', 'Bern'],
      ['Chur', null],
      ['Thun', 'Bern'],
    ],
  );
});

test('an error in a row of a group is told, and the row is in no result', () => {
  assert.deepEqual(ask('SELECT COUNT(*), SUM(6 / (size - 1)) FROM towns WHERE size IS NOT NULL'), [
    ['division by zero'],
    [2, 9],
  ]);
});
