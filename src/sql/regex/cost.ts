/**
 * How long JavaScript's own matcher, which backtracks, can take for a pattern: a bound of the form `factor` * n ^ `degree` for a text of n characters,
 * or undefined where there is none or none could be proved.
 *
 * The argument. A choice (of an alternative, of another round of a loop) is decided where the characters that can begin the one road and those that
 * can begin the other are disjoint: only one road survives the next character, so going back to that choice later costs one step and leads nowhere. A
 * loop whose exit is decided costs its own length each time it is entered. A loop whose exit is not decided can be left at each of n places, and all
 * that follows is done again for each: it multiplies by n. Inside a loop nothing may be undecided, because there it would multiply in every round. A
 * search that is not anchored begins at each of n places. Lookaround, references and groups that keep nothing back are not judged at all.
 */
import { type CharSet, isDisjoint, NONE, union } from './char-set.ts';
import type { Node, Pattern } from './node.ts';

export type Cost = { readonly degree: number; readonly factor: number };

const FACTOR_MAX = 200;

type Analysis = { readonly first: CharSet; readonly isNullable: boolean };

export const costOf = ({ node }: Pattern): Cost | undefined => {
  const judge = new Judge();
  judge.visit(node, NONE, false);
  if (judge.isUnbounded || judge.factor > FACTOR_MAX) return undefined;
  const scans = judge.hasLoop ? 1 : 0;
  const begins = isAnchored(node) ? 0 : 1;
  return { degree: Math.max(1, judge.undecidedLoops + scans + begins), factor: judge.factor };
};

/** Whether it can only match at the beginning of the text. */
export const isAnchored = (node: Node): boolean => {
  switch (node.kind) {
    case 'assert':
      return node.what === 'begin';
    case 'sequence':
      return node.parts.length > 0 && isAnchored(node.parts[0]!);
    case 'choice':
      return node.parts.every(isAnchored);
    case 'group':
    case 'atomic':
      return isAnchored(node.body);
    case 'repeat':
      return node.min > 0 && isAnchored(node.body);
    default:
      return false;
  }
};

class Judge {
  isUnbounded = false;
  hasLoop = false;
  undecidedLoops = 0;
  factor = 1;

  /** `follow`: what can begin whatever comes behind this part. */
  visit(node: Node, follow: CharSet, isInLoop: boolean): void {
    switch (node.kind) {
      case 'set':
      case 'assert':
        return;
      case 'sequence': {
        let behind = follow;
        for (const part of node.parts.toReversed()) {
          this.visit(part, behind, isInLoop);
          behind = beginOf(part, behind);
        }
        return;
      }
      case 'choice': {
        for (const part of node.parts) this.visit(part, follow, isInLoop);
        const begins = node.parts.map((part) => beginOf(part, follow));
        if (!areDisjoint(begins)) this.#undecided(node.parts.length, isInLoop);
        return;
      }
      case 'group':
        return this.visit(node.body, follow, isInLoop);
      case 'repeat':
        return this.#repeat(node, follow, isInLoop);
      default:
        this.isUnbounded = true;
    }
  }

  #undecided(ways: number, isInLoop: boolean): void {
    if (isInLoop) this.isUnbounded = true;
    else this.factor *= ways;
  }

  #repeat({ body, min, max }: Extract<Node, { kind: 'repeat' }>, follow: CharSet, isInLoop: boolean): void {
    const { first, isNullable } = analyse(body);
    // A group in a loop may keep what an earlier round captured, and an empty round may end it: there JavaScript and Java part ways.
    if (isNullable || (max > 1 && capturesSometimes(body, false))) {
      this.isUnbounded = true;
      return;
    }
    const isOnce = max <= 1;
    this.visit(body, isOnce ? follow : union(first, follow), isInLoop || !isOnce);
    const isDecided = isDisjoint(first, follow);
    if (max === Infinity) {
      this.hasLoop = true;
      if (!isDecided && isInLoop) this.isUnbounded = true;
      else if (!isDecided) this.undecidedLoops++;
    } else {
      if (max > 1) this.factor *= isSingle(body) ? 1 : 2;
      if (min < max && !isDecided) this.#undecided(max - min + 1, isInLoop);
      if (max > FACTOR_MAX) this.isUnbounded = true;
    }
  }
}

const isSingle = (node: Node): boolean =>
  node.kind === 'set' || (node.kind === 'group' && isSingle(node.body));

const areDisjoint = (sets: readonly CharSet[]): boolean => {
  let seen = NONE;
  for (const set of sets) {
    if (!isDisjoint(seen, set)) return false;
    seen = union(seen, set);
  }
  return true;
};

const beginOf = (node: Node, follow: CharSet): CharSet => {
  const { first, isNullable } = analyse(node);
  return isNullable ? union(first, follow) : first;
};

/** What can begin it, and whether it can match nothing. An assertion matches nothing, whatever it asks for. */
export const analyse = (node: Node): Analysis => {
  switch (node.kind) {
    case 'set':
      return { first: node.set, isNullable: node.set.length === 0 };
    case 'sequence': {
      let first = NONE;
      for (const part of node.parts) {
        const begin = analyse(part);
        first = union(first, begin.first);
        if (!begin.isNullable) return { first, isNullable: false };
      }
      return { first, isNullable: true };
    }
    case 'choice': {
      const parts = node.parts.map(analyse);
      return {
        first: union(...parts.map((part) => part.first)),
        isNullable: parts.some((part) => part.isNullable),
      };
    }
    case 'group':
    case 'atomic':
      return analyse(node.body);
    case 'repeat': {
      if (node.max === 0) return { first: NONE, isNullable: true };
      const { first, isNullable } = analyse(node.body);
      return { first, isNullable: isNullable || node.min === 0 };
    }
    default:
      return { first: NONE, isNullable: true };
  }
};

/** Whether a group in it may be left out of a round. */
const capturesSometimes = (node: Node, isOptional: boolean): boolean => {
  switch (node.kind) {
    case 'group':
      return isOptional || capturesSometimes(node.body, isOptional);
    case 'sequence':
      return node.parts.some((part) => capturesSometimes(part, isOptional));
    case 'choice':
      return node.parts.some((part) => capturesSometimes(part, true));
    case 'repeat':
      return capturesSometimes(node.body, isOptional || node.min === 0);
    default:
      return false;
  }
};
