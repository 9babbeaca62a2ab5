/**
 * Where a command writes. Output waits when the reader is slow, and a reader that has gone (`| head`) ends the command
 * quietly, as it should.
 */
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

export type Terminal = {
  readonly input: Readable;
  readonly inputIsTerminal: boolean;
  /** Results go to `print`, everything about them (progress, hints, errors) to `say`. */
  print(text: string | Uint8Array): Promise<void>;
  say(text: string): void;
  readonly outputIsTerminal: boolean;
  /** True when progress may be drawn with carriage returns. */
  readonly errorIsTerminal: boolean;
  readonly columns: number;
};

/** Thrown by `print` when the reader of the output has gone. */
export class OutputClosedError extends Error {
  override readonly name = 'OutputClosedError';
}

type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

export function createTerminal(streams: {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Output;
  readonly error: Output;
}): Terminal {
  const { input, output, error } = streams;
  let closed = false;
  output.on('error', () => (closed = true));
  error.on('error', () => {});
  return {
    input,
    inputIsTerminal: input.isTTY === true,
    async print(text) {
      if (closed) throw new OutputClosedError();
      if (output.write(text)) return;
      // A closed pipe says 'close' and never 'drain'.
      const settled = new AbortController();
      await Promise.race([
        once(output, 'drain', { signal: settled.signal }),
        once(output, 'close', { signal: settled.signal }),
      ]).catch(() => {});
      settled.abort();
      if (closed) throw new OutputClosedError();
    },
    say(text) {
      error.write(text);
    },
    outputIsTerminal: output.isTTY === true,
    errorIsTerminal: error.isTTY === true,
    columns: error.columns || 80,
  };
}
