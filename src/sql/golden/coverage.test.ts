/** Every function and every step of a plan is in a golden case that runs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aggregateNames } from '../functions/aggregates.ts';
import { scalarNames } from '../functions/scalars.ts';
import type { Relation } from '../plan/plan.ts';
import { goldenFiles, planOf } from './read-golden.testing.ts';

/** A `name` of an object with arguments is a function's. */
const collect = (part: unknown, names: Set<string>): void => {
  if (typeof part !== 'object' || part === null) return;
  const { name, op, args } = part as { name?: unknown; op?: unknown; args?: unknown };
  if (typeof name === 'string' && Array.isArray(args)) names.add(name);
  if (typeof op === 'string') names.add(`the step ${op}`);
  for (const inner of Object.values(part)) collect(inner, names);
};

const CASES = goldenFiles()
  .flatMap(({ cases }) => cases)
  .filter(({ refused }) => refused === undefined);

/** Some are other functions in the plan: `x IS NOT NULL` is NOT of `x IS NULL`. They are looked for in the text. */
const isUsed = (name: string, names: ReadonlySet<string>): boolean =>
  names.has(name) || CASES.some(({ program }) => program.toUpperCase().includes(name));

const STEPS: readonly Relation['op'][] = [
  'scan',
  'table',
  'values',
  'filter',
  'project',
  'aggregate',
  'distinct',
  'stagger',
  'over',
  'join',
  'lookup',
  'merge',
  'set',
  'sort',
  'time sort',
  'table function',
];

const TABLE_FUNCTIONS = [
  'RANDOM_CUT_FOREST',
  'RANDOM_CUT_FOREST_WITH_EXPLANATION',
  'HOTSPOTS',
  'TOP_K_ITEMS_TUMBLING',
  'COUNT_DISTINCT_ITEMS_TUMBLING',
  'GROUP_RANK',
];

test('every function and every step is in a golden case', () => {
  const names = new Set<string>();
  for (const golden of CASES) collect(planOf(golden), names);
  const wanted = [
    ...scalarNames(),
    ...aggregateNames(),
    ...TABLE_FUNCTIONS,
    ...STEPS.map((step) => `the step ${step}`),
  ];
  assert.ok(wanted.length > 80);
  assert.deepEqual(
    wanted.filter((name) => !isUsed(name, names)),
    [],
  );
});
