/** Windows: those of the WINDOW clause by name, frames of OVER, windows of joins; AWS's page "Allowed and Disallowed Window Specifications". */
import type { OverWindow, JoinWindow } from '../plan/plan.ts';
import type { PlanExpression } from '../plan/expression.ts';
import { type Span, SqlError } from '../sql-error.ts';
import type { Frame, FrameEdge, Name, Select, Window } from '../syntax/tree.ts';
import type { Context } from './context.ts';
import { checkExpression } from './expressions.ts';
import { didYouMean } from './suggestions.ts';

export type NamedWindows = ReadonlyMap<string, Window>;

export const namedWindows = (windows: Select['windows']): NamedWindows => {
  const named = new Map<string, Window>();
  for (const { name, window } of windows) {
    if (named.has(name.text))
      throw new SqlError(name.span, `Duplicate window names not allowed: '${name.text}'`);
    // A window builds upon those before it only, so none can build upon itself.
    named.set(name.text, resolveBase(window, named));
  }
  return named;
};

const findWindow = (name: Name, named: NamedWindows): Window => {
  const found = named.get(name.text);
  if (found !== undefined) return found;
  throw new SqlError(name.span, `Window '${name.text}' not found${didYouMean(name.text, named.keys())}`);
};

/** The window with what the one that it builds upon says. */
export const resolveBase = (window: Window, named: NamedWindows): Window => {
  if (window.base === undefined) return window;
  const base = findWindow(window.base, named);
  const refuse = (what: string): never => {
    throw new SqlError(
      window.span,
      `${what} cannot be given here: window '${window.base!.text}' has it already`,
    );
  };
  if (window.partitionBy.length > 0 && base.partitionBy.length > 0) refuse('PARTITION BY');
  if (window.orderBy.length > 0 && base.orderBy.length > 0) refuse('ORDER BY');
  if (window.frame !== undefined && base.frame !== undefined) refuse('ROWS or RANGE');
  return {
    base: undefined,
    partitionBy: base.partitionBy.length > 0 ? base.partitionBy : window.partitionBy,
    orderBy: base.orderBy.length > 0 ? base.orderBy : window.orderBy,
    frame: base.frame ?? window.frame,
    span: window.span,
  };
};

const constantOf = (expression: PlanExpression): number | bigint | undefined =>
  expression.op === 'literal' &&
  (typeof expression.value === 'number' || typeof expression.value === 'bigint')
    ? expression.value
    : undefined;

const ROWS_MAX = 1_000_000_000;

/** Milliseconds of a RANGE, a count of ROWS. */
const offsetOf = (frame: Frame, edge: Extract<FrameEdge, { kind: 'offset' }>, context: Context): number => {
  const { span } = edge.offset;
  const offset = checkExpression(edge.offset, { ...context, clause: 'window' });
  const value = constantOf(offset);
  if (frame.unit === 'RANGE') {
    if (
      value === undefined ||
      offset.type.name !== 'INTERVAL' ||
      offset.type.qualifier.from === 'YEAR' ||
      offset.type.qualifier.from === 'MONTH'
    )
      throw new SqlError(
        span,
        `RANGE takes an INTERVAL of days, hours, minutes or seconds, as in RANGE INTERVAL '1' MINUTE PRECEDING; for a number of rows write ROWS`,
      );
  } else if (value === undefined || !['INTEGER', 'BIGINT'].includes(offset.type.name) || value > ROWS_MAX)
    throw new SqlError(span, 'ROWS takes a whole number, as in ROWS 10 PRECEDING');
  if (value < 0) throw new SqlError(span, 'Window may not be of negative size');
  return Number(value);
};

const offsetUnsupported = (span: Span): SqlError =>
  new SqlError(
    span,
    'Window does not end with the current row: windows offset from it are not supported; write … PRECEDING, or BETWEEN … PRECEDING AND CURRENT ROW',
  );

/** How far before the current row a frame begins; infinite where it is unbounded. */
const precedingOf = (frame: Frame, context: Context): number => {
  const { from, to } = frame;
  for (const edge of [from, to])
    if (edge.kind === 'unbounded' && edge.direction === 'FOLLOWING')
      throw new SqlError(frame.span, 'UNBOUNDED FOLLOWING is not supported: a stream has no end');
  if (to.kind === 'offset' && to.direction === 'PRECEDING') {
    const end = offsetOf(frame, to, context);
    if (end === 0) throw new SqlError(to.offset.span, '0 PRECEDING cannot end a window; write CURRENT ROW');
    if (from.kind === 'offset' && from.direction === 'PRECEDING' && offsetOf(frame, from, context) < end)
      throw new SqlError(frame.span, 'Window may not be of negative size');
    throw offsetUnsupported(frame.span);
  }
  if (to.kind !== 'current row') throw offsetUnsupported(frame.span);
  if (from.kind === 'current row') return 0;
  if (from.kind === 'unbounded') return Infinity;
  if (from.direction === 'FOLLOWING') throw offsetUnsupported(frame.span);
  const preceding = offsetOf(frame, from, context);
  // AWS forbids the number; real programs have RANGE INTERVAL '0' MINUTE PRECEDING: the rows of the same time.
  if (preceding === 0 && frame.unit === 'ROWS')
    throw new SqlError(from.offset.span, '0 PRECEDING cannot begin a window; write CURRENT ROW');
  return preceding;
};

/** The window of an aggregate function with OVER. */
export const overWindow = (
  window: Window,
  named: NamedWindows,
  context: Context,
): Omit<OverWindow, 'calls'> => {
  const { partitionBy, orderBy, frame } = resolveBase(window, named);
  if (orderBy.length > 0)
    throw new SqlError(
      orderBy[0]!.expression.span,
      'ORDER BY must not be present in the window of an aggregate function: its rows are in the order of ROWTIME',
    );
  const precise = { ...context, clause: 'PARTITION BY' };
  const keys = partitionBy.map((key) => checkExpression(key, precise));
  const preceding = frame === undefined ? Infinity : precedingOf(frame, context);
  return {
    partitionBy: keys,
    frame:
      frame?.unit === 'ROWS'
        ? { unit: 'ROWS', precedingRows: preceding, endRows: 0 }
        : { unit: 'RANGE', precedingMs: preceding, endMs: 0 },
  };
};

type Edge = { readonly preceding: number; readonly following: number };

const edgeOf = (frame: Frame, edge: FrameEdge, context: Context): number => {
  if (edge.kind === 'current row') return 0;
  if (edge.kind === 'unbounded') {
    if (edge.direction === 'FOLLOWING')
      throw new SqlError(frame.span, 'UNBOUNDED FOLLOWING is not supported: a stream has no end');
    return Infinity;
  }
  const offset = offsetOf(frame, edge, context);
  return edge.direction === 'PRECEDING' ? offset : -offset;
};

const joinEdges = (frame: Frame, context: Context): Edge => {
  const [preceding, end] = [edgeOf(frame, frame.from, context), edgeOf(frame, frame.to, context)];
  if (end > preceding) throw new SqlError(frame.span, 'Window may not be of negative size');
  if (end > 0 || preceding < 0) throw offsetUnsupported(frame.span);
  return { preceding, following: -end + 0 };
};

/** The window of one side of a join. */
export const joinWindow = (window: Window, named: NamedWindows, context: Context): JoinWindow => {
  const { partitionBy, orderBy, frame, span } = resolveBase(window, named);
  if (partitionBy.length > 0)
    throw new SqlError(
      partitionBy[0]!.span,
      'PARTITION BY is not allowed in the window of a join; put the equality into ON',
    );
  for (const { expression, isDescending } of orderBy) {
    const isRowtime = expression.kind === 'path' && expression.path.at(-1)!.text === 'ROWTIME';
    if (!isRowtime || isDescending)
      throw new SqlError(expression.span, 'The window of a join can be ordered by ROWTIME only');
  }
  if (frame === undefined)
    throw new SqlError(
      span,
      `The window of a join needs RANGE or ROWS, as in OVER (RANGE INTERVAL '1' MINUTE PRECEDING)`,
    );
  const { preceding, following } = joinEdges(frame, context);
  return frame.unit === 'ROWS'
    ? { unit: 'ROWS', precedingRows: preceding, followingRows: following }
    : { unit: 'RANGE', precedingMs: preceding, followingMs: following };
};
