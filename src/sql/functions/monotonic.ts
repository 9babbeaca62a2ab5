/** MONOTONIC(x) is x: the checker takes the program at its word that it only grows or only falls. */
import { call, expectCount, type ScalarDefinition, strict } from './definition.ts';
import type { SqlValue } from '../value.ts';

const MONOTONIC = strict({
  name: 'MONOTONIC',
  signature: 'MONOTONIC(<any>)',
  kinds: ['any'],
  resolve: (args, { span }) => {
    expectCount(args, 1, 1, MONOTONIC, span);
    return call('MONOTONIC', args, args[0]!.type, span);
  },
  bind: () => (value: SqlValue) => value,
  inline: ([value]) => value!,
});

export const MONOTONICS: readonly ScalarDefinition[] = [MONOTONIC];
