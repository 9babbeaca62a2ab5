/**
 * What the names of columns mean in one query: its FROM clause, as relations side by side in one row. A row is [rowtime, ...]; a join's row holds
 * the whole rows of its sides behind its own ROWTIME.
 */
import type { PlanExpression } from '../plan/expression.ts';
import { SqlError } from '../sql-error.ts';
import type { Name, Path } from '../syntax/tree.ts';
import type { Column, SqlType } from '../types.ts';
import { spanOf } from './environment.ts';
import type { OpenRelation } from './open-relations.ts';
import { didYouMean, writtenName } from './suggestions.ts';

export const TIMESTAMP: SqlType = { name: 'TIMESTAMP' };

export type Source = {
  /** The alias, or the relation's own name with its schema; empty where a subquery has none. */
  readonly names: readonly string[];
  /** The window that its OVER names: where there is no alias, people call the relation by it. */
  readonly windowName: string | undefined;
  /** Where its own row begins in the row of the query: there is its ROWTIME, and behind it its columns. */
  readonly offset: number;
  readonly columns: readonly Column[];
  /** Tables have none. */
  readonly hasRowtime: boolean;
  /** Where nobody declared the relation, columns come to be by being named. */
  readonly open: OpenRelation | undefined;
  /** The open relation is not the source itself, but behind the `*` of a query. */
  readonly isThrough: boolean;
};

export type Scope = {
  readonly sources: readonly Source[];
  /** Columns of USING and NATURAL: one name for both sides. */
  readonly merged: ReadonlyMap<string, PlanExpression>;
};

export const NO_SCOPE: Scope = { sources: [], merged: new Map() };

const column = (source: Source, index: number): PlanExpression => ({
  op: 'column',
  index: source.offset + 1 + index,
  type: source.columns[index]!.type,
});

const rowtimeOf = (source: Source): PlanExpression => ({
  op: 'column',
  index: source.offset,
  type: TIMESTAMP,
});

/** Where each name stands; the columns of an open relation become more. */
const placesByColumns = new WeakMap<readonly Column[], { count: number; places: Map<string, number[]> }>();

const placesOf = (columns: readonly Column[], name: string): readonly number[] => {
  const known = placesByColumns.get(columns) ?? { count: 0, places: new Map<string, number[]>() };
  placesByColumns.set(columns, known);
  for (; known.count < columns.length; known.count++) {
    const { name: own } = columns[known.count]!;
    const places = known.places.get(own);
    if (places === undefined) known.places.set(own, [known.count]);
    else places.push(known.count);
  }
  return known.places.get(name) ?? [];
};

const ownColumn = (source: Source, name: Name): PlanExpression | undefined => {
  const places = placesOf(source.columns, name.text);
  if (places.length > 1) throw ambiguous(name);
  return places.length === 1 ? column(source, places[0]!) : undefined;
};

const ambiguous = (name: Name): SqlError =>
  new SqlError(
    name.span,
    `Column '${name.text}' is ambiguous; write the name or alias of its relation in front of it`,
  );

/** Through the `*` of a query it is there in the next pass only; until then it is known by its type. */
export const openColumnOf = (source: Source, open: OpenRelation, name: string): PlanExpression => {
  const index = open.column(name);
  if (!source.isThrough) return column(source, index);
  return { op: 'literal', value: null, type: open.columns[index]!.type };
};

/** A column of a relation that was named; `ROWTIME` is the relation's own. */
const qualifiedColumn = (source: Source, name: Name): PlanExpression => {
  if (name.text === 'ROWTIME' && source.hasRowtime) return rowtimeOf(source);
  const found = ownColumn(source, name);
  if (found !== undefined) return found;
  if (source.open !== undefined) return openColumnOf(source, source.open, name.text);
  const relation = source.names.at(-1) ?? '';
  throw new SqlError(
    name.span,
    `Column '${name.text}' not found in table '${relation}'${didYouMean(name.text, namesOf(source))}`,
  );
};

const namesOf = (source: Source): readonly string[] => source.columns.map(({ name }) => name);

/** The column of this name among all relations; undefined where there is none. */
export const findColumn = (scope: Scope, name: Name): PlanExpression | undefined => {
  const merged = scope.merged.get(name.text);
  if (merged !== undefined) return merged;
  const found = scope.sources.flatMap((source) => ownColumn(source, name) ?? []);
  if (found.length > 1) throw ambiguous(name);
  return found[0];
};

/** Nothing declared has it: the first relation that nobody declared does. */
const openColumn = (scope: Scope, name: Name): PlanExpression | undefined => {
  const open = scope.sources.find((source) => source.open !== undefined);
  return open === undefined ? undefined : openColumnOf(open, open.open!, name.text);
};

/** `SALES.BIDS` is found as `BIDS` too. */
const isCalled = ({ names, windowName }: Source, path: Path): boolean =>
  (path.length <= names.length &&
    path.every((name, index) => names[names.length - path.length + index] === name.text)) ||
  (path.length === 1 && windowName === path[0]!.text);

export const findSource = (scope: Scope, path: Path): Source | undefined => {
  const found = scope.sources.filter((source) => isCalled(source, path));
  if (found.length > 1)
    throw new SqlError(spanOf(path), `Table '${path.at(-1)!.text}' is ambiguous; give each an alias`);
  return found[0];
};

/** The fields of a log parser's record. */
const fieldOf = (of: PlanExpression, name: Name): PlanExpression => {
  if (of.type.name === 'ANY') return { op: 'literal', value: null, type: { name: 'ANY' } };
  if (of.type.name !== 'RECORD')
    throw new SqlError(name.span, `Column '${name.text}' not found: what stands before it is not a record`);
  const index = of.type.fields.findIndex((field) => field.name === name.text);
  if (index < 0)
    throw new SqlError(
      name.span,
      `Field '${name.text}' not found in the record${didYouMean(
        name.text,
        of.type.fields.map((field) => field.name),
      )}`,
    );
  return { op: 'field', of, index, type: of.type.fields[index]!.type };
};

/** `column`, `relation.column`, `schema.relation.column`, each with `.field` behind it where it is a record. */
export const resolvePath = (scope: Scope, path: Path): PlanExpression => {
  const first = path[0]!;
  // The longest name of a relation wins, and the column follows it.
  for (let length = path.length - 1; length >= 1; length--) {
    const source = findSource(scope, path.slice(0, length));
    if (source === undefined) continue;
    return path.slice(length + 1).reduce<PlanExpression>(fieldOf, qualifiedColumn(source, path[length]!));
  }
  const own = findColumn(scope, first);
  if (own !== undefined) return path.slice(1).reduce<PlanExpression>(fieldOf, own);
  if (path.length > 1) throw unknownRelation(scope, path);
  const open = openColumn(scope, first);
  if (open !== undefined) return open;
  throw unknownColumn(scope, first);
};

const unknownRelation = (scope: Scope, path: Path): SqlError => {
  const wanted = path.at(-2)!;
  return new SqlError(
    wanted.span,
    `Table '${wanted.text}' not found${didYouMean(
      wanted.text,
      scope.sources.flatMap((source) => source.names.slice(-1)),
    )}`,
  );
};

export const unknownColumn = (scope: Scope, name: Name): SqlError => {
  const names = scope.sources.flatMap(namesOf);
  const hint = didYouMean(name.text, names);
  return new SqlError(
    name.span,
    `Column '${name.text}' not found in any table${hint === '' ? columnList(scope) : hint}`,
  );
};

/** Few columns are shown whole. */
const columnList = (scope: Scope): string => {
  const names = scope.sources.flatMap(namesOf);
  if (names.length === 0 || names.length > 12) return '';
  return `; there are ${names.map(writtenName).join(', ')}`;
};

/** Moves every relation of a scope to another place in the row. */
export const shiftScope = (scope: Scope, by: number): Scope => ({
  sources: scope.sources.map((source) => ({ ...source, offset: source.offset + by })),
  merged: new Map(
    [...scope.merged].map(([name, expression]) => [name, shiftColumns(expression, by)] as const),
  ),
});

const shiftColumns = (expression: PlanExpression, by: number): PlanExpression =>
  expression.op === 'column'
    ? { ...expression, index: expression.index + by }
    : expression.op === 'call'
      ? { ...expression, args: expression.args.map((argument) => shiftColumns(argument, by)) }
      : expression;
