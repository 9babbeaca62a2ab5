/** The thread of targets that do what no server may do, to see that the campaign notices. */
import type { OpenTarget, Target } from './target.ts';
import { work } from './work.ts';

const kept: unknown[] = [];

const PLANTED: Readonly<Record<string, (index: number) => void | Promise<void>>> = {
  hang(index) {
    if (index === 2) for (;;);
  },
  exit(index) {
    if (index === 2) process.exit(7);
  },
  async stray(index) {
    if (index !== 2) return;
    void Promise.reject(new Error('planted'));
    await new Promise((resolve) => void setImmediate(resolve));
  },
  leak() {
    kept.push(Array.from({ length: 2500 }, () => kept.length));
  },
  sound() {},
};

const targets = Object.entries(PLANTED).map(([name, act]): Target => {
  let index = 0;
  const open: OpenTarget = {
    generate: (dice) => dice.bytes(4),
    async check() {
      await act(index++);
      return 'done';
    },
    async [Symbol.asyncDispose]() {},
  };
  return { name, about: name, weight: 1, open: async () => open };
});

await work(targets);
