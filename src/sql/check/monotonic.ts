/**
 * Which expressions only grow (or only fall) along a stream: AWS's page "Monotonic Expressions and Operators". The ROWTIME does, and so does what is
 * computed from it by the rules here; MONOTONIC(x) is taken at its word. Where an expression is a function of ROWTIME alone, it is also told as one,
 * so that its next change can be computed without waiting for a row.
 */
import type { PlanExpression } from '../plan/expression.ts';
import { mapExpression } from '../plan/walk.ts';
import { TIMESTAMP } from './scope.ts';

export type Direction = 'ascending' | 'descending';

export type Time = {
  readonly direction: Direction;
  /** The same value as a function of the relation's own ROWTIME (column 0), where it is one. */
  readonly form: PlanExpression | undefined;
};

/** Columns of a relation that are monotonic, by their index in its rows. */
export type Times = ReadonlyMap<number, Time>;

export const ROWTIME: PlanExpression = { op: 'column', index: 0, type: TIMESTAMP };
export const NO_TIMES: Times = new Map();
/** Of every stream. */
export const ROWTIME_ONLY: Times = new Map([[0, { direction: 'ascending', form: ROWTIME }]]);

type Direct = Direction | 'constant' | undefined;

const reverse = (direct: Direct): Direct =>
  direct === 'ascending' ? 'descending' : direct === 'descending' ? 'ascending' : direct;

const together = (a: Direct, b: Direct): Direct =>
  a === 'constant' ? b : b === 'constant' || a === b ? a : undefined;

const signOf = (expression: PlanExpression): number => {
  if (expression.op !== 'literal') return 0;
  const { value } = expression;
  return typeof value === 'number' || typeof value === 'bigint' ? Math.sign(Number(value)) : 0;
};

/** Fixed while a query runs. */
const CONSTANT: ReadonlySet<string> = new Set(['CURRENT_TIMESTAMP']);
const CLOCKS: ReadonlySet<string> = new Set([
  'LOCALTIME',
  'LOCALTIMESTAMP',
  'CURRENT_ROW_TIMESTAMP',
  'CURRENT_DATE',
  'CURRENT_TIME',
]);
/** They keep the order of their first argument; the others are constants. */
const ORDER_KEEPING: ReadonlySet<string> = new Set([
  'FLOOR',
  'CEIL',
  'CEILING',
  'FLOOR TO',
  'CEIL TO',
  'STEP',
  'UNIX_TIMESTAMP',
  'TO_TIMESTAMP',
]);
/** Casts between these keep the order too. */
const ORDERED: ReadonlySet<string> = new Set([
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'DECIMAL',
  'REAL',
  'DOUBLE',
  'TIMESTAMP',
  'INTERVAL',
]);

const ofCall = (call: Extract<PlanExpression, { op: 'call' }>, times: Times): Direct => {
  const of = (index: number): Direct => directionOf(call.args[index]!, times);
  const { name, args } = call;
  if (name === 'MONOTONIC') {
    const inner = of(0);
    return inner === undefined || inner === 'constant' ? 'ascending' : inner;
  }
  if (CONSTANT.has(name)) return 'constant';
  if (CLOCKS.has(name)) return 'ascending';
  if (args.length > 0 && args.every((_, index) => of(index) === 'constant')) return 'constant';
  if (ORDER_KEEPING.has(name))
    return args.slice(1).every((_, index) => of(index + 1) === 'constant') ? of(0) : undefined;
  const [left, right] = args;
  switch (name) {
    case 'CAST':
      // A date is the day of a timestamp; a time of day starts again every midnight.
      return (ORDERED.has(left!.type.name) && ORDERED.has(call.type.name)) || isDayOf(call)
        ? of(0)
        : undefined;
    case 'SUBSTRING':
      return signOf(right!) === 0 && right!.op === 'literal' && args.length === 3 && of(2) === 'constant'
        ? of(0)
        : undefined;
    case '-':
      return args.length === 1 ? reverse(of(0)) : together(of(0), reverse(of(1)));
    case 'DIFFERENCE':
    case 'TSDIFF': {
      const [from, to] = name === 'TSDIFF' ? [of(1), of(0)] : [of(0), of(1)];
      return together(from, reverse(to));
    }
    case '+':
      return together(of(0), of(1));
    case '*': {
      const [constant, other] = of(0) === 'constant' ? [left!, of(1)] : [right!, of(0)];
      if (of(0) !== 'constant' && of(1) !== 'constant') return undefined;
      const sign = signOf(constant);
      return sign > 0 ? other : sign < 0 ? reverse(other) : undefined;
    }
    case '/': {
      if (of(1) !== 'constant') return undefined;
      const sign = signOf(right!);
      return sign > 0 ? of(0) : sign < 0 ? reverse(of(0)) : undefined;
    }
    default:
      return undefined;
  }
};

const isDayOf = (call: Extract<PlanExpression, { op: 'call' }>): boolean => {
  const from = call.args[0]!.type.name;
  return (
    (from === 'TIMESTAMP' && call.type.name === 'DATE') || (from === 'DATE' && call.type.name === 'TIMESTAMP')
  );
};

const directionOf = (expression: PlanExpression, times: Times): Direct => {
  switch (expression.op) {
    case 'literal':
      return 'constant';
    case 'column':
      return times.get(expression.index)?.direction;
    case 'call':
      return ofCall(expression, times);
    default:
      return undefined;
  }
};

/** Undefined where the expression is not monotonic, or a constant, which no stream makes progress by. */
export const timeOf = (expression: PlanExpression, times: Times): Time | undefined => {
  const direction = directionOf(expression, times);
  if (direction === undefined || direction === 'constant') return undefined;
  return { direction, form: asFormOf(expression, times) };
};

/** The expression with every column as a function of ROWTIME; undefined where one is none, or the expression reads a clock. */
const asFormOf = (expression: PlanExpression, times: Times): PlanExpression | undefined => {
  let isForm = true;
  const form = mapExpression(expression, (part) => {
    if (part.op === 'call' && CLOCKS.has(part.name)) isForm = false;
    if (part.op !== 'column') return undefined;
    const own = times.get(part.index)?.form;
    if (own === undefined) isForm = false;
    return own;
  });
  return isForm ? form : undefined;
};
