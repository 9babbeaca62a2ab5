import { UsageError } from '../../base/flags.ts';
import { planProgram } from '../../sql/check/check.ts';
import type { Plan } from '../../sql/plan/plan.ts';
import { SqlError } from '../../sql/sql-error.ts';
import { parseProgram } from '../../sql/syntax/parse.ts';
import type { Program } from '../../sql/syntax/tree.ts';
import { EXIT, type Command, type Invocation } from '../command.ts';
import { bindInputs, givenBy, asUsed, type BoundInput } from './bind-inputs.ts';
import { checkPrograms } from './check-programs.ts';
import { readSqlOptions, SQL_FLAGS } from './options.ts';
import { readProgramText, showSqlError } from './program-text.ts';
import { runProgram } from './run-program.ts';

export const sql: Command = {
  usage: 'APP.sql',
  positionals: { min: 1, max: Infinity },
  details:
    'Runs an application of Kinesis Data Analytics for SQL over files or a pipe, without a server, and prints what its streams get. The end of the input closes ' +
    'every window. Exit status: 1 when the program is wrong, 2 when the command is, 3 when rows were left out because they came behind later ones. ' +
    'With --check any number of programs is only read and planned.',
  flags: SQL_FLAGS,
  async run(invocation) {
    const { flags, terminal } = invocation;
    const files = flags.positionals;
    if (flags.values.get('check') === 'true')
      return await checkPrograms(files, flags.values.get('json') === 'true', terminal);
    const [file = '', second] = files;
    if (second !== undefined)
      throw new UsageError(
        `One program at a time: ${second} is another. Rows are given with --input NAME=FILE.`,
      );
    return await runFile(file, invocation);
  },
};

async function runFile(file: string, { flags, terminal, signal }: Invocation): Promise<number> {
  const options = readSqlOptions(flags);
  const text = readProgramText(file);
  try {
    const program = parseProgram(text);
    const open = planProgram(program, { streams: [], tables: [], isOpen: true });
    const bound = await bindInputs(open, options, terminal);
    const { plan, inputs } = planOver(program, open, bound);
    return await runProgram(plan, inputs, options, { terminal, signal });
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    terminal.say(showSqlError(file, text, error));
    return EXIT.failed;
  }
}

/** Columns are what the data are; where the program cannot be so, they are what it uses them as, if the data can be that. */
function planOver(
  program: Program,
  open: Plan,
  bound: readonly BoundInput[],
): { readonly plan: Plan; readonly inputs: readonly BoundInput[] } {
  try {
    return { plan: planProgram(program, givenBy(bound)), inputs: bound };
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const inputs = asUsed(bound, open);
    try {
      return { plan: planProgram(program, givenBy(inputs)), inputs };
    } catch {
      throw error;
    }
  }
}
