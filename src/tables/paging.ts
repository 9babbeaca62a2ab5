/** NextTokens: the last name of a page, in base64. They say nothing that the caller may not ask for, so that they need no seal. */
import { invalidInput } from './table-errors.ts';

/** What a page holds at most, and by default. */
export const PAGE_MAX = 100;

export function tokenAfter(name: string): string {
  return Buffer.from(name).toString('base64');
}

/** Throws InvalidInputException. */
export function nameBefore(token: string | undefined): string | undefined {
  if (token === undefined || token === '') return undefined;
  const name = Buffer.from(token, 'base64').toString();
  if (tokenAfter(name) !== token) throw invalidInput('Invalid NextToken.');
  return name;
}

/** `rows` has one more than the page when there is another one. */
export function pageOf<R>(
  rows: readonly R[],
  size: number,
  nameOf: (row: R) => string,
): { readonly page: readonly R[]; readonly nextToken: string | undefined } {
  const page = rows.slice(0, size);
  return {
    page,
    nextToken: rows.length > size ? tokenAfter(nameOf(page.at(-1)!)) : undefined,
  };
}
