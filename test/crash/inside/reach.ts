/**
 * The failpoints' trigger. Each place that a crash could fall on says its name here; at the one that the driver has chosen
 * the process ends with SIGKILL, which nothing in it can see coming. What is reached is told to the driver through a pipe that
 * outlives the process, at the 1st, 2nd, 4th, 8th … time: enough to choose by, and too little to disturb.
 */
import { writeSync } from 'node:fs';
import { readSettings } from './settings.ts';

/** The file descriptor of the pipe. */
const REPORT = 3;
const { failpoint } = readSettings();
const counts = new Map<string, number>();

/** Dies here when this is the place and time. */
export function reach(name: string): void {
  if (isDue(name)) die(name);
}

/** Counts one more time that the place is reached; true when the process is to die here. */
export function isDue(name: string): boolean {
  const count = (counts.get(name) ?? 0) + 1;
  counts.set(name, count);
  if ((count & (count - 1)) === 0) writeSync(REPORT, `reached ${name} ${count}\n`);
  return failpoint?.name === name && failpoint.at === count;
}

export function die(name: string): never {
  writeSync(REPORT, `killed ${name}\n`);
  process.kill(process.pid, 'SIGKILL');
  throw new Error('unreachable: the process is dead');
}

/** Is this the place that was chosen, whatever the count? */
export function isChosen(name: string): boolean {
  return failpoint?.name === name;
}

/** Runs an action between two places: `name.before` and `name.after`. */
export async function around<T>(name: string, action: () => Promise<T>): Promise<T> {
  reach(`${name}.before`);
  const result = await action();
  reach(`${name}.after`);
  return result;
}
