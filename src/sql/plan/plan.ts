/**
 * The checked plan of a program, plain data: operators start from it, and a translation into another engine's SQL can.
 *
 * A relation's rows have their ROWTIME at index 0 and its columns from 1 on (`columns[i]` is at `i + 1`). A join's row is
 * [rowtime, ...left row, ...right row], so the ROWTIMEs of its sides are columns of it.
 */
import type { Column, SqlType } from '../types.ts';
import type { SqlValue } from '../value.ts';
import type { PlanExpression } from './expression.ts';

export type Plan = {
  readonly streams: readonly StreamPlan[];
  /** Reference tables, in the order of their first use. */
  readonly tables: readonly TablePlan[];
  readonly pumps: readonly PumpPlan[];
  /** Queries that stand for themselves, in their order: a console prints their rows. */
  readonly selects: readonly SelectPlan[];
};

export type StreamPlan = {
  readonly name: string;
  readonly columns: readonly Column[];
  /** `input`: rows come from outside. `program`: CREATE STREAM. `open`: nobody declared it, its columns are those that are used. */
  readonly origin: 'input' | 'program' | 'open';
  /** For each column, whether anything reads it; what is not read need not be parsed and may be null. */
  readonly isUsed: readonly boolean[];
};

export type TablePlan = {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly origin: 'input' | 'open';
};

export type PumpPlan = {
  readonly name: string;
  readonly isStopped: boolean;
  /** The name of a stream of the program. */
  readonly target: string;
  readonly query: Relation;
  /** For each column of the target, from a row of `query`, with its conversion; and whether a row may be late, because the query names its ROWTIME. */
  readonly assignments: readonly PlanExpression[];
  /** The target's ROWTIME, where the pump's column list names it. */
  readonly rowtime: PlanExpression | undefined;
};

export type SelectPlan = { readonly query: Relation };

export type Relation = { readonly columns: readonly Column[] } & (
  | { readonly op: 'scan'; readonly stream: string }
  /** A reference table, where it is not the right side of a lookup. */
  | { readonly op: 'table'; readonly table: string }
  | { readonly op: 'values'; readonly rows: readonly (readonly PlanExpression[])[] }
  | { readonly op: 'filter'; readonly input: Relation; readonly condition: PlanExpression }
  /** `rowtime` where the query says `… AS ROWTIME`: rows that go back in time are late, and go to the error stream. */
  | {
      readonly op: 'project';
      readonly input: Relation;
      readonly expressions: readonly PlanExpression[];
      readonly rowtime: PlanExpression | undefined;
    }
  /**
   * GROUP BY with a key that only grows: a group ends when that key changes, by a row or by a bound. Its row is [end, ...keys, ...results].
   * `time` is the index in `keys`. `timeOf` says of what the key is a function: of `ROWTIME` alone (index 0), so that the end of the group can be
   * computed, or of something else that only grows. Over a reference table `time` is -1, here and in `distinct`: its groups end with it.
   */
  | {
      readonly op: 'aggregate';
      readonly input: Relation;
      readonly keys: readonly PlanExpression[];
      readonly time: number;
      readonly timeOf: 'rowtime' | 'row';
      readonly calls: readonly AggregateCall[];
    }
  /** SELECT STREAM DISTINCT: `time` as in an aggregate. Rows are those of the input. */
  | {
      readonly op: 'distinct';
      readonly input: Relation;
      readonly keys: readonly PlanExpression[];
      readonly time: number;
      readonly timeOf: 'rowtime' | 'row';
    }
  /** WINDOWED BY STAGGER: its row is [opening + range, ...keys, ...results]. */
  | {
      readonly op: 'stagger';
      readonly input: Relation;
      readonly keys: readonly PlanExpression[];
      readonly rangeMs: number;
      readonly calls: readonly AggregateCall[];
    }
  /** One row out for each row in: [rowtime, ...columns of the input, ...results of all calls in their order]. */
  | { readonly op: 'over'; readonly input: Relation; readonly windows: readonly OverWindow[] }
  /** A side without a window contributes its current row only. `keys` are equal pairs taken out of the condition; `condition` is what remains, over the joined row. */
  | {
      readonly op: 'join';
      readonly kind: JoinKind;
      readonly left: Relation;
      readonly right: Relation;
      readonly leftWindow: JoinWindow | undefined;
      readonly rightWindow: JoinWindow | undefined;
      readonly keys: readonly JoinKey[];
      readonly condition: PlanExpression | undefined;
    }
  /** A stream's rows (or a reference table's) beside a reference table's; `right` has no ROWTIME of its own (null). */
  | {
      readonly op: 'lookup';
      readonly kind: 'INNER' | 'LEFT';
      readonly left: Relation;
      readonly right: Relation;
      readonly keys: readonly JoinKey[];
      readonly condition: PlanExpression | undefined;
    }
  /** UNION ALL of streams: in the order of ROWTIME. */
  | { readonly op: 'merge'; readonly inputs: readonly Relation[] }
  /** Of reference tables only. */
  | {
      readonly op: 'set';
      readonly operator: 'UNION' | 'UNION ALL' | 'EXCEPT' | 'INTERSECT';
      readonly left: Relation;
      readonly right: Relation;
    }
  /** Sorts the rows for which `time` stays the same; the first of `by` is `time` itself where it was named first. A reference table is sorted whole: `time` is a literal there. */
  | {
      readonly op: 'sort';
      readonly input: Relation;
      readonly time: PlanExpression;
      readonly timeOf: 'rowtime' | 'row';
      readonly by: readonly SortKey[];
    }
  /** ORDER BY … WITHIN: the key becomes the ROWTIME. */
  | {
      readonly op: 'time sort';
      readonly input: Relation;
      readonly by: PlanExpression;
      readonly withinMs: number;
    }
  /** RANDOM_CUT_FOREST and the like: `args` behind the cursor are constants. */
  | {
      readonly op: 'table function';
      readonly name: string;
      readonly input: Relation;
      readonly args: readonly SqlValue[];
    }
);

export type JoinKind = 'INNER' | 'LEFT' | 'RIGHT' | 'FULL';
export type JoinKey = {
  /** Over a row of the left side. */
  readonly left: PlanExpression;
  /** Over a row of the right side. */
  readonly right: PlanExpression;
};

/** Both ends of a range are inside. `followingMs` or `followingRows` above zero look ahead. */
export type JoinWindow =
  | { readonly unit: 'RANGE'; readonly precedingMs: number; readonly followingMs: number }
  | { readonly unit: 'ROWS'; readonly precedingRows: number; readonly followingRows: number };

export type OverWindow = {
  readonly partitionBy: readonly PlanExpression[];
  /** Infinity where it is unbounded. A range has both ends inside; `endMs` or `endRows` above zero end the frame before the current row. */
  readonly frame:
    | { readonly unit: 'RANGE'; readonly precedingMs: number; readonly endMs: number }
    | { readonly unit: 'ROWS'; readonly precedingRows: number; readonly endRows: number };
  readonly calls: readonly AggregateCall[];
};

export type AggregateCall = {
  /** COUNT, SUM, LAG …: a name of `functions/aggregates`. */
  readonly name: string;
  /** Over the input row; none for COUNT(*). */
  readonly args: readonly PlanExpression[];
  readonly isDistinct: boolean;
  readonly isIgnoringNulls: boolean;
  /** NTH_VALUE counts from the last. */
  readonly isFromLast: boolean;
  readonly type: SqlType;
};

export type SortKey = { readonly expression: PlanExpression; readonly isDescending: boolean };
