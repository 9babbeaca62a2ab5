/** What to do about a token that does not belong where it stands: the mistakes that people make. */
import type { Token } from './lex.ts';
import { canBeName } from './reserved.ts';

type Mistake = {
  readonly token: Token;
  readonly before: Token | undefined;
  readonly after: Token;
  /** What the grammar would have taken. */
  readonly expected: ReadonlySet<string>;
};

/** The clauses of a SELECT, in their order. */
const CLAUSES = ['SELECT', 'FROM', 'WHERE', 'GROUP', 'WINDOWED', 'HAVING', 'WINDOW', 'ORDER'];
const CLAUSE_NAMES: Readonly<Record<string, string>> = { GROUP: 'GROUP BY', ORDER: 'ORDER BY' };
/** Words that a lost line break leaves stuck to the name before them. */
const STUCK = ['SELECT', 'FROM', 'WHERE', 'GROUP', 'ORDER', 'HAVING', 'VALUES'];
const STATEMENTS = new Set(['CREATE', 'INSERT', 'DROP', 'ALTER', 'SET']);
/** What can stand behind a list, and never in it. */
const ENDS_LIST = new Set([...CLAUSES, ')', ';', 'ROWS', 'RANGE']);
const UNITS = /^(?:YEAR|MONTH|DAY|HOUR|MINUTE|SECOND)$/;

const isSymbol = (token: Token | undefined, text: string): boolean =>
  token?.kind === 'symbol' && token.text === text;
const isWord = (token: Token | undefined, text: string): boolean =>
  token?.kind === 'word' && token.text === text;
const isStuck = (token: Token | undefined, word: string): boolean =>
  token?.kind === 'word' && token.text.endsWith(word) && token.text !== word;

/** The first that knows the mistake has the say. */
const RULES: readonly ((mistake: Mistake) => string | undefined)[] = [
  ({ token, before }) =>
    isSymbol(before, ',') && (token.kind === 'end' || (token.kind !== 'name' && ENDS_LIST.has(token.text)))
      ? 'there is a comma too many before it'
      : undefined,
  ({ token, before }) =>
    isSymbol(token, '=') && isSymbol(before, '=') ? 'equality is written with one =' : undefined,
  ({ before, expected }) => {
    const stuck = STUCK.find((word) => expected.has(word) && isStuck(before, word));
    return stuck === undefined ? undefined : `is a space missing before the ${stuck} of ${before!.text}?`;
  },
  ({ token, expected }) =>
    token.kind === 'string' && expected.has('a name')
      ? 'a name is quoted with ", and a text with \''
      : undefined,
  ({ token, expected }) =>
    isSymbol(token, '(') && expected.has('NATURAL')
      ? 'a function that gives rows stands inside of TABLE( … )'
      : undefined,
  ({ token, before, expected }) =>
    before?.kind === 'string' && expected.has('PRECEDING') && UNITS.test(token.text)
      ? `write INTERVAL '${before.text}' ${token.text}`
      : undefined,
  ({ token, expected }) =>
    isWord(token, 'SELECT') && expected.has('CURSOR')
      ? 'rows are given to a function as CURSOR(SELECT STREAM …)'
      : undefined,
  ({ token, before, expected }) =>
    isWord(before, 'AS') && isWord(token, 'SELECT') && expected.has('INSERT')
      ? 'a pump puts its rows somewhere: AS INSERT INTO stream SELECT STREAM …'
      : undefined,
  ({ token, before }) =>
    isWord(token, 'TABLE') && (isWord(before, 'CREATE') || isWord(before, 'REPLACE'))
      ? 'reference tables come with the application, and CREATE STREAM is for streams'
      : undefined,
  ({ token, before }) =>
    isWord(token, 'VIEW') && (isWord(before, 'CREATE') || isWord(before, 'REPLACE'))
      ? 'there are no views: a stream with a pump into it does the same'
      : undefined,
  ({ token, expected }) =>
    token.kind === 'word' && STATEMENTS.has(token.text) && expected.has(';')
      ? 'is the ; behind the statement before it missing?'
      : undefined,
  ({ token }) =>
    isWord(token, 'LIMIT') || isWord(token, 'FETCH')
      ? 'a stream has no end, so its rows cannot be limited: this dialect has no LIMIT'
      : undefined,
  ({ token }) =>
    isWord(token, 'WITH')
      ? 'this dialect has no WITH … AS: write the query where it is used, as FROM (SELECT STREAM …) AS name'
      : undefined,
  ({ token }) => (isWord(token, 'OUTER') ? 'write LEFT, RIGHT or FULL before OUTER JOIN' : undefined),
  ({ token, before, expected }) =>
    token.kind === 'word' &&
    CLAUSES.indexOf(token.text) > 0 &&
    expected.has(';') &&
    before !== undefined &&
    !isSymbol(before, ';')
      ? `${CLAUSE_NAMES[token.text] ?? token.text} stands too late: the clauses come in the order FROM, WHERE, GROUP BY or WINDOWED BY STAGGER, HAVING, WINDOW, ORDER BY`
      : undefined,
  ({ token, after, expected }) =>
    token.kind === 'word' &&
    !canBeName(token.text) &&
    (expected.has('a name') || expected.has('an expression')) &&
    !CLAUSES.includes(token.text) &&
    !isSymbol(after, '(')
      ? `${token.text} is a reserved word: quote it to use it as a name ("${token.text}", or as its letters were declared)`
      : undefined,
];

export function helpWith(mistake: Mistake): string | undefined {
  for (const rule of RULES) {
    const help = rule(mistake);
    if (help !== undefined) return help;
  }
  return undefined;
}
