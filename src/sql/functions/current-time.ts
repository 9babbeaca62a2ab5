/**
 * The times that come from outside a row. CURRENT_ROW_TIMESTAMP is what the program was last told the time is; all others stand still from its start.
 * Their value is the compiler's to read (`Times` in `compile/compile.ts`); what stands here is their types.
 */
import type { SqlType } from '../types.ts';
import { call, expectCount, lenient, type ScalarDefinition } from './definition.ts';

const TYPES: Readonly<Record<string, SqlType>> = {
  CURRENT_ROW_TIMESTAMP: { name: 'TIMESTAMP' },
  CURRENT_TIMESTAMP: { name: 'TIMESTAMP' },
  LOCALTIMESTAMP: { name: 'TIMESTAMP' },
  CURRENT_DATE: { name: 'DATE' },
  CURRENT_TIME: { name: 'TIME' },
  LOCALTIME: { name: 'TIME' },
};

export const isCurrentTime = (name: string): boolean => name in TYPES;

export const CURRENT_TIMES: readonly ScalarDefinition[] = Object.entries(TYPES).map(([name, type]) =>
  lenient({
    name,
    signature: name,
    // CURRENT_TIMESTAMP(3) is the same: there are milliseconds and nothing else.
    kinds: ['integer'],
    resolve: (args, { span }) => {
      expectCount(args, 0, 1, { name, signature: name }, span);
      return call(name, [], type, span);
    },
    bind: () => () => {
      throw new TypeError(`${name} is read from the times of the program`);
    },
  }),
);
