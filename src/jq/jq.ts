/**
 * jq 1.6 for a server: one program on one record after the other. The language, its values and its messages are those of
 * Debian's jq 1.6; what is not served is refused by name (`refused.ts`), and no program runs longer or deeper than it may.
 */
import { compile } from './compile.ts';
import { JqError, JqRefusal } from './errors.ts';
import { syntaxError } from './lex.ts';
import { Machine, Raised } from './machine.ts';
import { BROKEN, type Node } from './node.ts';
import { parse } from './parse.ts';
import { jsonText } from './print.ts';
import { parseJson } from './read.ts';
import { fromJs, toJs, type Json } from './value.ts';

export type JqRunOptions = {
  /** What `now` is: milliseconds since 1970. */
  readonly nowMs: number;
  /** How much one record may cost. A step is about one output of one expression: some tens of nanoseconds. */
  readonly stepsMax: number;
};

/** A compiled program. It keeps nothing from one run to the next. */
export type JqProgram = {
  /**
   * The outputs for `value`, which is what `JSON.parse` gives (of keys that look like array indices, that has lost the
   * order; `runText` has not). Throws `JqError` or `JqRefusal` after the outputs that came before.
   */
  run(value: unknown, options: JqRunOptions): Iterable<unknown>;
  /** The same from JSON text to JSON texts as `jq -c` prints them. Throws `JqError` as well when `text` is not JSON. */
  runText(text: string, options: JqRunOptions): Iterable<string>;
};

/** Throws `JqSyntaxError`, which says where and what was expected. */
export function compileJq(text: string): JqProgram {
  const machine = new Machine();
  const program = compiled(text, machine);
  return {
    run: (value, options) => outputs(program, machine, () => fromJs(value), options, toJs),
    runText: (json, options) =>
      outputs(
        program,
        machine,
        () => parseJson(json),
        options,
        (value) => jsonText(value),
      ),
  };
}

function compiled(text: string, machine: Machine): Node {
  try {
    return compile(parse(text), machine, (offset, message, reason) =>
      syntaxError(text, offset, message, reason),
    );
  } catch (error) {
    // Nesting is counted where it is written; long chains of operators nest without it.
    if (error instanceof RangeError) throw syntaxError(text, 0, 'the program is nested too deep');
    throw error;
  }
}

/** Runs the program to its end before the first output is taken, so that runs never stand inside each other. */
function outputs<T>(
  program: Node,
  machine: Machine,
  read: () => Json,
  { nowMs, stepsMax }: JqRunOptions,
  write: (value: Json) => T,
): Iterable<T> {
  machine.nowMs = nowMs;
  machine.stepsLeft = stepsMax;
  machine.depth = 0;
  const values: T[] = [];
  try {
    const input = read();
    if (program.one !== undefined) return [write(program.one(null, input))];
    program.run(null, input, (value) => {
      values.push(write(value));
      return --machine.stepsLeft < 0 && refuseSteps();
    });
    return values;
  } catch (error) {
    return thenThrow(values, told(error));
  }
}

function refuseSteps(): never {
  throw new JqRefusal('steps', 'The program took more steps than it may for one value.');
}

function* thenThrow<T>(values: readonly T[], error: unknown): Iterable<T> {
  yield* values;
  throw error;
}

/** The error that a caller sees. */
function told(error: unknown): unknown {
  if (error instanceof Raised) {
    const { value } = error;
    const message = typeof value === 'string' ? value : `(not a string): ${jsonText(value)}`;
    return new JqError(message, toJs(value));
  }
  if (error instanceof RangeError || error === BROKEN)
    return new JqRefusal('depth', 'The program or its value is nested too deep.');
  return error;
}
