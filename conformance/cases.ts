/** All cases, in the order of the operations' names. */
import type { Case } from './case.ts';
import { constraintCases } from './constraint-cases.ts';

export function allCases(): readonly Case[] {
  return [...constraintCases()];
}
