/** The plain road through an expression, node by node: slow, and simple enough to be believed. Compiled code has to give the same. */
import { assert } from '../../base/assert.ts';
import { isCurrentTime } from '../functions/current-time.ts';
import { findScalar } from '../functions/scalars.ts';
import type { PlanExpression } from '../plan/expression.ts';
import type { Row, SqlValue } from '../value.ts';
import type { Surroundings } from './surroundings.ts';
import { currentTime, type Times } from './times.ts';

export const evaluate = (
  expression: PlanExpression,
  row: Row,
  times: Times,
  surroundings: Surroundings = {},
): SqlValue => {
  const of = (part: PlanExpression): SqlValue => evaluate(part, row, times, surroundings);
  switch (expression.op) {
    case 'literal':
      return expression.value;
    case 'column':
      return row[expression.index]!;
    case 'field': {
      const record = of(expression.of) as readonly SqlValue[] | null;
      return record === null ? null : record[expression.index]!;
    }
    case 'table query': {
      const answer = surroundings.tableQuery?.(expression);
      assert(answer !== undefined, 'a query over reference tables has something that answers it');
      return answer(expression.operands.map(of));
    }
    case 'call':
      if (isCurrentTime(expression.name)) return currentTime(expression.name, times);
      return evaluateCall(expression, of);
  }
};

const evaluateCall = (
  { name, args, type }: Extract<PlanExpression, { op: 'call' }>,
  of: (part: PlanExpression) => SqlValue,
): SqlValue => {
  switch (name) {
    case 'AND':
    case 'OR': {
      let result: SqlValue = name === 'AND';
      for (const arg of args) {
        const value = of(arg);
        if (value === (name === 'OR')) return value;
        if (value === null) result = null;
      }
      return result;
    }
    case 'CASE':
      for (let i = 0; i < args.length - 1; i += 2) if (of(args[i]!) === true) return of(args[i + 1]!);
      return of(args.at(-1)!);
    case 'COALESCE':
      for (const arg of args) {
        const value = of(arg);
        if (value !== null) return value;
      }
      return null;
    default: {
      const scalar = findScalar(name);
      assert(scalar !== undefined, `there is a function ${name}`);
      return scalar.evaluate(
        args.map(of),
        args.map((arg) => arg.type),
        type,
      );
    }
  }
};
