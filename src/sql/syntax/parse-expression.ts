/**
 * Expressions, by binding power. AWS's page on precedence puts AND and OR beside + and -; the order here is that of Calcite, from which the dialect comes:
 * OR, AND, NOT, IS, comparisons, BETWEEN and IN and LIKE, + and -, * and / and ||, the sign.
 */
import { primary } from './parse-primary.ts';
import { atTemporal, temporal } from './parse-temporal.ts';
import { intervalQualifier, atUnit } from './parse-interval.ts';
import type { Reader } from './reader.ts';
import type { BinaryOperator, Expression } from './tree.ts';

const OR = 1;
const AND = 2;
const NOT = 3;
const IS = 4;
const COMPARISON = 5;
const RANGE = 6;
const ADD = 7;
const MULTIPLY = 8;
const SIGN = 9;

const BINARY: ReadonlyMap<string, { readonly power: number; readonly operator: BinaryOperator }> = new Map(
  (
    [
      [OR, ['OR']],
      [AND, ['AND']],
      [COMPARISON, ['=', '<>', '<', '<=', '>', '>=']],
      [ADD, ['+', '-']],
      [MULTIPLY, ['*', '/', '||']],
    ] as const
  ).flatMap(([power, operators]) => operators.map((operator) => [operator, { power, operator }])),
);
/** A chain of these is the same however it is bracketed: it becomes a shallow tree, since programs join hundreds of conditions. */
const ASSOCIATIVE: ReadonlySet<BinaryOperator> = new Set(['OR', 'AND', '||']);
const WORDS = ['AND', 'OR', 'NOT', 'IS', 'BETWEEN', 'IN', 'LIKE', 'SIMILAR', 'OVER'];

export const expression = (reader: Reader): Expression => binding(reader, OR);
export const operand = (reader: Reader): Expression => binding(reader, ADD);

/** The longest expression whose operators all bind at least as strongly as `power`. */
function binding(reader: Reader, power: number): Expression {
  const { start } = reader.next;
  let left = prefix(reader);
  for (;;) {
    const { kind, text } = reader.next;
    const binary = kind === 'symbol' || kind === 'word' ? BINARY.get(text) : undefined;
    if (binary !== undefined) {
      if (binary.power < power) return left;
      left = ASSOCIATIVE.has(binary.operator)
        ? chain(reader, left, binary.operator, binary.power)
        : operation(reader, left, binary.operator, binary.power);
      continue;
    }
    const next = kind === 'word' ? postfix(reader, left, power, start) : undefined;
    if (next === undefined) {
      reader.hint(WORDS);
      return left;
    }
    left = next;
  }
}

function operation(reader: Reader, left: Expression, operator: BinaryOperator, power: number): Expression {
  reader.advance();
  const right = binding(reader, power + 1);
  return reader.node<Expression>({
    kind: 'binary',
    operator,
    left,
    right,
    span: { start: left.span.start, end: right.span.end },
  });
}

function chain(reader: Reader, first: Expression, operator: BinaryOperator, power: number): Expression {
  const operands = [first];
  while (reader.next.kind !== 'name' && reader.next.kind !== 'string' && reader.next.text === operator) {
    reader.advance();
    operands.push(binding(reader, power + 1));
  }
  return balanced(reader, operands, operator);
}

function balanced(reader: Reader, operands: readonly Expression[], operator: BinaryOperator): Expression {
  if (operands.length === 1) return operands[0]!;
  const half = Math.ceil(operands.length / 2);
  const left = balanced(reader, operands.slice(0, half), operator);
  const right = balanced(reader, operands.slice(half), operator);
  return reader.node<Expression>({
    kind: 'binary',
    operator,
    left,
    right,
    span: { start: left.span.start, end: right.span.end },
  });
}

function prefix(reader: Reader): Expression {
  const { kind, text, start } = reader.next;
  const isSign = kind === 'symbol' && (text === '-' || text === '+');
  const isNot = kind === 'word' && text === 'NOT';
  if (!isSign && !isNot) return differenceOf(reader, primary(reader), start);
  reader.advance();
  const operand = reader.nested(() => binding(reader, isNot ? NOT : SIGN));
  return reader.node<Expression>({
    kind: 'unary',
    operator: isNot ? 'NOT' : text === '-' ? '-' : '+',
    operand,
    span: { start, end: operand.span.end },
  });
}

/** `(a - b) SECOND`: only a subtraction in brackets has a qualifier behind it. */
function differenceOf(reader: Reader, operand: Expression, start: number): Expression {
  if (
    operand.kind !== 'binary' ||
    operand.operator !== '-' ||
    operand.span.start === start ||
    !atUnit(reader)
  )
    return operand;
  const qualifier = intervalQualifier(reader);
  const { left, right } = operand;
  return reader.node({ kind: 'difference', left, right, qualifier, span: reader.spanFrom(start) });
}

/** IS, BETWEEN, IN, LIKE, SIMILAR TO and the temporal predicates, all with what stands behind them. */
function postfix(reader: Reader, left: Expression, power: number, start: number): Expression | undefined {
  if (reader.next.text === 'IS') return power > IS ? undefined : is(reader, left, start);
  if (power > RANGE) return undefined;
  const isNegated = reader.next.text === 'NOT';
  const word = isNegated ? reader.ahead(1) : reader.next;
  if (word.kind !== 'word') return undefined;
  const isTemporal = left.kind === 'row' && atTemporal(reader, isNegated ? 1 : 0);
  if (!isTemporal && !['BETWEEN', 'IN', 'LIKE', 'SIMILAR'].includes(word.text)) return undefined;
  if (isNegated) reader.advance();
  if (isTemporal) return temporal(reader, left, isNegated, operand);
  reader.advance();
  switch (word.text) {
    case 'BETWEEN': {
      const isSymmetric = reader.take('SYMMETRIC');
      if (!isSymmetric) reader.take('ASYMMETRIC');
      const low = operand(reader);
      reader.expect('AND');
      const high = operand(reader);
      const span = reader.spanFrom(start);
      return reader.node<Expression>({
        kind: 'between',
        operand: left,
        low,
        high,
        isNegated,
        isSymmetric,
        span,
      });
    }
    case 'IN': {
      reader.expect('(');
      const isQuery = reader.atAny(['SELECT', 'VALUES']);
      const list = isQuery ? reader.query() : reader.list(() => reader.expression());
      reader.expect(')');
      return reader.node<Expression>({
        kind: 'in',
        operand: left,
        list,
        isNegated,
        span: reader.spanFrom(start),
      });
    }
    default: {
      const operator = word.text === 'LIKE' ? 'LIKE' : 'SIMILAR TO';
      if (operator === 'SIMILAR TO') reader.expect('TO');
      const pattern = operand(reader);
      const escape = reader.take('ESCAPE') ? operand(reader) : undefined;
      const span = reader.spanFrom(start);
      return reader.node<Expression>({
        kind: 'like',
        operator,
        operand: left,
        pattern,
        escape,
        isNegated,
        span,
      });
    }
  }
}

function is(reader: Reader, left: Expression, start: number): Expression {
  reader.advance();
  const isNegated = reader.take('NOT');
  if (reader.takeAll('DISTINCT', 'FROM')) {
    const right = binding(reader, RANGE);
    return reader.node({ kind: 'distinct from', left, right, isNegated, span: reader.spanFrom(start) });
  }
  const what = reader.expectAny(['NULL', 'TRUE', 'FALSE', 'UNKNOWN']);
  return reader.node({ kind: 'is', operand: left, isNegated, what, span: reader.spanFrom(start) });
}
