/** Dice that one seed decides: xoshiro128** seeded by splitmix32. Never for keys of a real server. */
import type { Dice } from '../host.ts';

export function createSimulatedDice(seed: number): Dice {
  let mixed = seed >>> 0;
  const splitmix = (): number => {
    mixed = (mixed + 0x9e3779b9) >>> 0;
    let value = mixed;
    value = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
    value = Math.imul(value ^ (value >>> 15), 0x735a2d97);
    return (value ^ (value >>> 15)) >>> 0;
  };
  let [a, b, c, d] = [splitmix(), splitmix(), splitmix(), splitmix()];

  function next(): number {
    const scrambled = Math.imul(b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  }

  function fill(target: Uint8Array): void {
    for (let index = 0, word = 0; index < target.length; index++) {
      if (index % 4 === 0) word = next();
      target[index] = word & 0xff;
      word >>>= 8;
    }
  }

  return {
    fill,
    bytes(count) {
      const target = new Uint8Array(count);
      fill(target);
      return target;
    },
    integer: (below) => Math.floor((next() / 2 ** 32) * below),
  };
}
