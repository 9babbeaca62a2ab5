/** What to do about a token that does not belong where it stands: the mistakes that people make. */
import type { Token } from './lex.ts';
import { canBeName } from './reserved.ts';

/** The clauses of a SELECT, in their order. */
const CLAUSES = ['SELECT', 'FROM', 'WHERE', 'GROUP', 'WINDOWED', 'HAVING', 'WINDOW', 'ORDER'];
const CLAUSE_NAMES: Readonly<Record<string, string>> = { GROUP: 'GROUP BY', ORDER: 'ORDER BY' };
/** Words that a lost line break leaves stuck to the name before them. */
const STUCK = ['SELECT', 'FROM', 'WHERE', 'GROUP', 'ORDER', 'HAVING', 'VALUES'];
const STATEMENTS = new Set(['CREATE', 'INSERT', 'DROP', 'ALTER', 'SET']);

export function helpWith(
  token: Token,
  before: Token | undefined,
  after: Token,
  expected: ReadonlySet<string>,
): string | undefined {
  if (before?.kind === 'symbol' && before.text === ',') {
    if (token.kind === 'end' || token.text === ')' || token.text === ';' || CLAUSES.includes(token.text))
      return 'there is a comma too many before it';
  }
  if (token.kind === 'symbol' && token.text === '=' && before?.text === '=')
    return 'equality is written with one =';
  const stuck = STUCK.find((word) => expected.has(word) && isStuck(before, word));
  if (stuck !== undefined) return `is a space missing before the ${stuck} of ${before!.text}?`;
  if (token.kind !== 'word') return undefined;
  if (expected.has(';') && STATEMENTS.has(token.text))
    return 'is the ; behind the statement before it missing?';
  if (token.text === 'LIMIT' || token.text === 'FETCH')
    return 'a stream has no end, so its rows cannot be limited: this dialect has no LIMIT';
  if (token.text === 'WITH')
    return 'this dialect has no WITH … AS: write the query where it is used, as FROM (SELECT STREAM …) AS name';
  if (token.text === 'OUTER') return 'write LEFT, RIGHT or FULL before OUTER JOIN';
  const place = CLAUSES.indexOf(token.text);
  if (
    place > 0 &&
    expected.has(';') &&
    CLAUSES.slice(place + 1).some((clause) => expected.has(clause) || clause === 'ORDER')
  )
    return `${CLAUSE_NAMES[token.text] ?? token.text} stands too late: the clauses come in the order FROM, WHERE, GROUP BY or WINDOWED BY STAGGER, HAVING, WINDOW, ORDER BY`;
  if (
    !canBeName(token.text) &&
    (expected.has('a name') || expected.has('an expression')) &&
    !CLAUSES.includes(token.text) &&
    after.text !== '('
  )
    return `${token.text} is a reserved word: quote it to use it as a name ("${token.text}", or as its letters were declared)`;
  return undefined;
}

const isStuck = (token: Token | undefined, word: string): boolean =>
  token?.kind === 'word' && token.text.endsWith(word) && token.text !== word;
