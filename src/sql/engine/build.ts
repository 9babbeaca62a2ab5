/** From a query of the plan to operators, from the last one back to the streams that it reads. */
import { assert } from '../../base/assert.ts';
import type { PlanExpression } from '../plan/expression.ts';
import type { Relation } from '../plan/plan.ts';
import type { Column } from '../types.ts';
import { ROWTIME_INDEX, type Row, type SqlValue } from '../value.ts';
import { Aggregate } from './aggregate.ts';
import { tallies } from './build-calls.ts';
import { buildJoin, buildLookup } from './build-join.ts';
import { buildOver } from './build-over.ts';
import { buildSort } from './build-sort.ts';
import { Distinct } from './distinct.ts';
import { conditionOf, rowOf, valueOf } from './expressions.ts';
import { Filter } from './filter.ts';
import { FiniteSource } from './finite-source.ts';
import { finiteRows, isFinite } from './finite.ts';
import { tableFunction } from '../learning/table-function.ts';
import { Merge } from './merge.ts';
import type { Receiver } from './operator.ts';
import { Project } from './project.ts';
import { boundOf, Retime } from './retime.ts';
import type { Site } from './site.ts';
import { Stagger } from './stagger.ts';
import { TimeSort } from './time-sort.ts';

/** Everything that the relation gives goes to `out`. */
export const build = (relation: Relation, out: Receiver, site: Site): void => {
  if (isFinite(relation)) {
    site.tell(site.register(new FiniteSource(() => finiteRows(relation, site), site.times.startMs, out)));
    return;
  }
  switch (relation.op) {
    case 'scan':
      site.read(relation.stream, out);
      return;
    case 'filter': {
      const condition = conditionOf(relation.condition, site);
      return build(relation.input, new Filter(condition, site.errors(relation.input), out), site);
    }
    case 'project':
      return build(relation.input, projectInto(relation.input, relation, out, site), site);
    case 'aggregate': {
      const { keys, others } = splitKeys(relation, site);
      const parts = {
        keys: others,
        period: { of: relation.timeOf, key: keys[relation.time] as (row: Row) => SqlValue },
        timeIndex: relation.time,
        tallies: tallies(relation.calls, site),
      };
      const [errors, groupErrors] = [site.errors(relation.input), site.errors(relation)];
      return build(relation.input, site.register(new Aggregate(parts, errors, groupErrors, out)), site);
    }
    case 'distinct': {
      const { keys, others } = splitKeys(relation, site);
      const period = { of: relation.timeOf, key: keys[relation.time] as (row: Row) => SqlValue };
      const distinct = new Distinct(others, period, site.errors(relation.input), out);
      return build(relation.input, site.register(distinct), site);
    }
    case 'stagger': {
      const parts = {
        keys: relation.keys.map((key) => valueOf(key, site)),
        rangeMs: relation.rangeMs,
        tallies: tallies(relation.calls, site),
      };
      const [errors, groupErrors] = [site.errors(relation.input), site.errors(relation)];
      return build(relation.input, site.register(new Stagger(parts, errors, groupErrors, out)), site);
    }
    case 'over':
      return build(relation.input, buildOver(relation, out, site), site);
    case 'join': {
      const { inputs } = buildJoin(relation, out, site);
      build(relation.left, inputs[0] as Receiver, site);
      return build(relation.right, inputs[1] as Receiver, site);
    }
    case 'lookup':
      return build(relation.left, buildLookup(relation, out, site), site);
    case 'merge': {
      const { inputs } = site.register(new Merge(relation.inputs.length, out));
      for (const [index, input] of relation.inputs.entries()) build(input, inputs[index] as Receiver, site);
      return;
    }
    case 'sort':
      return build(relation.input, buildSort(relation, out, site), site);
    case 'time sort': {
      const key = valueOf(relation.by, site) as (row: Row) => number | null;
      const sort = new TimeSort(key, relation.withinMs, site.errors(relation.input), out);
      return build(relation.input, site.register(sort), site);
    }
    case 'table function':
      return build(
        relation.input,
        site.register(tableFunction(relation, site.seed, textOfColumn, out)).inputs[0] as Receiver,
        site,
      );
    case 'table':
    case 'values':
    case 'set':
      assert(false, `the plan has a ${relation.op} where a stream must be`);
  }
};

const textOfColumn = ({ type }: Column): ((value: SqlValue) => string) => {
  if (type.name === 'VARCHAR' || type.name === 'CHAR') return (value) => value as string;
  return (value) => String(value);
};

/** The select list of a query, or what a pump assigns to the columns of its stream. */
export const projectInto = (
  input: Relation,
  { expressions, rowtime }: { expressions: readonly PlanExpression[]; rowtime: PlanExpression | undefined },
  out: Receiver,
  site: Site,
): Receiver => {
  const make = rowOf(expressions, rowtime, site);
  const errors = site.errors(input);
  if (rowtime === undefined || isOwnRowtime(rowtime)) return new Project(make, errors, out);
  const parts = { make, boundOf: boundOf(rowtime, (expression) => valueOf(expression, site)) };
  return site.register(new Retime(parts, errors, out));
};

const isOwnRowtime = (expression: PlanExpression): boolean =>
  expression.op === 'column' && expression.index === ROWTIME_INDEX;

const splitKeys = (
  { keys, time }: { keys: readonly PlanExpression[]; time: number },
  site: Site,
): { keys: ((row: Row) => SqlValue)[]; others: ((row: Row) => SqlValue)[] } => {
  const compiled = keys.map((key) => valueOf(key, site));
  return { keys: compiled, others: compiled.filter((_, index) => index !== time) };
};
