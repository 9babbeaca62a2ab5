/**
 * The types of the dialect (AWS's page "Data Types"). A type says nothing of nulls: every value may be null, but where a stream was declared
 * with NOT NULL. Plain data: types travel in plans.
 */

export type IntegerName = 'TINYINT' | 'SMALLINT' | 'INTEGER' | 'BIGINT';
export type TextName = 'CHAR' | 'VARCHAR';
export type BinaryName = 'BINARY' | 'VARBINARY';
export type YearMonthUnit = 'YEAR' | 'MONTH';
export type DayTimeUnit = 'DAY' | 'HOUR' | 'MINUTE' | 'SECOND';
export type TimeUnit = YearMonthUnit | DayTimeUnit;

export type SqlType =
  | {
      readonly name:
        | IntegerName
        | 'BOOLEAN'
        | 'REAL'
        /** FLOAT and DOUBLE PRECISION are DOUBLE. */
        | 'DOUBLE'
        | 'DATE'
        | 'TIME'
        | 'TIMESTAMP'
        /** Of the literal NULL only. */
        | 'NULL'
        /** A column of an open stream whose use does not say what it is. */
        | 'ANY';
    }
  /** Precision 1 to 18 (decided against AWS's other page, which says 19), scale 0 to the precision. */
  | { readonly name: 'DECIMAL'; readonly precision: number; readonly scale: number }
  /** Length in characters or bytes, 1 to 65,535. */
  | { readonly name: TextName | BinaryName; readonly length: number }
  /** Of expressions only, never of a column. `fraction`: digits of a second. */
  | { readonly name: 'INTERVAL'; readonly qualifier: IntervalQualifier }
  /** What a log parser gives. */
  | { readonly name: 'RECORD'; readonly fields: readonly Column[] };

export type IntervalQualifier = {
  readonly from: TimeUnit;
  /** The same unit where only one is named. */
  readonly to: TimeUnit;
  readonly precision: number;
  readonly fraction: number;
};

export type Column = {
  /** Names are compared to the letter; what was not quoted stands in capitals. */
  readonly name: string;
  readonly type: SqlType;
  readonly isNotNull?: boolean;
  /** Can be named, and is not among `*`: APPROXIMATE_ARRIVAL_TIME and its like of an input, as ROWTIME. */
  readonly isHidden?: boolean;
};
