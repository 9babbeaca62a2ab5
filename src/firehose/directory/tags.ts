/** How many tags a delivery stream may have. Their characters are checked by their shapes. */
import type { CatalogTransaction } from '../../catalog/catalog.ts';
import { putTagRows } from '../../catalog/tag-rows.ts';
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { Tag } from '../shapes/tags.ts';
import { limitExceeded } from './delivery-stream-errors.ts';

/** Adds or overwrites; of a key that is given twice the last value stands. Throws LimitExceededException beyond `tagsMax`. */
export async function putTags(
  transaction: CatalogTransaction,
  { arn, name, account }: { readonly arn: string; readonly name: string; readonly account: string },
  tags: readonly TypeOf<typeof Tag>[],
  tagsMax: number,
): Promise<void> {
  const given = new Map(tags.map(({ Key, Value }) => [Key, Value ?? '']));
  await putTagRows(transaction, arn, given, tagsMax, () =>
    limitExceeded(`Firehose ${name} under accountId ${account} cannot have more than ${tagsMax} tags.`),
  );
}
