import { createInterface } from 'node:readline/promises';
import type { Terminal } from './terminal.ts';

/** Asks on a terminal; true when exactly `wanted` was typed. */
export async function confirmed(
  question: string,
  wanted: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  terminal.say(question);
  const lines = createInterface({ input: terminal.input });
  try {
    return (await lines.question('', { signal })) === wanted;
  } finally {
    lines.close();
  }
}
