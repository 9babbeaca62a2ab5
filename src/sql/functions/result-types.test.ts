/** What the documents say of functions is what there is: decision 0540's table of types, and the page of all functions. */
import { equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parseType } from '../syntax/parse.ts';
import { typeText } from '../values/type-text.ts';
import { aggregateNames, findAggregate } from './aggregates.ts';
import { column, f, SITE } from './expressions.testing.ts';
import { scalarNames } from './scalars.ts';

const DECISION = path.join(import.meta.dirname, '../../../docs/decisions/0540-types-of-sql-results.md');

test('types of results are as decided', () => {
  const rows = [...readFileSync(DECISION, 'utf8').matchAll(/^\| (.+?) \| ([A-Z].*?) \|$/gm)];
  ok(rows.length > 20, `${rows.length} rows were read`);
  for (const [, expression = '', expected] of rows) {
    const call = /^([A-Z_]+)\(([A-Z].*)\)$/.exec(expression);
    if (call !== null && findAggregate(call[1]!) !== undefined) {
      const { type } = findAggregate(call[1]!)!.resolve([column(1, parseType(call[2]!))], SITE);
      equal(typeText(type), expected, expression);
    } else {
      const [, left, operator, right] = /^(.+) ([-+*/]) (.+)$/.exec(expression)!;
      equal(
        typeText(f(operator!, column(1, parseType(left!)), column(2, parseType(right!))).type),
        expected,
        expression,
      );
    }
  }
});

test('every function is on the page', () => {
  const page = readFileSync(
    path.join(import.meta.dirname, '../../../docs/reference/sql-functions.md'),
    'utf8',
  ).replaceAll('\\|', '|');
  // The forms of one function, and what stands for several words, are on the page in other words.
  const shown = (name: string): string =>
    name
      .replace(/^(SUBSTRING|TRIM|IS NOT|STRICTLY|IMMEDIATELY|FLOOR|CEIL) .*/, '$1')
      .replace('DIFFERENCE', 'difference')
      .replace('IS NOT', 'NOT');
  for (const name of [...scalarNames(), ...aggregateNames()])
    ok(page.includes(shown(name)), `${name} is on the page`);
});
