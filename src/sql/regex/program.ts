/** A pattern as instructions for the machine of `machine.ts`. */
import { testOf } from './char-set.ts';
import type { Assertion, Node, Pattern } from './node.ts';
import { PatternError } from './node.ts';

export type Instruction =
  | { readonly op: 'char'; readonly has: (code: number) => boolean }
  /** Goes on with `next`, and with `other` where that fails. */
  | { readonly op: 'split'; next: number; other: number }
  | { readonly op: 'jump'; to: number }
  /** Keeps the place: group n has 2n and 2n + 1. */
  | { readonly op: 'save'; readonly slot: number }
  /** Fails where nothing was consumed since the place was kept. */
  | { readonly op: 'progress'; readonly slot: number }
  | { readonly op: 'assert'; readonly what: Assertion }
  | { readonly op: 'back'; readonly number: number; readonly ignoresCase: boolean }
  | {
      readonly op: 'inside';
      readonly what: 'ahead' | 'behind' | 'atomic';
      readonly isNegative: boolean;
      readonly program: readonly Instruction[];
    }
  | { readonly op: 'match' };

export type Compiled = {
  readonly instructions: readonly Instruction[];
  readonly slots: number;
  /** Without references and lookaround a place that failed once fails always, so that each pair of place and instruction is tried once. */
  readonly isRegular: boolean;
};

const INSTRUCTIONS_MAX = 20_000;

export const compilePattern = ({ node, groups }: Pattern): Compiled => {
  const compiler = new Compiler(2 * groups + 2);
  const instructions = compiler.program(node);
  return { instructions, slots: compiler.slots, isRegular: compiler.isRegular };
};

class Compiler {
  slots: number;
  isRegular = true;
  #count = 0;

  constructor(slots: number) {
    this.slots = slots;
  }

  program(node: Node): readonly Instruction[] {
    const code: Instruction[] = [];
    this.#emit(node, code);
    this.#push(code, { op: 'match' });
    return code;
  }

  #push(code: Instruction[], instruction: Instruction): void {
    if (++this.#count > INSTRUCTIONS_MAX) throw new PatternError('the pattern is too large');
    code.push(instruction);
  }

  #emit(node: Node, code: Instruction[]): void {
    switch (node.kind) {
      case 'set':
        return this.#push(code, { op: 'char', has: testOf(node.set) });
      case 'sequence':
        for (const part of node.parts) this.#emit(part, code);
        return;
      case 'choice':
        return this.#choice(node.parts, code);
      case 'group':
        this.#push(code, { op: 'save', slot: 2 * node.number });
        this.#emit(node.body, code);
        return this.#push(code, { op: 'save', slot: 2 * node.number + 1 });
      case 'repeat':
        return this.#repeat(node, code);
      case 'assert':
        return this.#push(code, { op: 'assert', what: node.what });
      case 'back':
        this.isRegular = false;
        return this.#push(code, { op: 'back', number: node.number, ignoresCase: node.ignoresCase });
      case 'look':
      case 'atomic': {
        this.isRegular = false;
        const what = node.kind === 'atomic' ? 'atomic' : node.isBehind ? 'behind' : 'ahead';
        const isNegative = node.kind === 'look' && node.isNegative;
        return this.#push(code, { op: 'inside', what, isNegative, program: this.program(node.body) });
      }
    }
  }

  #choice(parts: readonly Node[], code: Instruction[]): void {
    const ends: { op: 'jump'; to: number }[] = [];
    parts.forEach((part, index) => {
      const isLast = index === parts.length - 1;
      const split: Instruction = { op: 'split', next: code.length + 1, other: 0 };
      if (!isLast) this.#push(code, split);
      this.#emit(part, code);
      if (isLast) return;
      const end = { op: 'jump' as const, to: 0 };
      ends.push(end);
      this.#push(code, end);
      split.other = code.length;
    });
    for (const end of ends) end.to = code.length;
  }

  #repeat({ body, min, max, isLazy }: Extract<Node, { kind: 'repeat' }>, code: Instruction[]): void {
    for (let i = 0; i < min; i++) this.#emit(body, code);
    if (max === Infinity) {
      const start = code.length;
      const slot = this.slots++;
      const split = this.#split(code);
      this.#push(code, { op: 'save', slot });
      this.#emit(body, code);
      this.#push(code, { op: 'progress', slot });
      this.#push(code, { op: 'jump', to: start });
      return this.#aim(split, start + 1, code.length, isLazy);
    }
    const splits = Array.from({ length: max - min }, () => {
      const at = code.length;
      const split = this.#split(code);
      this.#emit(body, code);
      return { at, split };
    });
    for (const { at, split } of splits) this.#aim(split, at + 1, code.length, isLazy);
  }

  #split(code: Instruction[]): Extract<Instruction, { op: 'split' }> {
    const split = { op: 'split' as const, next: 0, other: 0 };
    this.#push(code, split);
    return split;
  }

  #aim(split: Extract<Instruction, { op: 'split' }>, into: number, out: number, isLazy: boolean): void {
    split.next = isLazy ? out : into;
    split.other = isLazy ? into : out;
  }
}
