/**
 * Programs of strangers, to the SQL parser, the checker and the engine. Whatever the text, it is planned or refused with an error whose place lies in the text,
 * and soon. What was read is read again with comments and line breaks between its tokens, and has to mean the same. What was planned runs over rows of
 * anything: a row that cannot be processed is a row error, nothing else is thrown, and a program that is restored from a checkpoint before each row gives the same.
 */
import type { Dice } from '../../src/host/host.ts';
import { createSimulatedDice } from '../../src/host/simulated/dice.ts';
import { planProgram } from '../../src/sql/check/check.ts';
import { openProgram } from '../../src/sql/engine/open-program.ts';
import type { Plain, StateChanges } from '../../src/sql/engine/operator.ts';
import type { ProgramOutput, RunningProgram } from '../../src/sql/engine/program.ts';
import type { Plan } from '../../src/sql/plan/plan.ts';
import { describeSqlError, SqlError } from '../../src/sql/sql-error.ts';
import { lex } from '../../src/sql/syntax/lex.ts';
import { parseProgram } from '../../src/sql/syntax/parse.ts';
import type { Program } from '../../src/sql/syntax/tree.ts';
import type { Row } from '../../src/sql/value.ts';
import { randomRow } from '../make/sql-rows.ts';
import { soundSql } from '../make/sound-sql.ts';
import { randomSql } from '../make/sql.ts';
import { mutate, once, pick } from '../mutate.ts';
import { Fault, type OpenTarget, type Target } from '../target.ts';

/** Of a program, as AWS limits it. */
const LENGTH_MAX = 102_400;
/** A hundred times what the longest program takes: the machine has other work too. */
const SLOW_MS = 10_000;
const ROWS = 6;
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
  const isSound = once(dice, 2);
  const text = isSound ? soundSql(dice) : randomSql(dice);
  if (isSound && !once(dice, 8)) return Buffer.from(text);
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
  const outcome = outcomeOf(text);
  const ms = performance.now() - startedMs;
  if (ms > SLOW_MS) throw new Fault(`took ${Math.round(ms)} ms for ${text.length} characters`);
  return outcome;
}

function outcomeOf(text: string): string {
  const program = orError(text, () => parseProgram(text));
  if (typeof program === 'string') return program;
  checkSpaced(text, program);
  const plan = orError(text, () => planProgram(program, { streams: [], tables: [], isOpen: true }));
  if (typeof plan === 'string') return `refused: ${plan}`;
  // Such a program can be planned, but nobody says what the stream is.
  if (
    plan.pumps.some(({ target }) =>
      plan.streams.some(({ name, origin }) => name === target && origin === 'open'),
    )
  )
    return 'planned';
  const told = run(plan, false);
  const again = run(plan, true);
  const different = told.findIndex((line, index) => line !== again[index]);
  if (different >= 0 || told.length !== again.length)
    throw new Fault(`restored from a checkpoint it gives ${again.at(different)}, not ${told.at(different)}`);
  const errors = told.filter((line) => line.startsWith('error')).length;
  return `ran with${errors === told.length ? 'out' : ''} rows and ${errors === 0 ? 'no errors' : 'errors'}`;
}

/** Gives every input some rows, more bounds, and the end; if so with a new program from a checkpoint before each. What came of it, as text. */
function run(plan: Plan, isRestored: boolean): string[] {
  const dice = createSimulatedDice(plan.streams.length + plan.pumps.length * 7);
  const told: string[] = [];
  const text = (value: unknown): string =>
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner));
  const output: ProgramOutput = {
    row: (stream, row) => void told.push(`${stream} ${text(row)}`),
    selected: (index, row) => void told.push(`${index} ${text(row)}`),
    error: (error) => void told.push(`error ${text(error)}`),
  };
  const startMs = 1_700_000_000_000;
  const open = (): RunningProgram => {
    const opened = openProgram(plan, { output, startMs, watch: 'all', seed: 1 });
    for (const [name, rows] of tables) opened.loadTable(name, rows);
    return opened;
  };
  const tables = plan.tables.map(({ name, columns }) => {
    const rows = [1, 2, 3].map((): Row => [null, ...randomRow(dice, 0, columns).slice(1)]);
    return [name, rows] as const;
  });
  const cells = new Map<string, Plain>();
  const changes: StateChanges = {
    put: (cell, state) => void cells.set(cell, structuredClone(state) as Plain),
    drop: (cell) => void cells.delete(cell),
  };
  let program = open();
  let nowMs = startMs;
  for (let turn = 0; turn < ROWS; turn++) {
    if (isRestored && turn > 0) {
      program.save(changes);
      program = open();
      program.restore(structuredClone(cells));
    }
    program.setNow(nowMs);
    for (const { name, columns, origin } of plan.streams)
      if (origin === 'open') program.row(name, randomRow(dice, nowMs, columns));
    nowMs += pick(dice, [0, 1, 1_000, 59_000, 3_600_000]);
    if (once(dice, 4)) program.bound(nowMs);
  }
  program.end();
  return told;
}

function checkSpaced(text: string, program: Program): void {
  const spaced = withSpaces(text);
  if (spaced.length > LENGTH_MAX) return;
  const again = orError(spaced, () => parseProgram(spaced));
  if (typeof again === 'string' || withoutSpans(again) !== withoutSpans(program))
    throw new Fault('means something else with comments between its tokens');
}

/** What was asked for, or what kind of error, of which the place is looked at. */
function orError<Result>(text: string, work: () => Result): Result | string {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const { start, end } = error.span;
    if (!(start >= 0 && start <= end && end <= text.length))
      throw new Fault(`an error at ${start} to ${end} of ${text.length}: ${error.message}`);
    if (!describeSqlError(text, error).startsWith('From line ')) throw new Fault('no place is said');
    return error.message
      .split(' ')
      .slice(0, 2)
      .join(' ')
      .replaceAll(/['"].*/g, '');
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
    'SQL programs: run over rows of anything, or refused with a place; and the same with comments between the tokens',
  weight: 10,
  open: async () => open(),
};
