/** All builtins that are written in TypeScript; those that are written in jq are in `definitions.ts`. */
import type { Builtins } from './builtin.ts';
import { COLLECTIONS } from './collections.ts';
import { FLOW } from './flow.ts';
import { FORMATS } from './formats.ts';
import { NUMBERS } from './numbers.ts';
import { PATHS } from './paths.ts';
import { PATTERNS } from './patterns.ts';
import { STRINGS } from './strings.ts';
import { TIMES } from './times.ts';

export const BUILTINS: Builtins = {
  ...FLOW,
  ...PATHS,
  ...COLLECTIONS,
  ...STRINGS,
  ...FORMATS,
  ...PATTERNS,
  ...NUMBERS,
  ...TIMES,
};
