/** What the driver tells the server's process, in one environment variable, before it starts. */
import type { SegmentLogSizes } from '../../../src/log/segments/sizes.ts';

export const SETTINGS_VARIABLE = 'MILLRACE_CRASH_TEST';

export type Settings = {
  /** The process kills itself when it comes by this place for the `at`th time. */
  readonly failpoint: { readonly name: string; readonly at: number } | undefined;
  /** The server's clock: it said `startMs` when the real one said `realStartMs`, and runs `speed` times as fast. */
  readonly clock: { readonly speed: number; readonly realStartMs: number; readonly startMs: number };
  /** Small files, so that they are rolled, rewritten and removed within a second. */
  readonly sizes: Partial<SegmentLogSizes>;
};

export function readSettings(): Settings {
  const text = process.env[SETTINGS_VARIABLE];
  if (text === undefined) throw new Error(`${SETTINGS_VARIABLE} is not set`);
  return JSON.parse(text) as Settings;
}
