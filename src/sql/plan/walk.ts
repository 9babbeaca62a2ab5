/** Reading and rewriting of plan expressions, which are trees of plain data. */
import type { PlanExpression } from './expression.ts';

export const argumentsOf = (expression: PlanExpression): readonly PlanExpression[] => {
  switch (expression.op) {
    case 'call':
      return expression.args;
    case 'field':
      return [expression.of];
    case 'table query':
      return expression.operands;
    default:
      return [];
  }
};

/** From the outside in: where `replace` gives something, that stands instead, and nothing within it is asked about. */
export const mapExpression = (
  expression: PlanExpression,
  replace: (part: PlanExpression) => PlanExpression | undefined,
): PlanExpression => {
  const replaced = replace(expression);
  if (replaced !== undefined) return replaced;
  switch (expression.op) {
    case 'call':
      return { ...expression, args: expression.args.map((argument) => mapExpression(argument, replace)) };
    case 'field':
      return { ...expression, of: mapExpression(expression.of, replace) };
    case 'table query':
      return {
        ...expression,
        operands: expression.operands.map((operand) => mapExpression(operand, replace)),
      };
    default:
      return expression;
  }
};

/** The same expression over a row whose columns stand elsewhere. */
export const moveColumns = (expression: PlanExpression, moved: (index: number) => number): PlanExpression =>
  mapExpression(expression, (part) =>
    part.op === 'column' ? { ...part, index: moved(part.index) } : undefined,
  );

export const visitExpression = (expression: PlanExpression, visit: (part: PlanExpression) => void): void => {
  visit(expression);
  for (const argument of argumentsOf(expression)) visitExpression(argument, visit);
};

/** The columns that an expression reads, of its operator's input row. */
export const columnsOf = (expression: PlanExpression): Set<number> => {
  const columns = new Set<number>();
  visitExpression(expression, (part) => {
    if (part.op === 'column') columns.add(part.index);
  });
  return columns;
};

/** The same text for expressions that say the same; for finding one among many. */
export const expressionText = (expression: PlanExpression | readonly PlanExpression[]): string =>
  JSON.stringify(expression, (key, value: unknown) =>
    key === 'span' ? undefined : typeof value === 'bigint' ? `${value}n` : value,
  );

/** Whether two expressions say the same, wherever in the text they stand. */
export const isSameExpression = (a: PlanExpression, b: PlanExpression): boolean => {
  if (a === b) return true;
  if (a.op !== b.op || (a.op === 'call' && b.op === 'call' && a.name !== b.name)) return false;
  const aArguments = argumentsOf(a);
  const bArguments = argumentsOf(b);
  if (aArguments.length !== bArguments.length) return false;
  if (!aArguments.every((argument, index) => isSameExpression(argument, bArguments[index]!))) return false;
  switch (a.op) {
    case 'literal':
      return b.op === 'literal' && a.value === b.value && JSON.stringify(a.type) === JSON.stringify(b.type);
    case 'column':
      return b.op === 'column' && a.index === b.index;
    case 'field':
      return b.op === 'field' && a.index === b.index;
    case 'call':
      return (
        b.op === 'call' &&
        a.name === b.name &&
        // The type tells two casts of one operand from each other.
        JSON.stringify(a.type) === JSON.stringify(b.type)
      );
    case 'table query':
      return b.op === 'table query' && a.query === b.query;
  }
};
