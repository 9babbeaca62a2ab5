/**
 * Every scalar function and operator by its name, in capitals. Names with blanks are of special syntax: `IS NULL`, `SIMILAR TO`, `FLOOR TO`.
 */
import { ARITHMETIC } from './arithmetic.ts';
import { CAST } from './cast.ts';
import { COMPARISONS } from './comparison.ts';
import { CURRENT_TIMES } from './current-time.ts';
import { DATE_FORMATS } from './date-formats.ts';
import type { ScalarDefinition } from './definition.ts';
import type { ScalarFunction } from './function.ts';
import { LIKES } from './like.ts';
import { LOG_PARSERS } from './log-parsers.ts';
import { LOGIC } from './logic.ts';
import { MONOTONICS } from './monotonic.ts';
import { NUMERIC } from './numeric.ts';
import { REGEX_REPLACES } from './regex-replace.ts';
import { ROUNDING_TIMES } from './rounding-times.ts';
import { STRINGS } from './strings.ts';
import { SUBSTRINGS } from './substring.ts';
import { TEMPORAL } from './temporal.ts';

const SCALARS: ReadonlyMap<string, ScalarDefinition> = new Map(
  [
    ...ARITHMETIC,
    CAST,
    ...DATE_FORMATS,
    ...COMPARISONS,
    ...LOGIC,
    ...CURRENT_TIMES,
    ...LIKES,
    ...LOG_PARSERS,
    ...MONOTONICS,
    ...NUMERIC,
    ...REGEX_REPLACES,
    ...ROUNDING_TIMES,
    ...STRINGS,
    ...SUBSTRINGS,
    ...TEMPORAL,
  ].map((definition) => [definition.name, definition]),
);

export const findScalar = (name: string): ScalarFunction | undefined => SCALARS.get(name);

/** With what the compiler needs. */
export const findDefinition = (name: string): ScalarDefinition | undefined => SCALARS.get(name);

/** All names, those of special syntax too. */
export const scalarNames = (): readonly string[] => [...SCALARS.keys()];
