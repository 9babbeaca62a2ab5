/** The table of decision 0540 is what the functions say. */
import { equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parseType } from '../syntax/parse.ts';
import { typeText } from '../values/type-text.ts';
import { findAggregate } from './aggregates.ts';
import { column, f, SITE } from './expressions.testing.ts';

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
