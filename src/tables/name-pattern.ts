/**
 * GetTables' Expression. Glue takes a regular expression of Java's; what is served of it is what names need: letters, digits, `_`, `-`, `.` for any
 * character, `*` behind one, a `*` of its own for any characters, as Hive writes it, and `|` between alternatives. Everything else is refused,
 * because a caller's regular expression can keep a server busy for ever.
 */
import { compilePattern } from '../wire/shape/pattern.ts';
import { invalidInput } from './table-errors.ts';

const LENGTH_MAX = 255;

/** Throws InvalidInputException. An empty one takes all. */
export function compileNamePattern(expression: string): (name: string) => boolean {
  if (expression === '') return () => true;
  if (!/^[\w.*|-]*$/.test(expression) || expression.length > LENGTH_MAX || expression.includes('**')) {
    throw invalidInput(
      `Expression ${expression} is not served by Millrace: only letters, digits, _, -, ., * and | are.`,
    );
  }
  // A star with nothing to repeat is Hive's.
  return compilePattern(expression.toLowerCase().replace(/(^|\|)\*/g, '$1.*'));
}
