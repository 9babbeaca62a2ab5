/**
 * Programs of strangers, to the SQL parser. Whatever the text, it is read or refused with an error whose place lies in the text, and soon. What was read is
 * read again with comments and line breaks between its tokens, and has to mean the same.
 */
import type { Dice } from '../../src/host/host.ts';
import { describeSqlError, SqlError } from '../../src/sql/sql-error.ts';
import { lex } from '../../src/sql/syntax/lex.ts';
import { parseProgram } from '../../src/sql/syntax/parse.ts';
import { randomSql } from '../make/sql.ts';
import { mutate, once, pick } from '../mutate.ts';
import { Fault, type OpenTarget, type Target } from '../target.ts';

/** Of a program, as AWS limits it. */
const LENGTH_MAX = 102_400;
/** A hundred times what the longest program takes: the machine has other work too. */
const SLOW_MS = 10_000;
const WORDS = [
  'SELECT ',
  'STREAM',
  ' FROM ',
  ' OVER ',
  '(',
  ')',
  ',',
  '.',
  ';',
  "'",
  '"',
  '/*',
  '*/',
  '--',
  '\n',
  ' INTERVAL ',
  ' AS ',
  ' NOT ',
  "u&'",
  ' uescape ',
  '1e',
  '\u{1F600}',
  '–',
  '\u00a0',
  ' BETWEEN ',
  ' CASE ',
  ' TO ',
];
const BETWEEN = ['\n', '\t/* a comment */ ', ' -- to the end\n', '\r\n', '\u00a0'];
/** What can be written one inside another. */
const NESTS = [
  '(',
  'f(',
  'NOT ',
  '- ',
  'CASE WHEN ',
  'EXISTS(SELECT ',
  '(SELECT a FROM ',
  'a + ',
  'a OR ',
  'a IN (',
  '1,',
];

function generate(dice: Dice): Uint8Array {
  if (once(dice, 40)) {
    const nest = pick(dice, NESTS);
    const times = 1 + dice.integer(Math.floor(100_000 / nest.length));
    return Buffer.from(`${pick(dice, ['SELECT ', 'SELECT a FROM ', ''])}${nest.repeat(times)}`);
  }
  const text = randomSql(dice);
  const kind = dice.integer(4);
  if (kind === 0) return Buffer.from(text);
  if (kind === 1) return mutate(dice, Buffer.from(text), WORDS);
  return Buffer.from(mutateTokens(dice, text));
}

/** Tokens taken out, doubled, moved and put in from elsewhere: text that is nearly right. */
function mutateTokens(dice: Dice, text: string): string {
  const tokens = text.split(/(?<=\s)|(?=\s)|\b/);
  for (let changes = 1 + dice.integer(4); changes > 0; changes--) {
    const at = dice.integer(tokens.length);
    const token = tokens[dice.integer(tokens.length)] ?? '';
    const kind = dice.integer(4);
    if (kind === 0) tokens.splice(at, 1 + dice.integer(3));
    else if (kind === 1) tokens.splice(at, 0, token);
    else if (kind === 2) tokens[at] = token;
    else tokens.splice(at, 0, pick(dice, WORDS));
  }
  return tokens.join('');
}

function check(input: Uint8Array): string {
  const text = Buffer.from(input).toString('utf8');
  const startedMs = performance.now();
  const outcome = read(text);
  const ms = performance.now() - startedMs;
  if (ms > SLOW_MS) throw new Fault(`took ${Math.round(ms)} ms for ${text.length} characters`);
  if (typeof outcome === 'string') return outcome;
  const spaced = withSpaces(text);
  if (spaced.length > LENGTH_MAX) return 'read';
  const again = read(spaced);
  if (typeof again === 'string' || again.tree !== outcome.tree)
    throw new Fault('means something else with comments between its tokens');
  return 'read';
}

/** The tree without its places, or what kind of error. */
function read(text: string): { readonly tree: string } | string {
  try {
    return { tree: withoutSpans(parseProgram(text)) };
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const { start, end } = error.span;
    if (!(start >= 0 && start <= end && end <= text.length))
      throw new Fault(`an error at ${start} to ${end} of ${text.length}: ${error.message}`);
    if (!describeSqlError(text, error).startsWith('From line ')) throw new Fault('no place is said');
    return error.message.split(' ').slice(0, 2).join(' ').replaceAll(/".*/g, '');
  }
}

const withoutSpans = (tree: unknown): string =>
  JSON.stringify(tree, (key, value) => (key === 'span' ? undefined : (value as unknown)));

function withSpaces(text: string): string {
  return lex(text)
    .map(({ start, end }, index) => text.slice(start, end) + BETWEEN[index % BETWEEN.length]!)
    .join('');
}

function open(): OpenTarget {
  return { generate, check, async [Symbol.asyncDispose]() {} };
}

export const sql: Target = {
  name: 'sql',
  about:
    'programs to the SQL parser: read, or refused with a place; and the same with comments between the tokens',
  weight: 10,
  open: async () => open(),
};
