/**
 * ANOMALY_EXPLANATION: JSON with what each column brings to the score, in texts of four decimals (AWS's page "Examine the Results"). A column's part of a
 * shingle is the sum over its rows.
 *
 * The documents do not say how STRENGTH is computed. Theirs go from 0.02 for usual values to 7.1 for far ones, above the attribution itself, as the
 * ratio between the two directions does: how many times the stronger one exceeds the weaker.
 */
import type { Attribution } from './forest.ts';

export const NOT_EXPLAINED: Attribution = { high: new Float64Array(0), low: new Float64Array(0) };

/** The weaker direction counts as a hundredth of the whole at least, so that the strength stays finite. */
const WEAKEST = 0.01;

export const explanation = (
  names: readonly string[],
  { high, low }: Attribution,
  isDirected: boolean,
): string => {
  const columns = names.map((name, column) => {
    let [above, below] = [0, 0];
    for (let dimension = column; dimension < high.length; dimension += names.length) {
      above += high[dimension] as number;
      below += low[dimension] as number;
    }
    const total = above + below;
    const parts = [`"ATTRIBUTION_SCORE":"${total.toFixed(4)}"`];
    if (isDirected) {
      const weaker = Math.max(Math.min(above, below), total * WEAKEST);
      const strength = total === 0 ? 0 : Math.abs(above - below) / weaker;
      parts.unshift(`"DIRECTION":"${above > below ? 'HIGH' : 'LOW'}"`, `"STRENGTH":"${strength.toFixed(4)}"`);
    }
    return `${JSON.stringify(name)}:{${parts.join(',')}}`;
  });
  return `{${columns.join(',')}}`;
};
