/**
 * CHAR_TO_TIMESTAMP, CHAR_TO_DATE, CHAR_TO_TIME and TIMESTAMP_TO_CHAR, DATE_TO_CHAR, TIME_TO_CHAR, all with the format first; TO_TIMESTAMP,
 * UNIX_TIMESTAMP and TSDIFF, which count milliseconds. A text that is not of its format is a row error: AWS's examples show no row.
 */
import { parseDateText } from '../dates/parse-date.ts';
import { type DatePattern, DatePatternError, parsePattern } from '../dates/pattern.ts';
import { printDate } from '../dates/print-date.ts';
import type { PlanExpression } from '../plan/expression.ts';
import { type Span, SqlError } from '../sql-error.ts';
import type { SqlType } from '../types.ts';
import { RowError } from '../value.ts';
import { DAY_MS, dayOf, isTime, timeOfDay } from '../values/datetime.ts';
import { type Exact, subtractExact } from '../values/exact.ts';
import { convertTo } from './convert.ts';
import { call, cannotApply, expectCount, lenient, type ScalarDefinition, strict } from './definition.ts';
import { textOf } from './strings.ts';
import { isDatetime, isExactNumber, isNumber, isUntyped } from './type-rules.ts';

type TimeName = 'TIMESTAMP' | 'DATE' | 'TIME';

/** The last format is kept taken apart; what is wrong with it is the row's. */
const patterns = (): ((format: string) => DatePattern) => {
  let kept: readonly [string, DatePattern] | undefined;
  return (format) => {
    if (kept?.[0] === format) return kept[1];
    try {
      kept = [format, parsePattern(format)];
      return kept[1];
    } catch (error) {
      if (error instanceof DatePatternError) throw new RowError('INVALID_ARGUMENT', error.message);
      throw error;
    }
  };
};

const checkFormat = (format: PlanExpression, span: Span): void => {
  if (format.op !== 'literal' || typeof format.value !== 'string') return;
  try {
    parsePattern(format.value);
  } catch (error) {
    if (error instanceof DatePatternError) throw new SqlError(span, error.message);
    throw error;
  }
};

const charTo = (to: TimeName): ScalarDefinition => {
  const name = `CHAR_TO_${to}`;
  const signature = `${name}(<format>, <text>)`;
  return strict({
    name,
    signature,
    kinds: ['text'],
    resolve: (args, { span }) => {
      expectCount(args, 2, 2, { name, signature }, span);
      const texts = args.map((arg) => textOf(name, args, arg, `${name}(<CHARACTER>, <CHARACTER>)`, span));
      checkFormat(texts[0]!, span);
      return call(name, texts, { name: to }, span);
    },
    bind: () => {
      const patternOf = patterns();
      return (format: string, text: string) => {
        const time = parseDateText(text, patternOf(format));
        if (time === undefined) return notOfFormat(text, format);
        if (to === 'DATE') return dayOf(time) * DAY_MS;
        return to === 'TIME' ? timeOfDay(time) : time;
      };
    },
  });
};

const notOfFormat = (text: string, format: string): never => {
  throw new RowError(
    'INVALID_CAST',
    `'${text.slice(0, 100)}' is not in the format '${format.slice(0, 100)}'`,
  );
};

/** A time that is null gives the text "null", as AWS's page says. */
const toChar = (from: TimeName): ScalarDefinition => {
  const name = `${from}_TO_CHAR`;
  const signature = `${name}(<format>, <${from.toLowerCase()}>)`;
  const form = `${name}(<CHARACTER>, <${from}>)`;
  return lenient({
    name,
    signature,
    canBeNull: true,
    kinds: ['text', from === 'TIMESTAMP' ? 'timestamp' : from === 'DATE' ? 'date' : 'time'],
    resolve: (args, { span }) => {
      expectCount(args, 2, 2, { name, signature }, span);
      const [format, time] = args as readonly [PlanExpression, PlanExpression];
      if (!isDatetime(time.type) && !isUntyped(time.type)) return cannotApply(name, args, [form], span);
      const text = textOf(name, args, format, form, span);
      checkFormat(text, span);
      const typed = isUntyped(time.type) ? convertTo(time, { name: from }, 'argument', span) : time;
      return call(name, [text, typed], { name: 'VARCHAR', length: 1_024 }, span);
    },
    bind: () => {
      const patternOf = patterns();
      return (format: string | null, time: number | null) => {
        if (format === null) return null;
        return time === null ? 'null' : printDate(time, patternOf(format));
      };
    },
  });
};

const milliseconds = (name: string, args: readonly PlanExpression[], span: Span): PlanExpression => {
  const [arg] = args as readonly [PlanExpression];
  if (!isNumber(arg.type) && !isUntyped(arg.type))
    return cannotApply(name, args, [`${name}(<BIGINT>)`], span);
  return convertTo(arg, { name: 'BIGINT' }, 'argument', span);
};

/** What is beyond the years that a TIMESTAMP reaches is no time. */
const asTime = (value: Exact): number => {
  if (typeof value === 'number' && isTime(value)) return value;
  throw new RowError('NUMERIC_OVERFLOW', 'the number of milliseconds is no time');
};

const TO_TIMESTAMP = strict({
  name: 'TO_TIMESTAMP',
  signature: 'TO_TIMESTAMP(<bigint>)',
  kinds: ['number'],
  resolve: (args, { span }) => {
    expectCount(args, 1, 1, TO_TIMESTAMP, span);
    return call('TO_TIMESTAMP', [milliseconds('TO_TIMESTAMP', args, span)], { name: 'TIMESTAMP' }, span);
  },
  bind: () => asTime,
});

const BIGINT: SqlType = { name: 'BIGINT' };

const UNIX_TIMESTAMP = strict({
  name: 'UNIX_TIMESTAMP',
  signature: 'UNIX_TIMESTAMP(<timestamp>)',
  kinds: ['timestamp'],
  resolve: (args, { span }) => {
    expectCount(args, 1, 1, UNIX_TIMESTAMP, span);
    const [arg] = args as readonly [PlanExpression];
    if (!isDatetime(arg.type) && !isUntyped(arg.type))
      return cannotApply('UNIX_TIMESTAMP', args, ['UNIX_TIMESTAMP(<TIMESTAMP>)'], span);
    const time = isUntyped(arg.type) ? convertTo(arg, { name: 'TIMESTAMP' }, 'argument', span) : arg;
    return call('UNIX_TIMESTAMP', [time], BIGINT, span);
  },
  bind: () => (time: number) => time,
  inline: ([time]) => time!,
});

/** Of timestamps, and of numbers of milliseconds, as the one page and the other have it. */
const TSDIFF = strict({
  name: 'TSDIFF',
  signature: 'TSDIFF(<start>, <end>)',
  kinds: ['timestamp'],
  resolve: (args, { span }) => {
    expectCount(args, 2, 2, TSDIFF, span);
    const isFit = args.every(({ type }) => isDatetime(type) || isExactNumber(type) || isUntyped(type));
    if (!isFit) return cannotApply('TSDIFF', args, ['TSDIFF(<TIMESTAMP>, <TIMESTAMP>)'], span);
    const times = args.map((arg) =>
      isDatetime(arg.type)
        ? arg
        : convertTo(arg, isUntyped(arg.type) ? { name: 'TIMESTAMP' } : BIGINT, 'argument', span),
    );
    return call('TSDIFF', times, BIGINT, span);
  },
  bind: () => (start: Exact, end: Exact) => subtractExact(asTime(end), asTime(start)),
});

export const DATE_FORMATS: readonly ScalarDefinition[] = [
  charTo('TIMESTAMP'),
  charTo('DATE'),
  charTo('TIME'),
  toChar('TIMESTAMP'),
  toChar('DATE'),
  toChar('TIME'),
  TO_TIMESTAMP,
  UNIX_TIMESTAMP,
  TSDIFF,
];
