/** Writes a tree as CBOR, in any of the forms that RFC 8949 leaves open: widths, indefinite lengths, chunks, tags, floats. */
import type { Dice } from '../../src/host/host.ts';
import { once, pick } from '../mutate.ts';
import { Entries, type Tree } from './tree.ts';

const BREAK = Buffer.from([0xff]);

export function asCbor(dice: Dice, tree: Tree): Buffer {
  const parts: Uint8Array[] = [];
  const odd = once(dice, 3);

  function head(major: number, argument: number): void {
    const widths = [1, 2, 4, 8].filter((width) => argument < 2 ** (8 * width));
    if (argument < 24 && !(odd && once(dice, 8))) parts.push(Buffer.from([(major << 5) | argument]));
    else {
      const width = odd ? pick(dice, widths) : widths[0]!;
      const bytes = Buffer.alloc(1 + width);
      bytes[0] = (major << 5) | (24 + Math.log2(width));
      if (width === 8) bytes.writeBigUInt64BE(BigInt(argument), 1);
      else bytes.writeUIntBE(argument, 1, width);
      parts.push(bytes);
    }
  }

  function strings(major: number, bytes: Uint8Array): void {
    if (!odd || !once(dice, 6)) {
      head(major, bytes.length);
      parts.push(bytes);
      return;
    }
    parts.push(Buffer.from([(major << 5) | 31]));
    const middle = dice.integer(bytes.length + 1);
    for (const chunk of [bytes.subarray(0, middle), bytes.subarray(middle)]) {
      head(major, chunk.length);
      parts.push(chunk);
    }
    parts.push(BREAK);
  }

  function number(value: number): void {
    const whole =
      Number.isInteger(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER && !Object.is(value, -0);
    if (whole && !(odd && once(dice, 5))) {
      if (value >= 0) head(0, value);
      else head(1, -1 - value);
      return;
    }
    if (whole && value >= 0 && once(dice, 3)) {
      head(6, 2);
      strings(2, Buffer.from(value.toString(16).padStart(16, '0'), 'hex'));
      return;
    }
    const bytes = Buffer.alloc(9);
    bytes[0] = 0xfb;
    bytes.writeDoubleBE(value, 1);
    if (odd && once(dice, 4)) {
      bytes[0] = 0xfa;
      bytes.writeFloatBE(value, 1);
      parts.push(bytes.subarray(0, 5));
    } else if (odd && once(dice, 6)) {
      parts.push(Buffer.from([0xf9]), dice.bytes(2));
    } else parts.push(bytes);
  }

  function write(node: Tree): void {
    if (odd && once(dice, 30)) head(6, pick(dice, [0, 1, 4, 21, 24, 55799, 2 ** 32]));
    if (node === null) parts.push(Buffer.from([once(dice, 5) ? 0xf7 : 0xf6]));
    else if (typeof node === 'boolean') parts.push(Buffer.from([node ? 0xf5 : 0xf4]));
    else if (typeof node === 'number') number(node);
    else if (typeof node === 'string') strings(3, Buffer.from(node));
    else if (node instanceof Uint8Array) strings(2, node);
    else if (node instanceof Entries) {
      container(5, node.list.length, () => {
        for (const [key, value] of node.list) {
          strings(3, Buffer.from(key));
          write(value);
        }
      });
    } else
      container(4, node.length, () => {
        for (const value of node) write(value);
      });
  }

  function container(major: number, length: number, content: () => void): void {
    const indefinite = once(dice, odd ? 2 : 8);
    if (indefinite) parts.push(Buffer.from([(major << 5) | 31]));
    else head(major, length);
    content();
    if (indefinite) parts.push(BREAK);
  }

  write(tree);
  return Buffer.concat(parts);
}
