/** One start of an application, kept in `applications.run_json`, so that a restart of the server goes on with it. Persisted: nothing is renamed. */
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { InputStartingPosition } from '../shapes/both.ts';
import type { RunConfigurationDescription } from '../shapes/v2/run.ts';

export type StartingPosition = TypeOf<typeof InputStartingPosition>;

export type Run = {
  /** 1, and one more with each start. */
  readonly number: number;
  /** What CURRENT_TIMESTAMP is in this run. */
  readonly startMs: number;
  /** By the inputs' ids, as the start asked for them. */
  readonly positions: { readonly [inputId: string]: StartingPosition };
  /** Flink's part of the start, as it is described. */
  readonly flink?: TypeOf<typeof RunConfigurationDescription> | undefined;
};
