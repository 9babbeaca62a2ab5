/**
 * The paths of a schema as a tree, so that one walk over a document finds all that is wanted. Only columns that somebody reads are in it.
 */
import type { JsonPath, JsonPathStep } from './json-path.ts';
import type { RecordSchema } from './record-schema.ts';

export type Target = {
  /** Columns of the schema that take the value itself, an array or object as its text. */
  readonly columns: number[];
  readonly members: Member[];
  /** What to do with each element, where the schema asks for a row each. */
  elements: Target | undefined;
};

export type Member = {
  readonly key: string;
  /** The key and its closing quote, as UTF-8, where it has nothing that JSON escapes. */
  readonly keyBytes: Uint8Array;
  readonly target: Target;
};

export type Targets = {
  /** From the document to what holds the rows. */
  readonly rowPath: readonly string[];
  readonly row: Target;
  /** The columns that come from the elements of the list that is flattened; undefined where none is. */
  readonly flattened: readonly number[] | undefined;
};

export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

const target = (): Target => ({ columns: [], members: [], elements: undefined });

const memberOf = (parent: Target, key: string): Target => {
  const known = parent.members.find((member) => member.key === key);
  if (known !== undefined) return known.target;
  const member = { key, keyBytes: new TextEncoder().encode(`${key}"`), target: target() };
  parent.members.push(member);
  return member.target;
};

const isElements = (step: JsonPathStep | undefined): boolean => step?.kind === 'elements';
const isSameStep = (left: JsonPathStep, right: JsonPathStep | undefined): boolean =>
  left.kind === 'elements' ? isElements(right) : right?.kind === 'key' && right.key === left.key;

/** A mapping that repeats the row path, or says that the row itself is an element, means what lies in the row. */
const withinRow = (path: JsonPath, rowPath: JsonPath): JsonPath => {
  const repeats = rowPath.length > 0 && rowPath.every((step, index) => isSameStep(step, path[index]));
  const rest = repeats ? path.slice(rowPath.length) : path;
  return isElements(rest[0]) ? rest.slice(1) : rest;
};

/** Throws `SchemaError`: a list in a list, or two lists, would have to be flattened. */
export const targetsOf = (schema: RecordSchema, isUsed: readonly boolean[]): Targets => {
  if (schema.format.kind !== 'json') throw new SchemaError('Only JSON has paths');
  const rowPath = isElements(schema.format.rowPath.at(-1))
    ? schema.format.rowPath.slice(0, -1)
    : schema.format.rowPath;
  if (rowPath.some((step) => step.kind === 'elements'))
    throw new SchemaError('The RecordRowPath may name a list only at its end');
  const row = target();
  const flattened: number[] = [];
  let list: string | undefined;
  schema.columns.forEach(({ name, mapping }, column) => {
    if (mapping === undefined) throw new SchemaError(`The column ${name} has no mapping`);
    const path = withinRow(mapping, schema.format.kind === 'json' ? schema.format.rowPath : []);
    // `$.list[0:]` is the whole list in one row.
    const steps = isElements(path.at(-1)) ? path.slice(0, -1) : path;
    const at = steps.findIndex((step) => step.kind === 'elements');
    if (at >= 0) {
      if (steps.slice(at + 1).some((step) => step.kind === 'elements'))
        throw new SchemaError(`The mapping of ${name} would flatten a list within a list`);
      const key = JSON.stringify(steps.slice(0, at));
      if (list !== undefined && list !== key)
        throw new SchemaError('Only one list can be flattened in a schema');
      list = key;
    }
    if (isUsed[column] !== true) return;
    let place = row;
    for (const step of steps) {
      if (step.kind === 'key') place = memberOf(place, step.key);
      else place = place.elements ??= target();
    }
    place.columns.push(column);
    if (at >= 0) flattened.push(column);
  });
  return {
    rowPath: rowPath.map((step) => (step.kind === 'key' ? step.key : '')),
    row,
    flattened: list === undefined || flattened.length === 0 ? undefined : flattened,
  };
};
