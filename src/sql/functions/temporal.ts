/**
 * Temporal predicates: (s1, e1) OVERLAPS (s2, e2) and the others of AWS's page "Temporal Predicates". A period holds its start and not its end; CONTAINS
 * takes a single time too. The page's pictures are taken as decision 0546 reads them.
 */
import type { PlanExpression } from '../plan/expression.ts';
import type { Span } from '../sql-error.ts';
import { alike } from './comparison.ts';
import { convertTo } from './convert.ts';
import { call, cannotApply, expectCount, type ScalarDefinition, strict } from './definition.ts';
import { isDatetime, isUntyped } from './type-rules.ts';

type Predicate = (a: number, b: number, c: number, d: number) => boolean;

const overlaps: Predicate = (a, b, c, d) => a < d && c < b;

/** Of (a, b) and (c, d). */
const PREDICATES: Readonly<Record<string, Predicate>> = {
  EQUALS: (a, b, c, d) => a === c && b === d,
  CONTAINS: (a, b, c, d) => a <= c && b >= d,
  'STRICTLY CONTAINS': (a, b, c, d) => a < c && b > d,
  OVERLAPS: overlaps,
  'STRICTLY OVERLAPS': (a, b, c, d) => overlaps(a, b, c, d) && a !== c && b !== d,
  PRECEDES: (_a, b, c) => b <= c,
  'STRICTLY PRECEDES': (_a, b, c) => b < c,
  'IMMEDIATELY PRECEDES': (_a, b, c) => b === c,
  SUCCEEDS: (a, _b, _c, d) => a >= d,
  'STRICTLY SUCCEEDS': (a, _b, _c, d) => a > d,
  'IMMEDIATELY SUCCEEDS': (a, _b, _c, d) => a === d,
  LEADS: (a, b, c, d) => a < c && c < b && b <= d,
  'STRICTLY LEADS': (a, b, c, d) => a < c && c < b && b < d,
  'IMMEDIATELY LEADS': (a, b, c, d) => a < c && b === d,
  LAGS: (a, b, c, d) => c <= a && a < d && d < b,
  'STRICTLY LAGS': (a, b, c, d) => c < a && a < d && d < b,
  'IMMEDIATELY LAGS': (a, b, c, d) => a === c && d < b,
};

/** Of (a, b) and a single time. */
const POINTS: Readonly<Record<string, (a: number, b: number, time: number) => boolean>> = {
  CONTAINS: (a, b, time) => a <= time && time < b,
  'STRICTLY CONTAINS': (a, b, time) => a < time && time < b,
};

const predicate = (name: string): ScalarDefinition => {
  const signature = `(<timestamp>, <timestamp>) ${name} (<timestamp>, <timestamp>)`;
  return strict({
    name,
    signature,
    kinds: ['timestamp'],
    resolve: (args, { span }) => {
      expectCount(args, name in POINTS ? 3 : 4, 4, { name, signature }, span);
      for (const { type } of args)
        if (!isDatetime(type) && !isUntyped(type)) return cannotApply(name, args, [signature], span);
      return call(
        name,
        alike(
          name,
          args.map((arg) => typed(arg, span)),
          [signature],
          span,
        ),
        { name: 'BOOLEAN' },
        span,
      );
    },
    bind: ({ types }) => (types.length === 3 ? POINTS[name]! : PREDICATES[name]!),
  });
};

const typed = (arg: PlanExpression, span: Span): PlanExpression =>
  isUntyped(arg.type) ? convertTo(arg, { name: 'TIMESTAMP' }, 'argument', span) : arg;

export const TEMPORAL: readonly ScalarDefinition[] = Object.keys(PREDICATES).map(predicate);
