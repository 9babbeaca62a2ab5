/** Our jq, with the same outcomes as the real one. */
import { JqError, JqRefusal, JqSyntaxError } from '../../src/jq/errors.ts';
import { compileJq } from '../../src/jq/jq.ts';
import type { Outcome } from './real-jq.ts';

const OPTIONS = { nowMs: 1_795_000_000_123, stepsMax: 2_000_000 };

export function runOurs(program: string, inputs: readonly string[]): readonly Outcome[] {
  try {
    const compiled = compileJq(program);
    return inputs.map((input) => {
      try {
        return { kind: 'outputs', outputs: [...compiled.runText(input, OPTIONS)] };
      } catch (error) {
        if (error instanceof JqRefusal) return { kind: 'refused', why: `${error.reason}: ${error.message}` };
        if (!(error instanceof JqError)) throw error;
        return { kind: 'error', value: valueOf(error) };
      }
    });
  } catch (error) {
    if (!(error instanceof JqSyntaxError)) throw error;
    const outcome: Outcome =
      error.reason === 'refused' ? { kind: 'refused', why: error.message } : { kind: 'not-a-program' };
    return inputs.map(() => outcome);
  }
}

/** As JSON. The message has the keys of an object in jq's order, the value may have lost it. */
function valueOf({ message, value }: JqError): string {
  if (typeof value === 'object' && value !== null) return message.replace(/^\(not a string\): /, '');
  const [text] = compileJq('tojson').run(value, OPTIONS);
  return text as string;
}
