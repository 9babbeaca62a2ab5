/** What a program's text says, before any name is looked up. Plain data. */
import type { Span } from '../sql-error.ts';
import type { SqlType, TimeUnit } from '../types.ts';

/** `text` is in capitals where the name was not quoted. */
export type Name = { readonly text: string; readonly isQuoted: boolean; readonly span: Span };
/** `a.b.c`, one name at least. */
export type Path = readonly Name[];

export type Program = { readonly statements: readonly Statement[] };

export type Statement =
  | {
      readonly kind: 'create stream';
      readonly name: Path;
      readonly orReplace: boolean;
      readonly columns: readonly ColumnDeclaration[];
      readonly description: string | undefined;
      readonly span: Span;
    }
  | {
      readonly kind: 'create pump';
      readonly name: Path;
      readonly orReplace: boolean;
      readonly isStopped: boolean;
      readonly insert: Insert;
      readonly span: Span;
    }
  | {
      readonly kind: 'create function';
      readonly name: Path;
      readonly orReplace: boolean;
      readonly parameters: readonly { readonly name: Name; readonly type: SqlType }[];
      readonly returns: SqlType;
      /** RETURNS NULL ON NULL INPUT. */
      readonly isStrict: boolean;
      readonly body: Expression;
      readonly span: Span;
    }
  /** SQLstream's, which AWS's documents mention in passing. */
  | {
      readonly kind: 'drop';
      readonly what: 'STREAM' | 'PUMP' | 'FUNCTION' | 'SCHEMA';
      readonly name: Path;
      readonly ifExists: boolean;
      readonly span: Span;
    }
  | {
      readonly kind: 'alter pump';
      readonly name: Path;
      readonly action: 'START' | 'STOP';
      readonly span: Span;
    }
  | { readonly kind: 'create schema' | 'set schema'; readonly name: Path; readonly span: Span }
  | Insert
  | { readonly kind: 'query'; readonly query: Query; readonly span: Span };

export type ColumnDeclaration = {
  readonly name: Name;
  readonly type: SqlType;
  readonly isNotNull: boolean;
  readonly span: Span;
};

export type Insert = {
  readonly kind: 'insert';
  readonly into: Path;
  readonly columns: readonly Name[] | undefined;
  readonly query: Query;
  readonly span: Span;
};

export type Query =
  | Select
  | {
      readonly kind: 'set operation';
      readonly operator: 'UNION' | 'EXCEPT' | 'INTERSECT';
      readonly isAll: boolean;
      readonly left: Query;
      readonly right: Query;
      readonly orderBy: OrderBy | undefined;
      readonly span: Span;
    }
  | { readonly kind: 'values'; readonly rows: readonly (readonly Expression[])[]; readonly span: Span };

export type Select = {
  readonly kind: 'select';
  readonly isStream: boolean;
  readonly isDistinct: boolean;
  readonly items: readonly SelectItem[];
  readonly from: From | undefined;
  readonly where: Expression | undefined;
  readonly groupBy: readonly Expression[] | undefined;
  readonly stagger: Stagger | undefined;
  readonly having: Expression | undefined;
  readonly windows: readonly { readonly name: Name; readonly window: Window }[];
  readonly orderBy: OrderBy | undefined;
  readonly span: Span;
};

export type SelectItem =
  | { readonly kind: 'all'; readonly of: Path | undefined; readonly span: Span }
  | {
      readonly kind: 'expression';
      readonly expression: Expression;
      readonly alias: Name | undefined;
      readonly span: Span;
    };

/** WINDOWED BY STAGGER (PARTITION BY … RANGE INTERVAL …). */
export type Stagger = {
  readonly partitionBy: readonly Expression[];
  readonly range: Expression;
  readonly span: Span;
};

export type OrderBy = {
  readonly items: readonly { readonly expression: Expression; readonly isDescending: boolean }[];
  /** WITHIN: the T-sort. */
  readonly within: Expression | undefined;
  readonly span: Span;
};

export type From =
  | {
      readonly kind: 'relation';
      readonly name: Path;
      readonly window: Window | undefined;
      readonly alias: Alias | undefined;
      readonly span: Span;
    }
  | {
      readonly kind: 'subquery';
      readonly query: Query;
      readonly window: Window | undefined;
      readonly alias: Alias | undefined;
      readonly span: Span;
    }
  /** TABLE(f(…)) and STREAM(f(…)). */
  | {
      readonly kind: 'table function';
      readonly call: Call;
      readonly alias: Alias | undefined;
      readonly span: Span;
    }
  | {
      readonly kind: 'join';
      readonly join: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS';
      readonly isNatural: boolean;
      readonly left: From;
      readonly right: From;
      readonly on: Expression | undefined;
      readonly using: readonly Name[] | undefined;
      readonly span: Span;
    };

export type Alias = { readonly name: Name; readonly columns: readonly Name[] | undefined };

export type Window = {
  /** A window of the WINDOW clause that this one is, or builds upon. */
  readonly base: Name | undefined;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly { readonly expression: Expression; readonly isDescending: boolean }[];
  readonly frame: Frame | undefined;
  readonly span: Span;
};

export type Frame = {
  readonly unit: 'ROWS' | 'RANGE';
  readonly from: FrameEdge;
  readonly to: FrameEdge;
  readonly span: Span;
};
export type FrameEdge =
  | { readonly kind: 'current row' }
  | { readonly kind: 'unbounded'; readonly direction: 'PRECEDING' | 'FOLLOWING' }
  | { readonly kind: 'offset'; readonly offset: Expression; readonly direction: 'PRECEDING' | 'FOLLOWING' };

export type TreeIntervalQualifier = {
  readonly from: TimeUnit;
  readonly to: TimeUnit;
  /** As written; the default of the leading field is 2 digits. */
  readonly precision: number | undefined;
  readonly fraction: number | undefined;
};

export type Expression = (
  | { readonly kind: 'null' }
  /** `null` is UNKNOWN. */
  | { readonly kind: 'boolean'; readonly value: boolean | null }
  /** As written: `12`, `12.50`, `1e2`. */
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'datetime'; readonly type: 'DATE' | 'TIME' | 'TIMESTAMP'; readonly text: string }
  | {
      readonly kind: 'interval';
      readonly isNegative: boolean;
      readonly text: string;
      readonly qualifier: TreeIntervalQualifier;
    }
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'unary'; readonly operator: '+' | '-' | 'NOT'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  /** `(a - b) DAY TO SECOND`: the difference of two times. */
  | {
      readonly kind: 'difference';
      readonly left: Expression;
      readonly right: Expression;
      readonly qualifier: TreeIntervalQualifier;
    }
  | {
      readonly kind: 'is';
      readonly operand: Expression;
      readonly isNegated: boolean;
      readonly what: 'NULL' | 'TRUE' | 'FALSE' | 'UNKNOWN';
    }
  | {
      readonly kind: 'distinct from';
      readonly left: Expression;
      readonly right: Expression;
      readonly isNegated: boolean;
    }
  | {
      readonly kind: 'between';
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly isNegated: boolean;
      readonly isSymmetric: boolean;
    }
  | {
      readonly kind: 'in';
      readonly operand: Expression;
      readonly list: readonly Expression[] | Query;
      readonly isNegated: boolean;
    }
  | { readonly kind: 'exists'; readonly query: Query }
  | { readonly kind: 'subquery'; readonly query: Query }
  | {
      readonly kind: 'like';
      readonly operator: 'LIKE' | 'SIMILAR TO';
      readonly operand: Expression;
      readonly pattern: Expression;
      readonly escape: Expression | undefined;
      readonly isNegated: boolean;
    }
  /** `(a, b)`, two at least: one in brackets is the expression itself. */
  | { readonly kind: 'row'; readonly items: readonly Expression[] }
  | {
      readonly kind: 'case';
      readonly operand: Expression | undefined;
      readonly branches: readonly { readonly when: Expression; readonly then: Expression }[];
      readonly otherwise: Expression | undefined;
    }
  | { readonly kind: 'cast'; readonly operand: Expression; readonly type: SqlType }
  /** `FLOOR(x TO HOUR)`, `CEIL(x TO DAY)`. */
  | {
      readonly kind: 'round to';
      readonly direction: 'FLOOR' | 'CEIL';
      readonly operand: Expression;
      readonly unit: TimeUnit;
    }
  | { readonly kind: 'extract'; readonly unit: TimeUnit; readonly operand: Expression }
  | {
      readonly kind: 'temporal';
      readonly operator: TemporalOperator;
      readonly left: Period;
      readonly right: Period;
      readonly isNegated: boolean;
    }
  | Call
) & { readonly span: Span };

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '||'
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | 'AND'
  | 'OR';

export type TemporalOperator =
  | 'EQUALS'
  | 'CONTAINS'
  | 'STRICTLY CONTAINS'
  | 'OVERLAPS'
  | 'STRICTLY OVERLAPS'
  | 'PRECEDES'
  | 'STRICTLY PRECEDES'
  | 'IMMEDIATELY PRECEDES'
  | 'SUCCEEDS'
  | 'STRICTLY SUCCEEDS'
  | 'IMMEDIATELY SUCCEEDS'
  | 'LEADS'
  | 'STRICTLY LEADS'
  | 'IMMEDIATELY LEADS'
  | 'LAGS'
  | 'STRICTLY LAGS'
  | 'IMMEDIATELY LAGS';

/** A point has no end. */
export type Period = { readonly from: Expression; readonly to: Expression | undefined };

export type Call = {
  readonly kind: 'call';
  readonly name: Name;
  /**
   * In their order, for the forms with words between them too: SUBSTRING(a FROM b FOR c) is a, b, c; POSITION(a IN b) is a, b; TRIM(LEADING a FROM b)
   * is a, b, and TRIM(b) is ' ', b with the form BOTH; OVERLAY(a PLACING b FROM c FOR d) is a, b, c, d; STEP(a BY b) is a, b; SUBSTRING(a SIMILAR b ESCAPE c) is a, b, c.
   */
  readonly args: readonly (Expression | CursorArgument)[];
  /** The words that tell such a form from the one with commas: `FROM`, `SIMILAR`, `IN`, `PLACING`, `BY`, `LEADING`, `TRAILING`, `BOTH`. */
  readonly form: string | undefined;
  /** `COUNT(*)`. */
  readonly isStar: boolean;
  readonly isDistinct: boolean;
  readonly nulls: 'IGNORE' | 'RESPECT' | undefined;
  /** NTH_VALUE(…) FROM LAST. */
  readonly from: 'FIRST' | 'LAST' | undefined;
  readonly over: Window | undefined;
  readonly span: Span;
};

/** CURSOR(SELECT STREAM …), the first argument of a table function. */
export type CursorArgument = { readonly kind: 'cursor'; readonly query: Query; readonly span: Span };
