/** The table functions by name. The checker has made their arguments complete and has looked at their limits. */
import { assert } from '../../base/assert.ts';
import type { Operator, Receiver } from '../engine/operator.ts';
import { isBeforeOf } from '../functions/comparison.ts';
import type { Relation } from '../plan/plan.ts';
import type { Column } from '../types.ts';
import type { SqlValue } from '../value.ts';
import { DistinctCount } from './distinct-count.ts';
import { GroupRank } from './group-rank.ts';
import { Hotspots } from './hotspots.ts';
import { RandomCutForest } from './random-cut-forest.ts';
import { SpaceSaving } from './space-saving.ts';
import { Tumbling } from './tumbling.ts';

const SECOND_MS = 1000;

export const tableFunction = (
  { name, args, input: { columns } }: Extract<Relation, { op: 'table function' }>,
  seed: number,
  /** A value as text, by the type of its column. */
  textOf: (column: Column) => (value: SqlValue) => string,
  out: Receiver,
): Operator => {
  switch (name) {
    case 'RANDOM_CUT_FOREST':
    case 'RANDOM_CUT_FOREST_WITH_EXPLANATION': {
      const [trees, sampleSize, timeDecay, shingle, isDirected] = args as readonly [
        number,
        number,
        number,
        number,
        boolean?,
      ];
      const isExplained = name === 'RANDOM_CUT_FOREST_WITH_EXPLANATION';
      return new RandomCutForest(
        {
          columns,
          trees,
          sampleSize,
          timeDecay,
          shingle,
          isDirected: isExplained ? isDirected === true : undefined,
          seed,
        },
        out,
      );
    }
    case 'HOTSPOTS': {
      const [windowSize, scanRadius, pointsMin] = args as readonly [number, number, number];
      return new Hotspots({ columns, windowSize, scanRadius, pointsMin }, out);
    }
    case 'TOP_K_ITEMS_TUMBLING': {
      const [column, k, windowSeconds] = args as readonly [string, number, number];
      const index = indexOf(columns, column);
      const gathering = new SpaceSaving(k, textOf(columns[index - 1] as Column));
      return new Tumbling(gathering, index, windowSeconds * SECOND_MS, out);
    }
    case 'COUNT_DISTINCT_ITEMS_TUMBLING': {
      const [column, windowSeconds] = args as readonly [string, number];
      return new Tumbling(new DistinctCount(), indexOf(columns, column), windowSeconds * SECOND_MS, out);
    }
    case 'GROUP_RANK': {
      const [column, , sortOrder, outputOrder, , outputMax] = args as readonly [
        string,
        string,
        string,
        string,
        number,
        number,
      ];
      const index = indexOf(columns, column);
      const parts = {
        index,
        isBefore: isBeforeOf((columns[index - 1] as Column).type),
        isDescending: sortOrder === 'desc',
        isOutputDescending: outputOrder === 'desc',
        outputMax,
      };
      return new GroupRank(parts, out);
    }
    default:
      assert(false, `${name} is a table function`);
  }
};

const indexOf = (columns: readonly Column[], name: string): number => {
  const index = columns.findIndex((column) => column.name === name);
  assert(index >= 0, `the cursor has a column ${name}`);
  return index + 1;
};
