/**
 * Compiles a shape into the check of its constraints, with AWS's messages: "2 validation errors detected: Value '' at
 * 'streamName' failed to satisfy constraint: Member must …; Value null at …". At most ten are told. Constraints
 * of strings and numbers in a list, and of a map's keys and values, are told of the list or map as a whole.
 */
import { compiledOnce } from './compiled-once.ts';
import { Packed, unpack } from './packed.ts';
import { compilePackedCheck } from './packed-validator.ts';
import { compilePattern } from './pattern.ts';
import { repeated } from './serialization.ts';
import { ServiceError } from './service-error.ts';
import type { ListShape, MapShape, NumberShape, Shape, StringShape, StructureShape } from './shape.ts';

/** AWS stops counting there (kinesalite, recorded). */
const ERRORS_MAX = 10;

/** Throws `ServiceError` ValidationException naming every constraint that `value`, as a decoder made it, breaks. */
export type Validate = (value: unknown) => void;

type Report = {
  readonly errors: string[];
  readonly javaPackage: string;
  readonly hidesValues: boolean;
  /** Where the check is: names of members, indexes in lists, keys of maps. Made into a text only for an error. */
  readonly path: (string | number)[];
};

/** Adds what is wrong with `value`, which is not null and stands at the report's path. */
type Check = (value: unknown, report: Report) => void;

/**
 * `javaPackage` is what the name of a structure is printed with, for example `com.amazonaws.kinesis.v20131202`. A service that hides values tells of lengths
 * first too (see `Service`).
 */
export function compileValidator(shape: StructureShape, javaPackage: string, hidesValues = false): Validate {
  const check = checkOf(shape);
  return (value) => {
    const report: Report = { errors: [], javaPackage, hidesValues, path: [] };
    check(value, report);
    const { errors } = report;
    if (errors.length === 0) return;
    const plural = errors.length === 1 ? 'error' : 'errors';
    throw new ServiceError(
      'ValidationException',
      `${errors.length} validation ${plural} detected: ${errors.join('; ')}`,
    );
  };
}

const checkOf = compiledOnce<Check>(compile);

function compile(shape: Shape): Check {
  switch (shape.kind) {
    case 'list':
      return listCheck(shape);
    case 'map':
      return mapCheck(shape);
    case 'structure':
      return structureCheck(shape);
    default: {
      const constraints = constraintsOf(shape);
      const lengthsFirst = constraints.toSorted(
        (left, right) => Number(right.isLength ?? false) - Number(left.isLength ?? false),
      );
      return (value, report) => {
        for (const { holds, text } of report.hidesValues ? lengthsFirst : constraints) {
          if (!holds(value)) fail(report, shape, value, text);
        }
      };
    }
  }
}

function fail(report: Report, shape: Shape, value: unknown, text: string): void {
  if (report.errors.length === ERRORS_MAX) return;
  report.errors.push(
    `Value ${printed(report, shape, value)}at '${pathText(report.path)}' failed to satisfy constraint: ${text}`,
  );
}

function printed(report: Report, shape: Shape, value: unknown): string {
  if (report.hidesValues) return '';
  return value === null ? 'null ' : `'${repeated(print(shape, value, report.javaPackage))}' `;
}

/** `records.1.member.data`: indexes count from one. */
function pathText(path: readonly (string | number)[]): string {
  return path.map((part) => (typeof part === 'number' ? `${part + 1}.member` : part)).join('.');
}

type Constraint = {
  readonly holds: (value: never) => boolean;
  readonly text: string;
  readonly isLength?: true;
};
type Holds = Constraint & { readonly holds: (value: unknown) => boolean };

/** The constraints of a value that holds no others, in the order in which they are told. */
function constraintsOf(shape: Shape): readonly Holds[] {
  switch (shape.kind) {
    case 'string':
      return stringConstraints(shape) as Holds[];
    case 'blob':
      return lengthConstraints(shape, (value: Uint8Array) => value.length) as Holds[];
    case 'integer':
    case 'long':
    case 'double':
      return numberConstraints(shape) as Holds[];
    default:
      return [];
  }
}

function stringConstraints(shape: StringShape): Constraint[] {
  const constraints: Constraint[] = [];
  const { pattern, values } = shape;
  if (pattern !== undefined) {
    constraints.push({
      holds: compilePattern(pattern),
      text: `Member must satisfy regular expression pattern: ${pattern}`,
    });
  }
  if (values !== undefined) {
    constraints.push({
      holds: (value: string) => values.includes(value),
      text: `Member must satisfy enum value set: [${values.join(', ')}]`,
    });
  }
  return [...constraints, ...lengthConstraints(shape, (value: string) => value.length)];
}

function lengthConstraints<V>(
  { min, max }: { readonly min?: number; readonly max?: number },
  lengthOf: (value: V) => number,
): { holds: (value: V) => boolean; text: string; isLength: true }[] {
  const constraints: ReturnType<typeof lengthConstraints<V>> = [];
  if (min !== undefined) {
    constraints.push({
      holds: (value: V) => lengthOf(value) >= min,
      text: `Member must have length greater than or equal to ${min}`,
      isLength: true,
    });
  }
  if (max !== undefined) {
    constraints.push({
      holds: (value: V) => lengthOf(value) <= max,
      text: `Member must have length less than or equal to ${max}`,
      isLength: true,
    });
  }
  return constraints;
}

function numberConstraints({ min, max }: NumberShape): Constraint[] {
  const constraints: Constraint[] = [];
  if (min !== undefined) {
    constraints.push({
      holds: (value: number) => value >= min,
      text: `Member must have value greater than or equal to ${min}`,
    });
  }
  if (max !== undefined) {
    constraints.push({
      holds: (value: number) => value <= max,
      text: `Member must have value less than or equal to ${max}`,
    });
  }
  return constraints;
}

function structureCheck(shape: StructureShape): Check {
  const members = Object.entries(shape.members).map(([name, member]) => ({
    name,
    pathName: name.charAt(0).toLowerCase() + name.slice(1),
    required: member.required,
    check: checkOf(member.shape),
  }));
  return (value, report) => {
    for (const { name, pathName, required, check } of members) {
      const member = (value as Record<string, unknown>)[name];
      if (member === undefined && !required) continue;
      report.path.push(pathName);
      if (member !== undefined) check(member, report);
      else fail(report, shape, null, NOT_NULL);
      report.path.pop();
    }
  };
}

const NOT_NULL = 'Member must not be null';

function listCheck(shape: ListShape): Check {
  const lengths = lengthConstraints(shape, (value: readonly unknown[]) => value.length);
  const checkElements = holdsOthers(shape.member) ? nestedElements(shape) : plainElements(shape);
  const columnsHold = shape.packed === true ? compilePackedCheck(shape) : undefined;
  return (value, report) => {
    if (value instanceof Packed && columnsHold?.(value) === true) return;
    const list = unpack(value as readonly unknown[] | Packed<unknown>);
    for (const { holds, text } of lengths) if (!holds(list)) fail(report, shape, list, text);
    checkElements(list, report);
  };
}

function holdsOthers(shape: Shape): boolean {
  return shape.kind === 'structure' || shape.kind === 'list' || shape.kind === 'map';
}

/** Elements that are structures, lists or maps: each is told by its place, counted from 1. */
function nestedElements(shape: ListShape): Check {
  const check = checkOf(shape.member);
  return (value, report) => {
    const list = value as readonly unknown[];
    for (let index = 0; index < list.length; index += 1) {
      const element = list[index];
      report.path.push(index);
      if (element === null) fail(report, shape, null, NOT_NULL);
      else check(element, report);
      report.path.pop();
    }
  };
}

function plainElements(shape: ListShape): Check {
  const constraints = constraintsOf(shape.member);
  const text = `Member must satisfy constraint: ${bracketed(constraints)}`;
  return (value, report) => {
    const list = value as readonly unknown[];
    if (list.includes(null)) fail(report, shape, list, `Member must satisfy constraint: [${NOT_NULL}]`);
    else if (!list.every((element) => allHold(constraints, element))) fail(report, shape, list, text);
  };
}

function allHold(constraints: readonly Holds[], value: unknown): boolean {
  for (const { holds } of constraints) if (!holds(value)) return false;
  return true;
}

/** AWS names the constraints of elements from the last to the first: the greatest length, the smallest, the pattern. */
function bracketed(constraints: readonly Holds[]): string {
  return `[${constraints
    .map(({ text }) => text)
    .toReversed()
    .join(', ')}]`;
}

function mapCheck(shape: MapShape): Check {
  const lengths = lengthConstraints(shape, (value: ReadonlyMap<string, unknown>) => value.size);
  const keyConstraints = constraintsOf(shape.key);
  const keyText = `Map keys must satisfy constraint: ${bracketed(keyConstraints)}`;
  const checkValues = holdsOthers(shape.value) ? nestedValues(shape) : plainValues(shape);
  return (value, report) => {
    const map = value as ReadonlyMap<string, unknown>;
    for (const { holds, text } of lengths) if (!holds(map)) fail(report, shape, map, text);
    if (![...map.keys()].every((key) => allHold(keyConstraints, key))) fail(report, shape, map, keyText);
    checkValues(map, report);
  };
}

function nestedValues(shape: MapShape): Check {
  const check = checkOf(shape.value);
  return (value, report) => {
    for (const [key, entry] of value as ReadonlyMap<string, unknown>) {
      report.path.push(key, 'member');
      if (entry === null) fail(report, shape, null, NOT_NULL);
      else check(entry, report);
      report.path.length -= 2;
    }
  };
}

function plainValues(shape: MapShape): Check {
  const constraints = constraintsOf(shape.value);
  const text = `Map value must satisfy constraint: ${bracketed(constraints)}`;
  return (value, report) => {
    const values = [...(value as ReadonlyMap<string, unknown>).values()];
    if (values.includes(null)) fail(report, shape, value, `Map value must satisfy constraint: [${NOT_NULL}]`);
    else if (!values.every((entry) => allHold(constraints, entry))) fail(report, shape, value, text);
  };
}

/**
 * A value as Java prints it. Java ends the name of a structure in a list with the object's hash, which differs from run to run;
 * here it is always the one that kinesalite recorded.
 */
function print(shape: Shape, value: unknown, javaPackage: string): string {
  if (value === null) return 'null';
  switch (shape.kind) {
    case 'blob': {
      const { length } = value as Uint8Array;
      return `java.nio.HeapByteBuffer[pos=0 lim=${length} cap=${length}]`;
    }
    case 'list': {
      const elements = unpack(value as readonly unknown[] | Packed<unknown>).map((element) =>
        print(shape.member, element, javaPackage),
      );
      return `[${elements.join(', ')}]`;
    }
    case 'map': {
      const entries = [...(value as ReadonlyMap<string, unknown>)].map(
        ([key, entry]) => `${key}=${print(shape.value, entry, javaPackage)}`,
      );
      return `{${entries.join(', ')}}`;
    }
    case 'structure':
      return `${javaPackage}.${shape.name}@c965e310`;
    default:
      return String(value);
  }
}
