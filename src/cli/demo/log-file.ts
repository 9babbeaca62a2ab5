/** A real log file that is on every machine where the demo was installed: the longest of npm's own newest debug logs. */
import { readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Environment } from '../command.ts';

/** npm itself keeps ten. */
const NEWEST = 100;

/** Undefined when npm keeps no logs here. */
export function findLogFile(
  environment: Environment,
): { readonly file: string; readonly bytes: number } | undefined {
  const home = environment['HOME'] || homedir();
  const directories = [
    environment['npm_config_logs_dir'],
    environment['npm_config_cache'] && path.join(environment['npm_config_cache'], '_logs'),
    path.join(home, '.npm', '_logs'),
    environment['LOCALAPPDATA'] && path.join(environment['LOCALAPPDATA'], 'npm-cache', '_logs'),
  ];
  for (const directory of directories) {
    if (!directory) continue;
    const found = logsIn(directory)
      .slice(-NEWEST)
      .map((file) => ({ file, bytes: statSync(file, { throwIfNoEntry: false })?.size ?? 0 }))
      .toSorted((left, right) => right.bytes - left.bytes)[0];
    if (found !== undefined && found.bytes > 0) return found;
  }
  return undefined;
}

/** Oldest first: the names begin with the time. */
function logsIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.log'))
      .toSorted()
      .map((name) => path.join(directory, name));
  } catch {
    return [];
  }
}
