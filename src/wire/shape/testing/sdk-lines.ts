/**
 * What the declarations and the schemas of an installed AWS SDK say of members, in the same words, so that a test can compare them. The SDK
 * drops bounds and patterns.
 */
import type { Shape } from '../shape.ts';

/** The SDK's schemas: a number for a simple kind, or a tuple that begins with 0 simple kind, 1 list, 2 map, 3 structure, 4 union, 9 operation, -3 error. */
export type Schema = number | string | readonly unknown[] | (() => Schema);

const SIMPLE: Readonly<Record<number, string>> = {
  0: 'string',
  1: 'number',
  2: 'boolean',
  4: 'timestamp',
  21: 'blob',
};
const LIST_OF = 64;
const MAP_OF = 128;

/** One line for each member: `CreateStreamInput.Tags?: map of string`. A structure's own lines follow where it is first met. */
export function linesOfSchema(schema: Schema, lines: Set<string>): string {
  if (typeof schema === 'function') return linesOfSchema(schema(), lines);
  if (schema === 'unit') return 'nothing';
  if (typeof schema === 'number') {
    if (schema >= MAP_OF) return `map of ${SIMPLE[schema - MAP_OF]}`;
    if (schema >= LIST_OF) return `list of ${SIMPLE[schema - LIST_OF]}`;
    return SIMPLE[schema] ?? `unknown kind ${schema}`;
  }
  const [kind, , name, , names, schemas, requiredCount] = schema as readonly unknown[];
  // A schema with traits of its own comes as a pair.
  if (typeof kind !== 'number') return linesOfSchema(kind as Schema, lines);
  switch (kind) {
    // A simple kind with a name of its own, because it is sensitive.
    case 0:
      return linesOfSchema(names as Schema, lines);
    case 1:
      return `list of ${linesOfSchema(names as Schema, lines)}`;
    case 2:
      return `map of ${linesOfSchema(schemas as Schema, lines)}`;
    case 3:
    case 4:
      // Structures may hold themselves.
      if (isBegun(schema, lines)) return String(name);
      (names as readonly string[]).forEach((member, index) => {
        const memberSchema = (schemas as readonly Schema[])[index]!;
        if (kind === 4 && isError(memberSchema)) return;
        const mark = index < ((requiredCount as number | undefined) ?? 0) ? '' : '?';
        lines.add(`${name}.${member}${mark}: ${linesOfSchema(memberSchema, lines)}`);
      });
      return String(name);
    default:
      return `unknown schema ${kind}`;
  }
}

const begun = new WeakMap<Set<string>, Set<unknown>>();

function isBegun(schema: Schema, lines: Set<string>): boolean {
  const known = begun.get(lines) ?? new Set();
  begun.set(lines, known);
  return known.size === known.add(schema).size;
}

/** Errors that end an event stream are members of it in the SDK; here the road makes messages of them. */
function isError(schema: Schema): boolean {
  const whole = typeof schema === 'function' ? schema() : schema;
  if (!Array.isArray(whole)) return false;
  return typeof whole[0] === 'number' ? whole[0] === -3 : isError(whole[0] as Schema);
}

export function linesOfShape(shape: Shape, lines: Set<string>): string {
  switch (shape.kind) {
    case 'integer':
    case 'long':
    case 'double':
      return 'number';
    case 'list':
      return `list of ${linesOfShape(shape.member, lines)}`;
    case 'map':
      return `map of ${linesOfShape(shape.value, lines)}`;
    case 'structure':
      for (const [name, member] of Object.entries(shape.members)) {
        const mark = member.required ? '' : '?';
        lines.add(`${shape.name}.${name}${mark}: ${linesOfShape(member.shape, lines)}`);
      }
      return shape.name;
    case 'eventStream':
      for (const [name, event] of Object.entries(shape.events)) {
        lines.add(`${shape.name}.${name}?: ${linesOfShape(event.shape, lines)}`);
      }
      return shape.name;
    default:
      return shape.kind;
  }
}
