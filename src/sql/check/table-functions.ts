/**
 * Functions in FROM whose input is a query: TABLE(f(CURSOR(SELECT STREAM …), …)). What they take is a table here: their arguments are constants, with
 * the limits of AWS's pages, and their columns are those of the cursor with their own behind them, unless they sum the stream up.
 */
import type { PlanExpression } from '../plan/expression.ts';
import { type Span, SqlError } from '../sql-error.ts';
import type { Call } from '../syntax/tree.ts';
import type { Column, SqlType } from '../types.ts';
import type { SqlValue } from '../value.ts';
import { isCursor } from './calls.ts';
import type { Checked } from './context.ts';
import { checkExpression } from './expressions.ts';
import { ROWTIME_ONLY } from './monotonic.ts';
import type { FromContext } from './parts.ts';
import { didYouMean } from './suggestions.ts';

type Parameter = { readonly name: string } & (
  | { readonly kind: 'integer'; readonly min: number; readonly max: number; readonly byDefault?: number }
  | { readonly kind: 'number'; readonly above: number }
  | { readonly kind: 'boolean'; readonly byDefault: boolean }
  | { readonly kind: 'column' }
  | { readonly kind: 'name' }
  | { readonly kind: 'word'; readonly words: readonly string[] }
);

type TableFunction = {
  readonly parameters: readonly Parameter[];
  columns(input: readonly Column[], args: readonly SqlValue[]): readonly Column[];
  /** What is wrong with the columns, or between the arguments. Of an open cursor not all columns are known. */
  fault?(input: readonly Column[], args: readonly SqlValue[], isOpen: boolean): string | undefined;
  readonly keepsTimes: boolean;
  /** Whether the columns of the cursor stand in the result. */
  readonly isBeside: boolean;
};

const integer = (name: string, min: number, max: number, byDefault?: number): Parameter => ({
  name,
  kind: 'integer',
  min,
  max,
  ...(byDefault === undefined ? {} : { byDefault }),
});

const INTEGER_MAX = 2_147_483_647;
const DOUBLE: SqlType = { name: 'DOUBLE' };
const text = (length: number): SqlType => ({ name: 'VARCHAR', length });

const FOREST: readonly Parameter[] = [
  integer('numberOfTrees', 1, 1_000, 100),
  integer('subSampleSize', 10, 1_000, 256),
  integer('timeDecay', 1, INTEGER_MAX, 100_000),
  integer('shingleSize', 1, 30, 1),
];

/** Those of them that are numbers a forest takes: DECIMAL is none. */
const FOREST_NUMBERS: ReadonlySet<string> = new Set([
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'REAL',
  'DOUBLE',
]);
const FOREST_COLUMNS_MAX = 30;

const numbersOf = (input: readonly Column[]): readonly Column[] =>
  input.filter(({ type }) => FOREST_NUMBERS.has(type.name));

const NO_NUMBER = 'the cursor has no numeric column to score (DECIMAL is not taken: CAST it to DOUBLE)';

const beside = (...added: readonly Column[]): Pick<TableFunction, 'columns' | 'keepsTimes' | 'isBeside'> => ({
  columns: (input) => [...input, ...added],
  keepsTimes: true,
  isBeside: true,
});

const forestFault: TableFunction['fault'] = (input, [, subSampleSize, timeDecay], isOpen) => {
  if (Number(subSampleSize) >= Number(timeDecay)) return 'subSampleSize must be less than timeDecay';
  const { length } = numbersOf(input);
  if (length > FOREST_COLUMNS_MAX)
    return `the cursor has ${length} numeric columns, and ${FOREST_COLUMNS_MAX} at most can be scored`;
  return length === 0 && !isOpen ? NO_NUMBER : undefined;
};

const WINDOW = integer('windowSize in seconds', 1, 3_600);

const FUNCTIONS: ReadonlyMap<string, TableFunction> = new Map<string, TableFunction>([
  [
    'RANDOM_CUT_FOREST',
    {
      parameters: FOREST,
      fault: forestFault,
      ...beside({ name: 'ANOMALY_SCORE', type: DOUBLE }),
    },
  ],
  [
    'RANDOM_CUT_FOREST_WITH_EXPLANATION',
    {
      parameters: [...FOREST, { name: 'withDirectionality', kind: 'boolean', byDefault: false }],
      fault: forestFault,
      ...beside({ name: 'ANOMALY_SCORE', type: DOUBLE }, { name: 'ANOMALY_EXPLANATION', type: text(65_535) }),
    },
  ],
  [
    'HOTSPOTS',
    {
      parameters: [
        integer('windowSize', 100, 1_000),
        { name: 'scanRadius', kind: 'number', above: 0 },
        integer('minimumNumberOfPointsInAHotspot', 2, 1_000),
      ],
      fault: (input, [windowSize, , points], isOpen) => {
        if (Number(points) > Number(windowSize))
          return 'minimumNumberOfPointsInAHotspot must not be above windowSize';
        return numbersOf(input).length === 0 && !isOpen ? NO_NUMBER : undefined;
      },
      ...beside({ name: 'HOTSPOTS_RESULT', type: text(65_535) }),
    },
  ],
  [
    'TOP_K_ITEMS_TUMBLING',
    {
      parameters: [{ name: 'column', kind: 'column' }, integer('K', 1, 100_000), WINDOW],
      columns: (input, [column]) => [
        { name: 'ITEM', type: itemType(input, column ?? null) },
        { name: 'ITEM_COUNT', type: DOUBLE },
      ],
      keepsTimes: false,
      isBeside: false,
    },
  ],
  [
    'COUNT_DISTINCT_ITEMS_TUMBLING',
    {
      parameters: [{ name: 'column', kind: 'column' }, WINDOW],
      columns: () => [{ name: 'NUMBER_OF_DISTINCT_ITEMS', type: { name: 'BIGINT' } }],
      keepsTimes: false,
      isBeside: false,
    },
  ],
  [
    'GROUP_RANK',
    {
      parameters: [
        { name: 'rankByColumn', kind: 'column' },
        { name: 'rankColumn', kind: 'name' },
        { name: 'sortOrder', kind: 'word', words: ['asc', 'desc'] },
        { name: 'outputOrder', kind: 'word', words: ['asc', 'desc'] },
        integer('maxIdle', 0, INTEGER_MAX),
        integer('outputMax', 0, INTEGER_MAX),
      ],
      columns: (input, [, name]) => [...input, { name: String(name), type: { name: 'INTEGER' } }],
      keepsTimes: false,
      isBeside: true,
    },
  ],
]);

/** The page of TOP_K_ITEMS_TUMBLING gives items as text; text keeps its own length. */
const itemType = (input: readonly Column[], column: SqlValue): SqlType => {
  const own = input.find(({ name }) => name === column)?.type;
  return own?.name === 'VARCHAR' || own?.name === 'CHAR' ? own : text(1_024);
};

export const tableFunction = (tree: Call, given: FromContext): Checked => {
  const { name, span } = tree;
  const found = FUNCTIONS.get(name.text);
  if (found === undefined)
    throw new SqlError(
      name.span,
      `No match found for function signature ${name.text}${didYouMean(name.text, FUNCTIONS.keys())}`,
    );
  const [cursor, ...rest] = tree.args;
  if (cursor === undefined || !isCursor(cursor))
    throw new SqlError(span, `The first argument of ${name.text} is a query: CURSOR(SELECT STREAM … FROM …)`);
  const input = given.environment.checker.query(cursor.query, given.environment);
  if (!input.isStream) throw new SqlError(cursor.span, 'The query in CURSOR must be over a stream');
  const { columns } = input.relation;
  const context = { ...given.context, clause: `an argument of ${name.text}` };
  const values = rest.map((argument) => {
    if (isCursor(argument))
      throw new SqlError(argument.span, `${name.text} takes one CURSOR, as its first argument`);
    return checkExpression(argument, context);
  });
  const args = argumentsOf(name.text, found.parameters, values, input, tree);
  const fault = found.fault?.(columns, args, input.open !== undefined);
  if (fault !== undefined && !given.environment.isTyping) throw new SqlError(span, `${name.text}: ${fault}`);
  return {
    relation: {
      op: 'table function',
      columns: found.columns(columns, args),
      name: name.text,
      input: input.relation,
      args,
    },
    isStream: true,
    times: found.keepsTimes ? input.times : ROWTIME_ONLY,
    open: found.isBeside ? input.open : undefined,
  };
};

const argumentsOf = (
  name: string,
  parameters: readonly Parameter[],
  values: readonly PlanExpression[],
  input: Checked,
  tree: Call,
): readonly SqlValue[] => {
  const needed = parameters.filter((parameter) => !('byDefault' in parameter)).length;
  if (values.length > parameters.length || values.length < needed)
    throw new SqlError(
      tree.span,
      `Invalid number of arguments to function '${name}'. Was expecting ${
        needed === parameters.length ? needed : `${needed} to ${parameters.length}`
      } behind CURSOR: ${parameters.map((parameter) => parameter.name).join(', ')}`,
    );
  return parameters.map((parameter, index) => {
    const value = values[index];
    if (value === undefined) return ('byDefault' in parameter ? parameter.byDefault : undefined) ?? null;
    return argumentOf(name, parameter, value, input, tree.args[index + 1]!.span);
  });
};

const argumentOf = (
  name: string,
  parameter: Parameter,
  expression: PlanExpression,
  input: Checked,
  span: Span,
): SqlValue => {
  const fault = (what: string): SqlError => new SqlError(span, `${name}: ${parameter.name} must be ${what}`);
  if (expression.op !== 'literal') throw fault('a constant');
  const { value, type } = expression;
  switch (parameter.kind) {
    case 'integer': {
      const { min, max } = parameter;
      const isWhole = type.name === 'INTEGER' || type.name === 'BIGINT';
      if (!isWhole || value === null || Number(value) < min || Number(value) > max)
        throw fault(`a whole number from ${min} to ${max}`);
      return Number(value);
    }
    case 'number': {
      const number = numberOf(expression);
      if (number === undefined || number <= parameter.above) throw fault(`a number above ${parameter.above}`);
      return number;
    }
    case 'boolean':
      if (typeof value !== 'boolean') throw fault('TRUE or FALSE');
      return value;
    case 'name':
      if (typeof value !== 'string' || value === '') throw fault('the name of a column, in single quotes');
      return value;
    case 'word': {
      const word = typeof value === 'string' ? value.toLowerCase() : '';
      if (!parameter.words.includes(word)) throw fault(parameter.words.map((one) => `'${one}'`).join(' or '));
      return word;
    }
    case 'column':
      if (typeof value !== 'string') throw fault('the name of a column, in single quotes');
      return columnName(value, input, fault);
  }
};

/** As it was written, or, where there is none of that name, in capitals. */
const columnName = (
  name: string,
  { relation: { columns }, open }: Checked,
  fault: (what: string) => SqlError,
): string => {
  const found = [name, name.toUpperCase()].find((one) => columns.some((column) => column.name === one));
  if (found !== undefined) return found;
  if (open !== undefined) {
    open.column(name);
    return name;
  }
  throw fault(
    `a column of the cursor, and it has no '${name}'${didYouMean(
      name,
      columns.map((column) => column.name),
    )}`,
  );
};

const numberOf = ({ value, type }: Extract<PlanExpression, { op: 'literal' }>): number | undefined => {
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  if (type.name === 'DECIMAL') return Number(value) / 10 ** type.scale;
  return ['INTEGER', 'BIGINT', 'DOUBLE', 'REAL'].includes(type.name) ? Number(value) : undefined;
};
