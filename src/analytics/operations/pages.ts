/** Pages of what an application has a list of. The NextToken is the key of the last element of a page. */
import { invalidArgument } from '../directory/application-errors.ts';

const PAGE = 50;

/** Throws InvalidArgumentException for a token of something else. */
export function pageAfter<T>(
  rows: readonly T[],
  keyOf: (row: T) => string,
  { Limit, NextToken }: { readonly Limit?: number | undefined; readonly NextToken?: string | undefined },
): { readonly page: readonly T[]; readonly nextToken: string | undefined } {
  const last = NextToken === undefined ? -1 : rows.findIndex((row) => keyOf(row) === NextToken);
  if (NextToken !== undefined && last === -1) throw invalidArgument('Invalid NextToken.');
  const page = rows.slice(last + 1, last + 1 + (Limit ?? PAGE));
  const hasMore = last + 1 + page.length < rows.length;
  return { page, nextToken: hasMore ? keyOf(page.at(-1)!) : undefined };
}
