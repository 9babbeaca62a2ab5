/** How an outcome of ours stands to that of the real jq. */
import type { Outcome } from './real-jq.ts';

export type Verdict = 'equal' | 'refused' | 'jq broke down' | 'last digit' | 'another error' | 'different';

export function verdict(real: Outcome, ours: Outcome): Verdict {
  if (JSON.stringify(real) === JSON.stringify(ours)) return 'equal';
  if (ours.kind === 'refused') return 'refused';
  if (real.kind === 'jq-broke-down') return 'jq broke down';
  if (withoutLastDigits(real) === withoutLastDigits(ours)) return 'last digit';
  return real.kind === 'error' && ours.kind === 'error' ? 'another error' : 'different';
}

/** Numbers to 13 digits: the C library and JavaScript differ in the last ones of what cannot be exact, such as `log10`. */
function withoutLastDigits(outcome: Outcome): string {
  return JSON.stringify(outcome).replace(/-?[0-9]+\.[0-9]{9,}(?:e[+-][0-9]+)?/g, (text) =>
    Number(text).toPrecision(13),
  );
}
