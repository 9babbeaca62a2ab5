/** What the command line of `millrace sql` asks for. */
import { UsageError, type Flag, type ParsedFlags } from '../../base/flags.ts';

export const SQL_FLAGS: readonly Flag[] = [
  {
    name: 'check',
    help: 'Read and plan the programs only, and say what columns they use of streams that nobody declared.',
  },
  {
    name: 'input',
    value: '[NAME=]FILE',
    help: 'Rows of a source stream or of a reference table of the program, as JSON lines or CSV; - is standard input. Can be given again. The name can be left out where the program has one source.',
  },
  {
    name: 'schema',
    value: '[NAME=]FILE',
    help: 'The columns of an input: a SourceSchema of AWS as JSON, or SQL with a CREATE STREAM of its name. Without one the columns are those that the whole file has.',
  },
  {
    name: 'rowtime',
    value: 'COLUMN',
    help: 'The column of the inputs that is the time of a row. Without it the time is that of reading.',
  },
  {
    name: 'within',
    value: 'D',
    help: 'How far rows may be out of order, such as 10s: they are sorted. Without it a row that is behind is left out.',
  },
  {
    name: 'stream',
    value: 'NAME',
    help: 'A stream to print; can be given again. Default: those that no pump reads, and what SELECTs outside of pumps give.',
  },
  {
    name: 'speed',
    value: 'N',
    help: 'With --rowtime: how many times as fast as the rows happened. Default: as fast as it can.',
  },
  { name: 'json', help: 'Print each row as one object, with stream and ROWTIME.' },
];

/** `name` is undefined where it was left out. */
export type Named = { readonly name: string | undefined; readonly file: string };

export type SqlOptions = {
  readonly inputs: readonly Named[];
  readonly schemas: readonly Named[];
  readonly rowtime: string | undefined;
  readonly withinMs: number;
  readonly streams: readonly string[];
  readonly speed: number | undefined;
  readonly isJson: boolean;
};

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

export function readSqlOptions({ values, all }: ParsedFlags): SqlOptions {
  const rowtime = values.get('rowtime');
  const within = values.get('within');
  const speed = values.get('speed');
  for (const [name, given] of Object.entries({ within, speed }))
    if (given !== undefined && rowtime === undefined)
      throw new UsageError(
        `--${name} needs --rowtime: the time of reading is never out of order, nor faster.`,
      );
  const inputs = (all.get('input') ?? []).map(named);
  if (inputs.filter(({ file }) => file === '-').length > 1)
    throw new UsageError('Standard input can be one input only.');
  return {
    inputs,
    schemas: (all.get('schema') ?? []).map(named),
    rowtime,
    withinMs: within === undefined ? 0 : duration(within),
    streams: all.get('stream') ?? [],
    speed: speed === undefined ? undefined : factor(speed),
    isJson: values.get('json') === 'true',
  };
}

function named(given: string): Named {
  const equals = given.indexOf('=');
  const named =
    equals === -1
      ? { name: undefined, file: given }
      : { name: given.slice(0, equals), file: given.slice(equals + 1) };
  if (named.file === '' || named.name === '') throw new UsageError(`${given} is not NAME=FILE.`);
  return named;
}

function duration(given: string): number {
  const [, digits = '', unit = 's'] = /^(\d+(?:\.\d+)?)\s*([a-z]+)?$/.exec(given) ?? [];
  const unitMs = Object.hasOwn(UNITS_MS, unit) ? UNITS_MS[unit]! : Number.NaN;
  const ms = digits === '' ? Number.NaN : Math.round(Number(digits) * unitMs);
  if (!Number.isSafeInteger(ms))
    throw new UsageError(`--within takes a duration such as 500ms, 10s, 5m or 1h, not ${given}.`);
  return ms;
}

function factor(given: string): number {
  const speed = Number(given.replace(/x$/, ''));
  if (!Number.isFinite(speed) || speed <= 0)
    throw new UsageError(`--speed takes a number above 0, not ${given}.`);
  return speed;
}
