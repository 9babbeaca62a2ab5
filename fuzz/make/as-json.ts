/** Writes a tree as JSON, in any of the forms that JSON leaves open. */
import type { Dice } from '../../src/host/host.ts';
import { once, pick } from '../mutate.ts';
import { Entries, type Tree } from './tree.ts';

export function asJson(dice: Dice, tree: Tree): Buffer {
  const spaces = once(dice, 4) ? [' ', '\n', '\t', '\r\n', ''] : [''];
  const escapes = once(dice, 5);
  const space = (): string => (spaces.length === 1 ? '' : pick(dice, spaces));

  function text(value: string): string {
    if (!escapes) return JSON.stringify(value);
    let written = '"';
    for (const unit of value.split('')) {
      if (once(dice, 4)) written += `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
      else if (unit === '/' && once(dice, 2)) written += '\\/';
      else written += JSON.stringify(unit).slice(1, -1);
    }
    return `${written}"`;
  }

  function number(value: number): string {
    if (Object.is(value, -0)) return '-0';
    switch (dice.integer(10)) {
      case 0:
        return value.toExponential();
      case 1:
        return Number.isInteger(value) && Math.abs(value) < 1e15 ? `${value}.0` : String(value);
      case 2:
        return value.toExponential().replace('e', 'E');
      default:
        return JSON.stringify(value);
    }
  }

  function write(node: Tree): string {
    if (node === null || typeof node === 'boolean') return String(node);
    if (typeof node === 'number') return number(node);
    if (typeof node === 'string') return text(node);
    if (node instanceof Uint8Array) return text(Buffer.from(node).toString('base64'));
    if (node instanceof Entries) {
      const entries = node.list.map(
        ([key, value]) => `${space()}${text(key)}${space()}:${space()}${write(value)}${space()}`,
      );
      return `{${entries.join(',')}${space()}}`;
    }
    return `[${space()}${node.map(write).join(`${space()},${space()}`)}${space()}]`;
  }

  return Buffer.from(`${space()}${write(tree)}${space()}`);
}
