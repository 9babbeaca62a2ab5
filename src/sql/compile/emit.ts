/** The text of one expression: lines in front, and a name or a literal that holds its value. */
import { assert } from '../../base/assert.ts';
import { isCurrentTime } from '../functions/current-time.ts';
import type { ScalarDefinition } from '../functions/definition.ts';
import { findDefinition } from '../functions/scalars.ts';
import type { PlanExpression } from '../plan/expression.ts';
import { ROWTIME_INDEX } from '../value.ts';
import type { Surroundings } from './surroundings.ts';
import { currentTime, type Times } from './times.ts';
import type { Atom, CodeWriter } from './writer.ts';

type Call = Extract<PlanExpression, { op: 'call' }>;

export type Context = {
  readonly writer: CodeWriter;
  readonly times: Times;
  readonly surroundings: Surroundings;
};

export const emit = (expression: PlanExpression, context: Context): Atom => {
  const { writer } = context;
  switch (expression.op) {
    case 'literal':
      return writer.literal(expression.value);
    case 'column':
      return writer.define(`row[${expression.index}]`, expression.index !== ROWTIME_INDEX);
    case 'field': {
      const { code } = emit(expression.of, context);
      return writer.define(`${code} === null ? null : ${code}[${expression.index}]`, true);
    }
    case 'table query': {
      const answer = context.surroundings.tableQuery?.(expression);
      assert(answer !== undefined, 'a query over reference tables has something that answers it');
      const operands = expression.operands.map((operand) => emit(operand, context).code);
      return writer.define(
        `${writer.constant(answer)}([${operands.join(', ')}])`,
        expression.kind !== 'exists',
      );
    }
    case 'call':
      return emitCall(expression, context);
  }
};

const emitCall = (call: Call, context: Context): Atom => {
  const { writer, times } = context;
  if (isCurrentTime(call.name)) {
    const code = `${writer.constant(currentTime)}(${JSON.stringify(call.name)}, ${writer.constant(times)})`;
    return writer.define(code, false);
  }
  switch (call.name) {
    case 'AND':
    case 'OR':
      return emitConnective(call, context);
    case 'CASE':
      return emitCase(call.args, context);
    case 'COALESCE':
      return emitCoalesce(call.args, context);
    default: {
      const definition = findDefinition(call.name);
      assert(definition !== undefined, `there is a function ${call.name}`);
      return emitFunction(definition, call, context);
    }
  }
};

const emitFunction = (definition: ScalarDefinition, call: Call, context: Context): Atom => {
  const { writer } = context;
  const args = call.args.map((arg) => emit(arg, context));
  // The same function of the same names, to the same type from the same types, is the same value.
  const types = [call.type, ...call.args.map((arg) => arg.type)];
  const key = `${call.name}(${args.map((arg) => arg.code).join()})${JSON.stringify(types)}`;
  const known = writer.find(key);
  if (known !== undefined) return known;
  const atom = emitValue(definition, call, args, writer);
  writer.remember(key, atom);
  return atom;
};

const emitValue = (
  definition: ScalarDefinition,
  call: Call,
  args: readonly Atom[],
  writer: CodeWriter,
): Atom => {
  const value = valueCode(definition, call, args, writer);
  const nulls = definition.isStrict ? nullTests(args, '===', ' || ') : '';
  if (nulls === '') return writer.define(value, definition.canBeNull);
  return writer.define(`${nulls} ? null : ${value}`, true);
};

const nullTests = (args: readonly Atom[], test: '===' | '!==', between: string): string =>
  [...new Set(args.filter((arg) => arg.canBeNull).map((arg) => `${arg.code} ${test} null`))].join(between);

/** The value where no argument is null. */
const valueCode = (
  definition: ScalarDefinition,
  call: Call,
  args: readonly Atom[],
  writer: CodeWriter,
): string => {
  const binding = {
    types: call.args.map((arg) => arg.type),
    constants: call.args.map((arg) => (arg.op === 'literal' ? arg.value : undefined)),
    result: call.type,
  };
  const codes = args.map((arg) => arg.code);
  return (
    definition.inline?.(codes, binding, writer) ??
    `${writer.constant(definition.bind(binding))}(${codes.join(', ')})`
  );
};

/** Three-valued: what decides alone ends it, and UNKNOWN stays where nothing decides. */
const emitConnective = ({ name, args }: Call, context: Context): Atom => {
  const { writer } = context;
  const decisive = name === 'OR';
  const [first, ...rest] = args;
  const result = writer.variable();
  const start = emit(first!, context);
  writer.line(`${result} = ${start.code};`);
  let canBeNull = start.canBeNull;
  for (const arg of rest)
    writer.block(`${result} !== ${decisive}`, () => {
      const next = emit(arg, context);
      canBeNull ||= next.canBeNull;
      writer.line(`${result} = ${result} === null && ${next.code} !== ${decisive} ? null : ${next.code};`);
    });
  return { code: result, canBeNull };
};

/** One branch behind the other, and out at the first that holds: thousands of them are nested no deeper than one. */
const emitCase = (args: readonly PlanExpression[], context: Context): Atom => {
  const { writer } = context;
  const result = writer.variable();
  let canBeNull = false;
  const assign = (expression: PlanExpression): void => {
    const value = emit(expression, context);
    canBeNull ||= value.canBeNull;
    writer.line(`${result} = ${value.code};`);
  };
  writer.labeled((leave) => {
    for (let index = 0; index < args.length - 1; index += 2)
      writer.block(conditionOf(args[index]!, context), () => {
        assign(args[index + 1]!);
        writer.line(leave);
      });
    assign(args.at(-1)!);
  });
  return { code: result, canBeNull };
};

const emitCoalesce = (args: readonly PlanExpression[], context: Context): Atom => {
  const { writer } = context;
  const result = writer.variable();
  let canBeNull = true;
  writer.labeled((leave) => {
    for (const arg of args) {
      const value = emit(arg, context);
      writer.line(`${result} = ${value.code};`);
      writer.line(`if (${result} !== null) ${leave}`);
      canBeNull &&= value.canBeNull;
    }
  });
  return { code: result, canBeNull };
};

/** JavaScript that is true exactly where the expression is TRUE. What cannot change that any more is not evaluated. */
export const conditionOf = (expression: PlanExpression, context: Context): string => {
  const { writer } = context;
  if (expression.op !== 'call') return `${emit(expression, context).code} === true`;
  const { name, args } = expression;
  if (name === 'AND' || name === 'OR') {
    const [first, ...rest] = args;
    const result = writer.variable();
    writer.line(`${result} = ${conditionOf(first!, context)};`);
    for (const arg of rest)
      writer.block(name === 'AND' ? result : `!${result}`, () => {
        writer.line(`${result} = ${conditionOf(arg, context)};`);
      });
    return result;
  }
  if (name === 'NOT') return `${emit(args[0]!, context).code} === false`;
  const definition = findDefinition(name);
  if (definition === undefined || !definition.isStrict || definition.canBeNull || isCurrentTime(name))
    return `${emit(expression, context).code} === true`;
  const values = args.map((arg) => emit(arg, context));
  const nulls = nullTests(values, '!==', ' && ');
  const value = valueCode(definition, expression, values, writer);
  return nulls === '' ? `(${value})` : `(${nulls} && (${value}))`;
};
