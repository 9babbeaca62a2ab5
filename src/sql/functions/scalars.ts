/**
 * Every scalar function and operator by its name, in capitals. Names with blanks are of special syntax: `IS NULL`, `SIMILAR TO`, `FLOOR TO`.
 */
import { ARITHMETIC } from './arithmetic.ts';
import { ASSIGN_TEXT, CAST } from './cast.ts';
import { COMPARISONS } from './comparison.ts';
import { CURRENT_TIMES } from './current-time.ts';
import type { ScalarDefinition } from './definition.ts';
import type { ScalarFunction } from './function.ts';
import { LOGIC } from './logic.ts';

const SCALARS: ReadonlyMap<string, ScalarDefinition> = new Map(
  [...ARITHMETIC, CAST, ASSIGN_TEXT, ...COMPARISONS, ...LOGIC, ...CURRENT_TIMES].map((definition) => [
    definition.name,
    definition,
  ]),
);

export const findScalar = (name: string): ScalarFunction | undefined => SCALARS.get(name);

/** With what the compiler needs. */
export const findDefinition = (name: string): ScalarDefinition | undefined => SCALARS.get(name);
