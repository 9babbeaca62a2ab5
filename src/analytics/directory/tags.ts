/** Tags of applications: up to a number, and none that AWS keeps for itself. */
import type { CatalogTransaction } from '../../catalog/catalog.ts';
import { putTagRows } from '../../catalog/tag-rows.ts';
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { Tag } from '../shapes/both.ts';
import { invalidArgument, tooManyTags } from './application-errors.ts';

/** Adds or overwrites. Throws InvalidArgumentException for a key that is given twice or begins with `aws:`, TooManyTagsException. */
export async function putTags(
  transaction: CatalogTransaction,
  arn: string,
  tags: readonly TypeOf<typeof Tag>[],
  tagsMax: number,
): Promise<void> {
  const given = new Map(tags.map(({ Key, Value }) => [Key, Value ?? '']));
  if (given.size < tags.length) throw invalidArgument('A tag key may be given once only.');
  for (const key of given.keys()) {
    if (/^aws:/i.test(key)) throw invalidArgument(`Tag keys that begin with aws: are AWS's own, as ${key}.`);
  }
  await putTagRows(transaction, arn, given, tagsMax, () =>
    tooManyTags(`An application cannot have more than ${tagsMax} tags.`),
  );
}
