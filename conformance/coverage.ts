/** What the cases leave uncovered, told from what each declares. */
import { BEHAVIOURS } from './behaviours.ts';
import type { Case } from './case.ts';
import { MODEL } from './model.ts';
import { UNPROVOKABLE } from './unprovokable.ts';

/** The names, as `Covers` writes them, that neither a case covers nor `unprovokable.ts` explains. Empty when all is covered. */
export function uncovered(cases: readonly Case[]): readonly string[] {
  const covered = new Set<string>(cases.flatMap((one) => one.covers));
  return wanted().filter((name) => !covered.has(name) && unprovokable(name) === undefined);
}

/** Why no case provokes the error, or undefined when one should. */
export function unprovokable(name: string): string | undefined {
  const [, operation, error] = /^error:(.*)\/(.*)$/.exec(name) ?? [];
  if (operation === undefined || error === undefined) return undefined;
  return UNPROVOKABLE[`${operation}/${error}`] ?? UNPROVOKABLE[`*/${error}`];
}

export function wanted(): readonly string[] {
  return [
    ...Object.entries(MODEL).flatMap(([operation, { errors, constraints }]) => [
      `op:${operation}`,
      ...errors.map((error) => `error:${operation}/${error}`),
      ...constraints.map(([path, rule]) => `constraint:${operation}/${path}/${rule}`),
    ]),
    ...Object.keys(BEHAVIOURS).map((number) => `behaviour:${number}`),
  ];
}
