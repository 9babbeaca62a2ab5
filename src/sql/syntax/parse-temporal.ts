/** Temporal predicates: `PERIOD (a, b) PRECEDES (c, d)`, and `(a, b) PRECEDES (c, d) PRECEDES (e, f)`, which is both of them. */
import { SqlError } from '../sql-error.ts';
import type { Reader } from './reader.ts';
import type { Expression, Period, TemporalOperator } from './tree.ts';

const PLAIN: readonly TemporalOperator[] = [
  'EQUALS',
  'CONTAINS',
  'OVERLAPS',
  'PRECEDES',
  'SUCCEEDS',
  'LEADS',
  'LAGS',
];
const STRICT: readonly TemporalOperator[] = [
  'STRICTLY CONTAINS',
  'STRICTLY OVERLAPS',
  'STRICTLY PRECEDES',
  'STRICTLY SUCCEEDS',
  'STRICTLY LEADS',
  'STRICTLY LAGS',
];
const IMMEDIATE: readonly TemporalOperator[] = [
  'IMMEDIATELY PRECEDES',
  'IMMEDIATELY SUCCEEDS',
  'IMMEDIATELY LEADS',
  'IMMEDIATELY LAGS',
];
const OPERATORS: readonly TemporalOperator[] = [...PLAIN, ...STRICT, ...IMMEDIATE];

/** Whether such an operator begins that many tokens ahead. */
export const atTemporal = (reader: Reader, ahead = 0): boolean => operatorAt(reader, ahead) !== undefined;

function operatorAt(reader: Reader, ahead: number): TemporalOperator | undefined {
  const words = [reader.ahead(ahead), reader.ahead(ahead + 1)];
  return OPERATORS.find((operator) =>
    operator.split(' ').every((word, index) => words[index]!.kind === 'word' && words[index]!.text === word),
  );
}

/** `left` is a row, and an operator follows. */
export function temporal(
  reader: Reader,
  left: Expression,
  isNegated: boolean,
  operand: (reader: Reader) => Expression,
): Expression {
  let all: Expression | undefined;
  for (
    let from = left, operator = operatorAt(reader, 0);
    operator !== undefined;
    operator = operatorAt(reader, 0)
  ) {
    for (const _ of operator.split(' ')) reader.advance();
    const to = operand(reader);
    const one = reader.node<Expression>({
      kind: 'temporal',
      operator,
      left: period(from, false),
      right: period(to, operator.endsWith('CONTAINS')),
      isNegated,
      span: { start: from.span.start, end: to.span.end },
    });
    const span = { start: left.span.start, end: to.span.end };
    all =
      all === undefined
        ? one
        : reader.node<Expression>({ kind: 'binary', operator: 'AND', left: all, right: one, span });
    if (to.kind !== 'row') break;
    from = to;
  }
  return all!;
}

function period(expression: Expression, canBePoint: boolean): Period {
  if (expression.kind === 'row' && expression.items.length === 2)
    return { from: expression.items[0]!, to: expression.items[1]! };
  if (expression.kind !== 'row' && canBePoint) return { from: expression, to: undefined };
  throw new SqlError(expression.span, 'A period has two times: (begin, end)');
}
