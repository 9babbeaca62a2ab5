/** A pattern as JavaScript's own, for those that `cost.ts` vouches for. */
import type { CharSet } from './char-set.ts';
import { complement } from './char-set.ts';
import type { Assertion, Node } from './node.ts';

const LINE_END = String.raw`[\n\r\u0085\u2028\u2029]`;
const END = '(?![^])';
const BEGIN = '(?<![^])';

const ASSERTIONS: Readonly<Record<Assertion, string>> = {
  begin: BEGIN,
  end: END,
  'end or last line end': String.raw`(?=(?:\r\n|${LINE_END})?${END})`,
  'line begin': String.raw`(?:${BEGIN}|(?<=\n|[\u0085\u2028\u2029]|\r(?!\n))(?=[^]))`,
  'line end': String.raw`(?=${END}|\r\n|${LINE_END})(?<!\r(?=\n))`,
  'word edge': String.raw`\b`,
  'no word edge': String.raw`\B`,
};

const unit = (code: number): string =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
    ? String.fromCharCode(code)
    : `\\u${code.toString(16).padStart(4, '0')}`;

const range = ([from, to]: readonly [number, number]): string =>
  from === to ? unit(from) : `${unit(from)}-${unit(to)}`;

const setSource = (set: CharSet): string => {
  if (set.length === 1 && set[0]![0] === set[0]![1]) return unit(set[0]![0]);
  if (set.length === 0) return '[]';
  const others = complement(set);
  if (others.length === 0) return '[^]';
  return others.length < set.length ? `[^${others.map(range).join('')}]` : `[${set.map(range).join('')}]`;
};

export const javascriptSource = (node: Node): string => {
  switch (node.kind) {
    case 'set':
      return setSource(node.set);
    case 'sequence':
      return node.parts.map(javascriptSource).join('');
    case 'choice':
      return `(?:${node.parts.map(javascriptSource).join('|')})`;
    case 'group':
      return `(${javascriptSource(node.body)})`;
    case 'repeat': {
      const { min, max, isLazy, body } = node;
      const inner = javascriptSource(body);
      const whole = body.kind === 'set' || body.kind === 'group' ? inner : `(?:${inner})`;
      return `${whole}{${min},${max === Infinity ? '' : max}}${isLazy ? '?' : ''}`;
    }
    case 'assert':
      return ASSERTIONS[node.what];
    default:
      throw new TypeError(`${node.kind} is not given to JavaScript`);
  }
};
