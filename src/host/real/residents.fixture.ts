/** Residents for the tests of their threads. */
import type { ResidentKind } from '../residents.ts';

export const counter: ResidentKind<number, number, { readonly sum: number; readonly bytes: Uint8Array }> = {
  module: import.meta.url,
  name: 'counter',
  open: (start) => {
    let sum = start;
    return {
      answer: (add) => {
        if (Number.isNaN(add)) throw new TypeError('no number');
        sum += add;
        return { sum, bytes: new Uint8Array(4).fill(sum) };
      },
      given: ({ bytes }) => [bytes.buffer as ArrayBuffer],
    };
  },
};

export const greedy: ResidentKind<null, null, never> = {
  module: import.meta.url,
  name: 'greedy',
  open: () => ({
    answer: () => {
      const kept: string[][] = [];
      for (;;) kept.push(Array.from({ length: 100_000 }, (_, index) => `${index}`));
    },
  }),
};

export const closed: ResidentKind<string, null, null> = {
  module: import.meta.url,
  name: 'closed',
  open: (reason) => {
    throw new Error(reason);
  },
};
