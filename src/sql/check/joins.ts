/**
 * Joins. Two streams meet within windows; a stream looks rows of a reference table up. Equalities between the sides are taken out of the condition,
 * so that the engine finds partners by a key.
 */
import type { PlanExpression } from '../plan/expression.ts';
import type { JoinKey, JoinKind, JoinWindow, Relation } from '../plan/plan.ts';
import { columnsOf, moveColumns } from '../plan/walk.ts';
import { type Span, SqlError } from '../sql-error.ts';
import type { From, Name } from '../syntax/tree.ts';
import type { Column } from '../types.ts';
import { callByName } from './calls.ts';
import type { Context } from './context.ts';
import { checkCondition } from './expressions.ts';
import { NO_TIMES, ROWTIME, type Time, type Times } from './monotonic.ts';
import type { Fragment, FromContext } from './parts.ts';
import { type Scope, TIMESTAMP, findColumn, openColumnOf, shiftScope } from './scope.ts';

type JoinTree = Extract<From, { kind: 'join' }>;

const widthOf = (fragment: Fragment): number => 1 + fragment.relation.columns.length;

const ROWTIME_COLUMN: Column = { name: 'ROWTIME', type: TIMESTAMP };

/** Both sides in one row: [rowtime, ...left row, ...right row]. */
const joinedColumns = (left: Relation, right: Relation): readonly Column[] => [
  ROWTIME_COLUMN,
  ...left.columns,
  ROWTIME_COLUMN,
  ...right.columns,
];

export const joinOf = (tree: JoinTree, left: Fragment, right: Fragment, given: FromContext): Fragment => {
  const kind: JoinKind = tree.join === 'CROSS' ? 'INNER' : tree.join;
  // A table is always the side that is looked up.
  if (!left.isStream && right.isStream) {
    if (kind === 'LEFT' || kind === 'FULL')
      throw new SqlError(
        tree.span,
        `Rows of a reference table cannot be kept without a partner: a stream has no end at which one could be known to have none. Put the stream on the left: stream LEFT JOIN table`,
      );
    const sides = sidesOf(right, left);
    return lookup(tree, kind === 'RIGHT' ? 'LEFT' : 'INNER', right, left, sides, true, given);
  }
  if (!right.isStream) {
    if (kind === 'RIGHT' || kind === 'FULL')
      throw new SqlError(
        tree.span,
        `Rows of a reference table cannot be kept without a partner: a stream is joined to a reference table with JOIN or LEFT JOIN`,
      );
    return lookup(tree, kind, left, right, sidesOf(left, right), false, given);
  }
  return streamJoin(tree, kind, left, right, given);
};

type Sides = { readonly left: Scope; readonly right: Scope; readonly rightOffset: number };

const sidesOf = (left: Fragment, right: Fragment): Sides => {
  const rightOffset = 1 + widthOf(left);
  return {
    left: shiftScope(left.scope, 1),
    right: shiftScope(right.scope, rightOffset),
    rightOffset,
  };
};

/** The names of both sides; in the order of the text, which `*` follows. */
const scopeOf = (
  tree: JoinTree,
  first: Scope,
  second: Scope,
  given: FromContext,
): { readonly scope: Scope; readonly equalities: readonly PlanExpression[] } => {
  const names = commonNames(tree, first, second);
  const merged = new Map([...first.merged, ...second.merged]);
  const equalities = names.map((name) => {
    const [one, other] = [mustFind(first, name), mustFind(second, name)];
    // Where one side may be missing, the column is the other's.
    merged.set(
      name.text,
      tree.join === 'RIGHT'
        ? other
        : tree.join === 'FULL'
          ? callByName('COALESCE', [one, other], name.span, given.environment)
          : one,
    );
    return callByName('=', [one, other], name.span, given.environment);
  });
  return { scope: { sources: [...first.sources, ...second.sources], merged }, equalities };
};

const mustFind = (scope: Scope, name: Name): PlanExpression => {
  const found = findColumn(scope, name);
  if (found !== undefined) return found;
  const open = scope.sources.find((source) => source.open !== undefined);
  if (open !== undefined) return openColumnOf(open, open.open!, name.text);
  throw new SqlError(name.span, `Column '${name.text}' not found in any table`);
};

const commonNames = (tree: JoinTree, first: Scope, second: Scope): readonly Name[] => {
  if (tree.using !== undefined) return tree.using;
  if (!tree.isNatural) return [];
  const namesOf = (scope: Scope): readonly string[] =>
    scope.sources.flatMap(({ columns }) =>
      columns.flatMap(({ name, isHidden }) => (isHidden === true || name === 'ROWTIME' ? [] : [name])),
    );
  const names = new Set(namesOf(first));
  const common = namesOf(second).filter((name) => names.has(name));
  return [...new Set(common)].map((text) => ({ text, isQuoted: true, span: tree.span }));
};

const conditionOf = (
  tree: JoinTree,
  scope: Scope,
  equalities: readonly PlanExpression[],
  given: FromContext,
): readonly PlanExpression[] => {
  if (tree.on === undefined) return equalities.flatMap(conjuncts);
  const context: Context = { ...given.context, scope, clause: 'ON clause', rowtime: () => ({ ...ROWTIME }) };
  return [...equalities, checkCondition(tree.on, context)].flatMap(conjuncts);
};

export const conjuncts = (condition: PlanExpression): readonly PlanExpression[] =>
  condition.op === 'call' && condition.name === 'AND' ? condition.args.flatMap(conjuncts) : [condition];

export const conjunction = (
  conditions: readonly PlanExpression[],
  span: Span,
  { environment }: Pick<Context, 'environment'>,
): PlanExpression | undefined =>
  conditions.length === 0
    ? undefined
    : conditions.reduce((before, one) => callByName('AND', [before, one], span, environment));

/** Equalities of an expression over one side with one over the other become keys. */
export const takeKeys = (
  conditions: readonly PlanExpression[],
  rightOffset: number,
): { readonly keys: readonly JoinKey[]; readonly rest: readonly PlanExpression[] } => {
  const keys: JoinKey[] = [];
  const rest: PlanExpression[] = [];
  for (const condition of conditions) {
    const key = keyOf(condition, rightOffset);
    if (key === undefined) rest.push(condition);
    else keys.push(key);
  }
  return { keys, rest };
};

const keyOf = (condition: PlanExpression, rightOffset: number): JoinKey | undefined => {
  if (condition.op !== 'call' || condition.name !== '=' || condition.args.length !== 2) return undefined;
  const [a, b] = condition.args as readonly [PlanExpression, PlanExpression];
  const [aSide, bSide] = [sideOf(a, rightOffset), sideOf(b, rightOffset)];
  if (aSide === undefined || bSide === undefined || aSide === bSide) return undefined;
  const [left, right] = aSide === 'left' ? [a, b] : [b, a];
  return {
    left: moveColumns(left, (index) => index - 1),
    right: moveColumns(right, (index) => index - rightOffset),
  };
};

const sideOf = (expression: PlanExpression, rightOffset: number): 'left' | 'right' | undefined => {
  const columns = [...columnsOf(expression)];
  if (columns.length === 0 || columns.includes(0)) return undefined;
  if (columns.every((index) => index < rightOffset)) return 'left';
  return columns.every((index) => index >= rightOffset) ? 'right' : undefined;
};

const lookup = (
  tree: JoinTree,
  kind: JoinKind,
  left: Fragment,
  right: Fragment,
  sides: Sides,
  isSwapped: boolean,
  given: FromContext,
): Fragment => {
  const [first, second] = isSwapped ? [sides.right, sides.left] : [sides.left, sides.right];
  const { scope, equalities } = scopeOf(tree, first, second, given);
  const { keys, rest } = takeKeys(conditionOf(tree, scope, equalities, given), sides.rightOffset);
  return {
    relation: {
      op: 'lookup',
      columns: joinedColumns(left.relation, right.relation),
      kind: kind === 'LEFT' ? 'LEFT' : 'INNER',
      left: left.relation,
      right: right.relation,
      keys,
      condition: conjunction(rest, tree.span, given.context),
    },
    scope,
    isStream: left.isStream,
    times: left.isStream ? shiftTimes(left.times) : NO_TIMES,
    window: left.window,
    parts: partsOf(left).map(({ rowtime, window }) => ({ rowtime: rowtime + 1, window })),
    span: tree.span,
  };
};

/** The row's ROWTIME is that of the left side, so what is a function of the one is a function of the other. */
const shiftTimes = (times: Times): Times => {
  const shifted = new Map<number, Time>([[0, { direction: 'ascending', form: ROWTIME }]]);
  for (const [index, time] of times) shifted.set(index + 1, time);
  return shifted;
};

const partsOf = (fragment: Fragment): Fragment['parts'] =>
  fragment.parts.length > 0 ? fragment.parts : [{ rowtime: 0, window: fragment.window }];

const CURRENT: JoinWindow = { unit: 'RANGE', precedingMs: 0, followingMs: 0 };

const streamJoin = (
  tree: JoinTree,
  kind: JoinKind,
  left: Fragment,
  right: Fragment,
  given: FromContext,
): Fragment => {
  let [leftWindow, rightWindow] = [left.window, right.window];
  if (leftWindow === undefined && rightWindow === undefined) {
    if (tree.join !== 'CROSS')
      throw new SqlError(
        tree.span,
        `A join of two streams needs a window on one side at least, as in JOIN s OVER (RANGE INTERVAL '1' MINUTE PRECEDING) AS t`,
      );
    // Side by side without a window, as real programs have them: rows of the same ROWTIME meet.
    leftWindow = CURRENT;
    rightWindow = CURRENT;
  }
  const { left: first, right: second, rightOffset } = sidesOf(left, right);
  const { scope, equalities } = scopeOf(tree, first, second, given);
  const conditions = [
    ...conditionOf(tree, scope, equalities, given),
    ...windowConditions(left, 1, tree.span, given),
    ...windowConditions(right, rightOffset, tree.span, given),
  ];
  const { keys, rest } = takeKeys(conditions, rightOffset);
  const parts = [
    ...partsOf(left).map(({ rowtime, window }) => ({ rowtime: rowtime + 1, window })),
    ...partsOf(right).map(({ rowtime, window }) => ({ rowtime: rowtime + rightOffset, window })),
  ];
  return {
    relation: {
      op: 'join',
      columns: joinedColumns(left.relation, right.relation),
      kind,
      left: left.relation,
      right: right.relation,
      leftWindow,
      rightWindow,
      keys,
      condition: conjunction(rest, tree.span, given.context),
    },
    scope,
    isStream: true,
    times: joinedTimes(kind, left, right, rightOffset),
    window: narrowest(leftWindow, rightWindow),
    parts,
    span: tree.span,
  };
};

/** A side without a window is there as its current row only, whose ROWTIME is that of the join's row. */
const joinedTimes = (kind: JoinKind, left: Fragment, right: Fragment, rightOffset: number): Times => {
  const times = new Map<number, Time>([[0, { direction: 'ascending', form: ROWTIME }]]);
  const add = (fragment: Fragment, offset: number): void => {
    for (const [index, time] of fragment.times) times.set(index + offset, time);
  };
  if (left.window === undefined && right.window !== undefined && (kind === 'INNER' || kind === 'LEFT'))
    add(left, 1);
  if (right.window === undefined && left.window !== undefined && (kind === 'INNER' || kind === 'RIGHT'))
    add(right, rightOffset);
  return times;
};

/**
 * A join is a side of another join for as long as all of its parts are in their windows. A row of it is as old as its youngest part, so the
 * narrowest window is kept, and the older parts are looked at row by row (`windowConditions`).
 */
const narrowest = (left: JoinWindow | undefined, right: JoinWindow | undefined): JoinWindow | undefined => {
  if (left === undefined || right === undefined) return undefined;
  if (left.unit !== right.unit) return left.unit === 'RANGE' ? left : right;
  if (left.unit === 'ROWS' && right.unit === 'ROWS')
    return {
      unit: 'ROWS',
      precedingRows: Math.min(left.precedingRows, right.precedingRows),
      followingRows: Math.min(left.followingRows, right.followingRows),
    };
  const [a, b] = [left, right] as readonly Extract<JoinWindow, { unit: 'RANGE' }>[];
  return {
    unit: 'RANGE',
    precedingMs: Math.min(a!.precedingMs, b!.precedingMs),
    followingMs: Math.min(a!.followingMs, b!.followingMs),
  };
};

/** Each part of a side that is a join itself must still be in its own window when the row is made. */
const windowConditions = (
  side: Fragment,
  offset: number,
  span: Span,
  { environment }: FromContext,
): readonly PlanExpression[] =>
  side.parts.flatMap(({ rowtime, window }) => {
    if (window?.unit !== 'RANGE' || window.precedingMs === Infinity) return [];
    const column: PlanExpression = { op: 'column', index: rowtime + offset, type: TIMESTAMP };
    const length: PlanExpression = {
      op: 'literal',
      value: window.precedingMs,
      type: {
        name: 'INTERVAL',
        qualifier: { from: 'SECOND', to: 'SECOND', precision: 10, fraction: 3 },
      },
    };
    const end = callByName('+', [column, length], span, environment);
    // A part that is missing, in an outer join, is in no window.
    const isMissing = callByName('IS NULL', [column], span, environment);
    const isInside = callByName('<=', [{ ...ROWTIME }, end], span, environment);
    return [callByName('OR', [isInside, isMissing], span, environment)];
  });
