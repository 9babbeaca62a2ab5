/** Tags of delivery streams as rows. Their characters are checked by their shapes. */
import type { CatalogTransaction } from '../../catalog/catalog.ts';
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { Tag } from '../shapes/tags.ts';
import { limitExceeded } from './delivery-stream-errors.ts';

type GivenTag = TypeOf<typeof Tag>;

/** Adds or overwrites; of a key that is given twice the last value stands. Throws LimitExceededException beyond `tagsMax`. */
export async function putTags(
  transaction: CatalogTransaction,
  { arn, name, account }: { readonly arn: string; readonly name: string; readonly account: string },
  tags: readonly GivenTag[],
  tagsMax: number,
): Promise<void> {
  if (tags.length === 0) return;
  const given = new Map(tags.map(({ Key, Value }) => [Key, Value ?? '']));
  const existing = await tagsOf(transaction, arn);
  const keys = new Set([...existing.map(({ Key }) => Key), ...given.keys()]);
  if (keys.size > tagsMax) {
    throw limitExceeded(`Firehose ${name} under accountId ${account} cannot have more than ${tagsMax} tags.`);
  }
  await transaction
    .insertInto('tags')
    .values([...given].map(([tag_key, tag_value]) => ({ resource_arn: arn, tag_key, tag_value })))
    .onConflict((conflict) =>
      conflict
        .columns(['resource_arn', 'tag_key'])
        .doUpdateSet((set) => ({ tag_value: set.ref('excluded.tag_value') })),
    )
    .execute();
}

export async function removeTags(
  transaction: CatalogTransaction,
  arn: string,
  keys: readonly string[],
): Promise<void> {
  await transaction
    .deleteFrom('tags')
    .where('resource_arn', '=', arn)
    .where('tag_key', 'in', [...keys])
    .execute();
}

/** By key ascending, in the order of code units. */
export async function tagsOf(
  transaction: CatalogTransaction,
  arn: string,
): Promise<readonly { readonly Key: string; readonly Value: string }[]> {
  const rows = await transaction
    .selectFrom('tags')
    .select(['tag_key', 'tag_value'])
    .where('resource_arn', '=', arn)
    .execute();
  return rows
    .map((row) => ({ Key: row.tag_key, Value: row.tag_value }))
    .sort((a, b) => (a.Key < b.Key ? -1 : 1));
}
