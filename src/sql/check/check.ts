/**
 * From the tree of a program to its checked plan: statement by statement, in the order of the text, as the service runs them. Where the program is
 * open, that is done until nothing more is learned of the undeclared columns (`open-relations.ts`), and errors count in the last pass only.
 */
import type { Plan, PumpPlan, Relation, SelectPlan, StreamPlan } from '../plan/plan.ts';
import { type Span, SqlError } from '../sql-error.ts';
import type { Path, Program, Statement } from '../syntax/tree.ts';
import type { Column } from '../types.ts';
import type { Environment, Given, NamedRelation, UserFunction } from './context.ts';
import { isErrorStream, lastOf, spanOf } from './environment.ts';
import { checkExpression } from './expressions.ts';
import { declareFunction } from './functions.ts';
import { type OpenRelations, openRelations } from './open-relations.ts';
import { tablesByUse } from './open-tables.ts';
import { checkInsert } from './pumps.ts';
import { checkQuery } from './queries.ts';
import { planSubquery } from './subqueries.ts';
import { simplify, simplifyPump } from './simplify.ts';
import { didYouMean } from './suggestions.ts';
import { usedColumns, usedTables } from './used.ts';

export type { Given };

/** A column's type can only become surer, so passes come to an end by themselves; this is for our own mistakes. */
const PASSES_MAX = 100;

/** Throws `SqlError` at the first part of the text that cannot be. */
export const planProgram = (program: Program, given: Given): Plan => {
  if (!given.isOpen) return checkStatements(program, given, undefined, new Set(), false);
  const open = openRelations();
  const tables = tablesByUse(program);
  for (let pass = 0; pass < PASSES_MAX; pass++) {
    checkStatements(program, given, open, tables, true);
    if (open.hasChanged()) continue;
    open.close();
    if (!open.hasChanged()) break;
  }
  return checkStatements(program, given, open, tables, false);
};

type Pump = Omit<PumpPlan, 'isStopped'> & {
  isStopped: boolean;
  /** The streams that it reads. */
  readonly sources: ReadonlySet<string>;
};

const checkStatements = (
  program: Program,
  given: Given,
  open: OpenRelations | undefined,
  openTables: ReadonlySet<string>,
  isTyping: boolean,
): Plan => {
  const environment: Environment = {
    checker: { expression: checkExpression, query: checkQuery, subquery: planSubquery },
    relations: new Map(),
    functions: [],
    open,
    openTables,
    isTyping,
    origins: new WeakMap(),
    later: laterStreams(program),
  };
  for (const { name, columns } of given.streams) declare(environment, 'stream', name, columns);
  for (const { name, columns } of given.tables) declare(environment, 'table', name, columns);
  const pumps = new Map<string, Pump>();
  const selects: SelectPlan[] = [];
  for (const statement of program.statements) {
    try {
      checkStatement(statement, environment, pumps, selects);
    } catch (error) {
      if (!isTyping || !(error instanceof SqlError)) throw error;
    }
  }
  return planOf(environment, [...pumps.values()], selects);
};

const laterStreams = (program: Program): ReadonlySet<string> =>
  new Set(
    program.statements.flatMap((statement) =>
      statement.kind === 'create stream' ? [lastOf(statement.name)] : [],
    ),
  );

const declare = (
  environment: Environment,
  kind: 'stream' | 'table',
  name: string,
  columns: readonly Column[],
): void => {
  environment.relations.set(name, { kind, origin: 'input', name, columns, open: undefined });
};

const checkStatement = (
  statement: Statement,
  environment: Environment,
  pumps: Map<string, Pump>,
  selects: SelectPlan[],
): void => {
  switch (statement.kind) {
    case 'create stream':
      return createStream(statement, environment, pumps);
    case 'create pump': {
      const name = lastOf(statement.name);
      if (pumps.has(name) && !statement.orReplace) throw alreadyThere(statement.name, 'pump');
      const written = checkInsert(statement.insert, environment);
      const { isStopped } = statement;
      pumps.delete(name);
      const pump: Pump = { ...written, name, isStopped, sources: streamsOf(written.query) };
      refuseLoop(pump, pumps, statement.span);
      pumps.set(name, pump);
      return;
    }
    case 'create function':
      return declareFunction(statement, environment);
    case 'insert':
      throw new SqlError(
        statement.span,
        'INSERT stands in a pump: CREATE OR REPLACE PUMP "…" AS INSERT INTO …',
      );
    case 'query':
      selects.push({ query: checkQuery(statement.query, environment).relation });
      return;
    case 'drop':
      return drop(statement, environment, pumps);
    case 'alter pump': {
      const pump = pumps.get(lastOf(statement.name));
      if (pump === undefined) throw notThere(statement.name, pumps.keys());
      pump.isStopped = statement.action === 'STOP';
      return;
    }
    // An application has one schema, whatever it is called.
    case 'create schema':
    case 'set schema':
  }
};

const alreadyThere = (name: Path, what: string): SqlError =>
  new SqlError(
    spanOf(name),
    `Object '${lastOf(name)}' already exists; write CREATE OR REPLACE ${what.toUpperCase()}, or another name`,
  );

const notThere = (name: Path, names: Iterable<string>): SqlError =>
  new SqlError(spanOf(name), `Object '${lastOf(name)}' not found${didYouMean(lastOf(name), names)}`);

const createStream = (
  statement: Extract<Statement, { kind: 'create stream' }>,
  environment: Environment,
  pumps: ReadonlyMap<string, Pump>,
): void => {
  const name = lastOf(statement.name);
  const span = spanOf(statement.name);
  if (isErrorStream(name))
    throw new SqlError(span, `'${name}' is reserved: it is the name of the service's own error stream`);
  const before = environment.relations.get(name);
  if (before !== undefined && before.origin !== 'program')
    throw new SqlError(span, `Object '${name}' already exists: it is an input of the application`);
  if (before !== undefined && !statement.orReplace) throw alreadyThere(statement.name, 'stream');
  if (before !== undefined && [...pumps.values()].some((pump) => isPumpOf(pump, name)))
    throw new SqlError(
      span,
      `Stream '${name}' is defined again, and a pump has used it already: a stream can be defined once in the code`,
    );
  const columns: Column[] = [];
  for (const { name: column, type, isNotNull } of statement.columns) {
    if (columns.some((other) => other.name === column.text))
      throw new SqlError(column.span, `Duplicate column name '${column.text}' in stream '${name}'`);
    if (column.text === 'ROWTIME')
      throw new SqlError(column.span, `Every stream has a column ROWTIME already; choose another name`);
    if (type.name === 'INTERVAL')
      throw new SqlError(column.span, `Column '${column.text}' cannot be an INTERVAL: keep a number instead`);
    columns.push({ name: column.text, type, ...(isNotNull ? { isNotNull } : {}) });
  }
  environment.relations.set(name, { kind: 'stream', origin: 'program', name, columns, open: undefined });
};

const isPumpOf = (pump: Pump, stream: string): boolean => pump.target === stream || pump.sources.has(stream);

const streamsOf = (relation: Relation): ReadonlySet<string> => {
  const streams = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) return value.forEach(visit);
    const { op } = value as { op?: unknown };
    if (op === 'scan') streams.add((value as Extract<Relation, { op: 'scan' }>).stream);
    if (typeof op === 'string')
      for (const key of ['input', 'left', 'right', 'inputs']) visit((value as Record<string, unknown>)[key]);
  };
  visit(relation);
  return streams;
};

/** Rows that come back to the stream they came from would go round for ever. */
const refuseLoop = (pump: Pump, pumps: ReadonlyMap<string, Pump>, span: Span): void => {
  const isRead = [pump, ...pumps.values()].some(({ sources }) => sources.has(pump.target));
  if (!isRead) return;
  const sources = new Map<string, Set<string>>();
  for (const one of pumps.values())
    sources.set(one.target, (sources.get(one.target) ?? new Set()).union(one.sources));
  // Grows while it is gone through.
  const above = new Set(pump.sources);
  for (const stream of above) for (const source of sources.get(stream) ?? []) above.add(source);
  if (above.has(pump.target))
    throw new SqlError(
      span,
      `Pump '${pump.name}' feeds stream '${pump.target}' with its own rows, without an end`,
    );
};

const drop = (
  { what, name, ifExists }: Extract<Statement, { kind: 'drop' }>,
  environment: Environment,
  pumps: Map<string, Pump>,
): void => {
  const text = lastOf(name);
  const { relations, functions } = environment;
  switch (what) {
    case 'PUMP':
      if (!pumps.delete(text) && !ifExists) throw notThere(name, pumps.keys());
      return;
    case 'FUNCTION': {
      const kept = functions.filter((one) => one.name !== text);
      if (kept.length === functions.length && !ifExists)
        throw notThere(
          name,
          functions.map((one: UserFunction) => one.name),
        );
      functions.splice(0, functions.length, ...kept);
      return;
    }
    case 'STREAM': {
      const found = relations.get(text);
      if (found === undefined && !ifExists) throw notThere(name, relations.keys());
      if (found === undefined) return;
      if (found.origin !== 'program')
        throw new SqlError(spanOf(name), `'${text}' is an input of the application and cannot be dropped`);
      const user = [...pumps.values()].find((pump) => isPumpOf(pump, text));
      if (user !== undefined)
        throw new SqlError(spanOf(name), `Stream '${text}' cannot be dropped: pump '${user.name}' uses it`);
      relations.delete(text);
      return;
    }
    case 'SCHEMA':
  }
};

const planOf = (
  { relations, open }: Environment,
  written: readonly PumpPlan[],
  asked: readonly SelectPlan[],
): Plan => {
  const pumps = written.map(({ name, isStopped, target, query, assignments, rowtime }) =>
    simplifyPump({ name, isStopped, target, query, assignments, rowtime }),
  );
  const selects = asked.map(({ query }) => ({ query: simplify(query) }));
  const all: readonly NamedRelation[] = [
    ...relations.values(),
    ...(open?.all.map((one): NamedRelation => ({
      ...one,
      columns: one.columns,
      origin: 'open',
      open: one,
    })) ?? []),
  ];
  const used = usedColumns(pumps, selects);
  const filled = new Set(pumps.map(({ target }) => target));
  const streams = all
    .filter(({ kind }) => kind === 'stream')
    .map(({ name, columns, origin }): StreamPlan => {
      const read = used.get(name);
      // A stream of the program that nobody reads is a result.
      const isResult = read === undefined && origin !== 'input';
      return {
        name,
        columns: columns.map(plainColumn),
        // What pumps fill comes from nowhere else, whether or not it was created.
        origin: origin === 'open' && filled.has(name) ? 'program' : origin,
        isUsed: columns.map((_, index) => isResult || (read?.has(index) ?? false)),
      };
    });
  const order = usedTables([...pumps.map(({ query }) => query), ...selects.map(({ query }) => query)]);
  const tables = order.flatMap((name) => {
    const table = all.find((one) => one.kind === 'table' && one.name === name);
    if (table === undefined) return [];
    const origin: 'input' | 'open' = table.origin === 'open' ? 'open' : 'input';
    return [{ name, columns: table.columns.map(plainColumn), origin }];
  });
  return { streams, tables, pumps, selects };
};

const plainColumn = ({ name, type, isNotNull, isHidden }: Column): Column => ({
  name,
  type,
  ...(isNotNull === true ? { isNotNull } : {}),
  ...(isHidden === true ? { isHidden } : {}),
});
