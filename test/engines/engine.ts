/**
 * What `test:engines` runs. An engine is a real server of somebody else's, or a foreign reader: installed once below the user's cache folder, and a
 * server is started for each suite anew. A suite is a program beside its declaration (`main.ts`), mostly of node:test; it is told of its engines by
 * environment variables, and can start one itself when it wants to stop it midway.
 */
import type { Installation } from '../clients/installation.ts';
import type { Runtime } from '../clients/runtime.ts';

export type RunningEngine = {
  /** What a suite must know to use it, such as VERSITYGW_URL. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends it, gently where that takes no time. Its folder is removed by whoever made it. */
  readonly stop: () => Promise<void>;
};

export type Engine = {
  readonly name: string;
  readonly installations: readonly Installation[];
  readonly needs: readonly Runtime[];
  /** Answers when it serves, on loopback, at a free port. All that it writes lies in `folder`, which is there and empty. */
  readonly start: (folder: string) => Promise<RunningEngine>;
};

export type EngineSuite = {
  readonly name: string;
  /** One sentence for --list: which foreign programs, and what is asked of them. */
  readonly what: string;
  readonly engines: readonly Engine[];
  /** Beyond those of the engines, such as readers. */
  readonly installations: readonly Installation[];
  /** What has to be on the machine, beyond what the installations need. */
  readonly needs: readonly Runtime[];
  /** The program: `node --test-reporter=tap FILE`. It exits 0, and counts by node:test, or by a last line `N passed, M failed`. */
  readonly file: string;
  readonly timeoutMs: number;
};
