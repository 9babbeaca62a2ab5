/** The streams whose rows are printed. */
import { closest, UsageError } from '../../base/flags.ts';
import type { Plan } from '../../sql/plan/plan.ts';

/** AWS's name of it. */
export const ERROR_STREAM = 'error_stream';

/** Those that were asked for, in any spelling of their letters; else those of the program that nothing reads any further. */
export function printedStreams(plan: Plan, wanted: readonly string[]): string[] {
  if (wanted.length > 0) return wanted.map((name) => streamNamed(plan, name));
  const read = new Set<string>();
  for (const { query } of [...plan.pumps, ...plan.selects]) addScanned(query, read);
  return plan.streams
    .filter(({ name, origin }) => origin === 'program' && !read.has(name))
    .map(({ name }) => name);
}

function streamNamed({ streams }: Plan, wanted: string): string {
  const names = [...streams.map(({ name }) => name), ERROR_STREAM];
  const found =
    names.find((name) => name === wanted) ??
    names.find((name) => name.toUpperCase() === wanted.toUpperCase());
  if (found !== undefined) return found;
  const near = closest(wanted, names);
  throw new UsageError(
    `The program has no stream ${wanted}${near === undefined ? `: it has ${names.join(', ')}` : `. Did you mean ${near}?`}`,
  );
}

/** A plan is data: whatever in it scans a stream says so by its `op`. */
function addScanned(part: unknown, streams: Set<string>): void {
  if (typeof part !== 'object' || part === null) return;
  const { op, stream } = part as { readonly op?: unknown; readonly stream?: unknown };
  if (op === 'scan' && typeof stream === 'string') streams.add(stream);
  for (const inner of Object.values(part)) addScanned(inner, streams);
}
