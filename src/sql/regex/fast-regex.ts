/**
 * FAST_REGEX_LOG_PARSE's way of matching, from AWS's page: the pattern falls apart into searches, each a part of any length with what follows it of
 * fixed length; each search takes the shortest text it can, and none is ever tried again. The last one has to reach the end of the text. What stands
 * outside of a bracketed part and is followed by nothing fixed takes as much as it can: so does `_+` in AWS's example B.
 */
import type { Node } from './node.ts';
import { type FastElement, type FastPattern, parseFastPattern } from './parse-fast.ts';
import { type Regex, regexOf } from './regex.ts';

type Step = {
  readonly regex: Regex;
  /** The columns of its parts, in their order: each part is a group of the expression. */
  readonly columns: readonly number[];
};

export type FastRegex = {
  readonly columns: number;
  /** The texts of the columns, or null where it does not match. */
  match(text: string): readonly string[] | null;
};

/** How many characters it always has; undefined where that varies. */
const lengthOf = (node: Node): number | undefined => {
  switch (node.kind) {
    case 'set':
      return 1;
    case 'sequence':
      return node.parts.reduce<number | undefined>((sum, part) => {
        const length = lengthOf(part);
        return sum === undefined || length === undefined ? undefined : sum + length;
      }, 0);
    case 'choice': {
      const lengths = node.parts.map(lengthOf);
      return lengths.every((length) => length === lengths[0]) ? lengths[0] : undefined;
    }
    case 'repeat': {
      const length = lengthOf(node.body);
      return length === undefined || node.min !== node.max ? undefined : length * node.min;
    }
    default:
      return undefined;
  }
};

const lazy = (node: Node): Node => {
  if (node.kind === 'repeat') return { ...node, isLazy: true, body: lazy(node.body) };
  return node.kind === 'sequence' || node.kind === 'choice' ? { ...node, parts: node.parts.map(lazy) } : node;
};

export const compileFastRegex = (text: string): FastRegex => {
  const { elements, columns }: FastPattern = parseFastPattern(text);
  const runs: FastElement[][] = [];
  for (const element of elements) {
    if (runs.length === 0 || lengthOf(element.node) === undefined) runs.push([]);
    runs.at(-1)!.push(element);
  }
  const steps = runs.map((run, index) => stepOf(run, index === runs.length - 1));
  return {
    columns,
    match(line) {
      const texts = Array.from({ length: columns }, () => '');
      let rest = line;
      for (const { regex, columns } of steps) {
        const match = regex.find(rest, 0);
        if (match === null) return null;
        columns.forEach((column, index) => {
          if (column > 0) texts[column - 1] += match.groups[index + 1]!;
        });
        rest = rest.slice(match.groups[0]!.length);
      }
      return texts;
    },
  };
};

const stepOf = (run: readonly FastElement[], isLast: boolean): Step => {
  const isGreedy = run.length === 1 && run[0]!.column === 0;
  const parts = run.map(({ node }, index): Node => ({
    kind: 'group',
    number: index + 1,
    body: isGreedy ? node : lazy(node),
  }));
  const edge = (what: 'begin' | 'end'): Node => ({ kind: 'assert', what });
  const node: Node = {
    kind: 'sequence',
    parts: [edge('begin'), ...parts, ...(isLast ? [edge('end')] : [])],
  };
  return { regex: regexOf({ node, groups: run.length }), columns: run.map(({ column }) => column) };
};
