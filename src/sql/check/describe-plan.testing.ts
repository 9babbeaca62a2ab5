/** A plan as indented text, for tests of what clauses become. `$2` is a column of the input row, `$0` its ROWTIME. */
import type { PlanExpression } from '../plan/expression.ts';
import type { AggregateCall, JoinWindow, OverWindow, Plan, Relation } from '../plan/plan.ts';
import { typeText } from '../values/type-text.ts';

const list = (expressions: readonly PlanExpression[]): string => expressions.map(describe).join(', ');

const literal = ({ value, type }: Extract<PlanExpression, { op: 'literal' }>): string => {
  if (value === null) return 'null';
  if (type.name === 'INTERVAL') return `interval ${String(value)}`;
  if (type.name === 'TIMESTAMP' && typeof value === 'number') return new Date(value).toISOString();
  return type.name === 'DECIMAL' ? `${String(value)}e-${type.scale}` : JSON.stringify(value);
};

export const describe = (expression: PlanExpression): string => {
  switch (expression.op) {
    case 'literal':
      return literal(expression);
    case 'column':
      return `$${expression.index}`;
    case 'field':
      return `${describe(expression.of)}.${expression.index}`;
    case 'call': {
      const { name, args, type } = expression;
      if (name === 'CAST' || name === 'ASSIGN TEXT') return `${describe(args[0]!)} as ${typeText(type)}`;
      if (/^[^A-Z]|^AND$|^OR$/.test(name) && args.length === 2)
        return `(${describe(args[0]!)} ${name} ${describe(args[1]!)})`;
      return `${name}(${list(args)})`;
    }
    case 'table query':
      return `${expression.kind}(${list(expression.operands)})[${describeRelation(expression.query).replaceAll(/\n\s*/g, ' < ')}]`;
  }
};

const aggregate = ({ name, args, isDistinct, isIgnoringNulls, isFromLast }: AggregateCall): string =>
  `${name}(${isDistinct ? 'DISTINCT ' : ''}${args.length === 0 ? '*' : list(args)})${isIgnoringNulls ? ' IGNORE NULLS' : ''}${isFromLast ? ' FROM LAST' : ''}`;

const over = ({ partitionBy, frame, calls }: OverWindow): string =>
  `[${calls.map(aggregate).join(', ')} by (${list(partitionBy)}) ${
    frame.unit === 'ROWS' ? `rows ${frame.precedingRows}` : `range ${frame.precedingMs}`
  }]`;

const window = (one: JoinWindow | undefined): string =>
  one === undefined
    ? 'current'
    : one.unit === 'ROWS'
      ? `rows ${one.precedingRows}/${one.followingRows}`
      : `range ${one.precedingMs}/${one.followingMs}`;

const condition = (one: PlanExpression | undefined): string =>
  one === undefined ? '' : ` if ${describe(one)}`;

const own = (relation: Relation): string => {
  switch (relation.op) {
    case 'scan':
      return `scan ${relation.stream}`;
    case 'table':
      return `table ${relation.table}`;
    case 'values':
      return `values ${relation.rows.map((row) => `(${list(row)})`).join(', ')}`;
    case 'filter':
      return `filter ${describe(relation.condition)}`;
    case 'project':
      return `project ${relation.columns
        .map(({ name }, index) => `${name} = ${describe(relation.expressions[index]!)}`)
        .join(', ')}${relation.rowtime === undefined ? '' : ` at ${describe(relation.rowtime)}`}`;
    case 'aggregate':
      return `aggregate ${relation.calls.map(aggregate).join(', ')} by (${list(relation.keys)}) until ${relation.time} changes by ${relation.timeOf}`;
    case 'distinct':
      return `distinct (${list(relation.keys)}) until ${relation.time} changes by ${relation.timeOf}`;
    case 'stagger':
      return `stagger ${relation.calls.map(aggregate).join(', ')} by (${list(relation.keys)}) for ${relation.rangeMs}`;
    case 'over':
      return `over ${relation.windows.map(over).join(' ')}`;
    case 'join':
    case 'lookup': {
      const keys = relation.keys.map(({ left, right }) => `${describe(left)} = ${describe(right)}`);
      const windows =
        relation.op === 'join' ? ` ${window(relation.leftWindow)} with ${window(relation.rightWindow)}` : '';
      return `${relation.op} ${relation.kind}${windows} on (${keys.join(', ')})${condition(relation.condition)}`;
    }
    case 'merge':
      return 'merge';
    case 'set':
      return `set ${relation.operator}`;
    case 'sort':
      return `sort ${relation.by
        .map(({ expression, isDescending }) => `${describe(expression)}${isDescending ? ' desc' : ''}`)
        .join(', ')} until ${describe(relation.time)} changes by ${relation.timeOf}`;
    case 'time sort':
      return `time sort ${describe(relation.by)} within ${relation.withinMs}`;
    case 'table function':
      return `${relation.name} ${JSON.stringify(relation.args)}`;
  }
};

const inputs = (relation: Relation): readonly Relation[] => {
  if ('input' in relation) return [relation.input];
  if ('inputs' in relation) return relation.inputs;
  return 'left' in relation ? [relation.left, relation.right] : [];
};

export const describeRelation = (relation: Relation, indent = ''): string =>
  [
    `${indent}${own(relation)}`,
    ...inputs(relation).map((input) => describeRelation(input, `${indent}  `)),
  ].join('\n');

export const describePlan = ({ pumps, selects }: Plan): string =>
  [
    ...pumps.map(
      ({ target, assignments, rowtime, query, isStopped }) =>
        `${target} <- ${list(assignments)}${rowtime === undefined ? '' : ` at ${describe(rowtime)}`}${isStopped ? ' stopped' : ''}\n${describeRelation(query, '  ')}`,
    ),
    ...selects.map(({ query }) => describeRelation(query)),
  ].join('\n');
