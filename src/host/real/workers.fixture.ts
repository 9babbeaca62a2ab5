/** Tasks that the tests of worker threads give away. */
import type { WorkerTask } from '../workers.ts';

export const doubled: WorkerTask<Uint8Array, Uint8Array> = {
  module: import.meta.url,
  name: 'doubled',
  run: (input) => input.map((byte) => byte * 2),
  given: (output) => [output.buffer as ArrayBuffer],
};

export const failing: WorkerTask<string, never> = {
  module: import.meta.url,
  name: 'failing',
  run: (message) => {
    throw new TypeError(message);
  },
};

/** Never ends by itself. */
export const greedy: WorkerTask<undefined, never> = {
  module: import.meta.url,
  name: 'greedy',
  run: () => {
    const kept: string[][] = [];
    for (;;) kept.push(Array.from({ length: 100_000 }, (_, index) => `${index}`));
  },
};
