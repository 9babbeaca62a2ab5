/**
 * A checked relation with fewer steps: a projection is taken into what reads it, so that no row is made only to be read once. Nothing is computed
 * twice for it, and ROWTIMEs stay what they are; what nobody reads is not computed, and so cannot fail.
 */
import type { PlanExpression } from '../plan/expression.ts';
import type { AggregateCall, PumpPlan, Relation } from '../plan/plan.ts';
import { mapExpression, visitExpression } from '../plan/walk.ts';

type Project = Extract<Relation, { op: 'project' }>;

const isProject = (relation: Relation): relation is Project =>
  relation.op === 'project' && relation.rowtime === undefined;

const isPlain = ({ op }: PlanExpression): boolean => op === 'column' || op === 'literal';

/** Whether no expression of the projection that costs anything is read more than once. */
const isReadOnce = ({ expressions }: Project, readers: readonly PlanExpression[]): boolean => {
  const reads = new Map<number, number>();
  for (const reader of readers)
    visitExpression(reader, (part) => {
      if (part.op === 'column') reads.set(part.index, (reads.get(part.index) ?? 0) + 1);
    });
  return expressions.every((expression, index) => isPlain(expression) || (reads.get(index + 1) ?? 0) <= 1);
};

/** The expression over the input of the projection. */
const through = (expression: PlanExpression, { expressions }: Project): PlanExpression =>
  mapExpression(expression, (part) =>
    part.op === 'column' && part.index > 0 ? expressions[part.index - 1] : undefined,
  );

const callThrough = (call: AggregateCall, project: Project): AggregateCall => ({
  ...call,
  args: call.args.map((argument) => through(argument, project)),
});

export const simplify = (relation: Relation): Relation => {
  switch (relation.op) {
    case 'scan':
    case 'table':
    case 'values':
      return relation;
    case 'join':
    case 'lookup':
    case 'set':
      return { ...relation, left: simplify(relation.left), right: simplify(relation.right) };
    case 'merge':
      return { ...relation, inputs: relation.inputs.map(simplify) };
    default:
      return merged({ ...relation, input: simplify(relation.input) });
  }
};

const merged = (relation: Extract<Relation, { input: Relation }>): Relation => {
  const { input } = relation;
  if (!isProject(input)) return relation;
  switch (relation.op) {
    case 'project': {
      const readers = [
        ...relation.expressions,
        ...(relation.rowtime === undefined ? [] : [relation.rowtime]),
      ];
      if (!isReadOnce(input, readers)) return relation;
      return {
        ...relation,
        input: input.input,
        expressions: relation.expressions.map((one) => through(one, input)),
        rowtime: relation.rowtime === undefined ? undefined : through(relation.rowtime, input),
      };
    }
    case 'filter': {
      // Rows that go are not projected first, unless that is what the condition asks about.
      const asked = new Set<number>();
      visitExpression(relation.condition, (part) => {
        if (part.op === 'column') asked.add(part.index);
      });
      if (!input.expressions.every((one, index) => isPlain(one) || !asked.has(index + 1))) return relation;
      const filtered: Relation = {
        op: 'filter',
        columns: input.input.columns,
        input: input.input,
        condition: through(relation.condition, input),
      };
      return { ...input, input: filtered };
    }
    case 'aggregate':
    case 'stagger': {
      const readers = [...relation.keys, ...relation.calls.flatMap(({ args }) => args)];
      if (!isReadOnce(input, readers)) return relation;
      return {
        ...relation,
        input: input.input,
        keys: relation.keys.map((key) => through(key, input)),
        calls: relation.calls.map((call) => callThrough(call, input)),
      };
    }
    default:
      return relation;
  }
};

type Written = Pick<PumpPlan, 'query' | 'assignments' | 'rowtime'>;

/** What a pump assigns is computed from the rows that its select list would be. */
export const simplifyPump = <P extends Written>(pump: P): P => {
  const query = simplify(pump.query);
  const { assignments, rowtime } = pump;
  if (!isProject(query)) return { ...pump, query };
  if (!isReadOnce(query, [...assignments, ...(rowtime === undefined ? [] : [rowtime])]))
    return { ...pump, query };
  return {
    ...pump,
    query: query.input,
    assignments: assignments.map((one) => through(one, query)),
    rowtime: rowtime === undefined ? undefined : through(rowtime, query),
  };
};
