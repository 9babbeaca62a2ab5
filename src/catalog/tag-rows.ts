/** Tags as rows, of whatever has an ARN. What may stand in them, and in which words too many are refused, is each service's. */
import type { CatalogTransaction } from './catalog.ts';

/** Adds or overwrites. Throws what `tooMany` gives when there would be more than `tagsMax`. */
export async function putTagRows(
  transaction: CatalogTransaction,
  resourceArn: string,
  tags: ReadonlyMap<string, string>,
  tagsMax: number,
  tooMany: () => Error,
): Promise<void> {
  if (tags.size === 0) return;
  const existing = await transaction
    .selectFrom('tags')
    .select('tag_key')
    .where('resource_arn', '=', resourceArn)
    .execute();
  const keys = new Set([...existing.map((row) => row.tag_key), ...tags.keys()]);
  if (keys.size > tagsMax) throw tooMany();
  await transaction
    .insertInto('tags')
    .values([...tags].map(([tag_key, tag_value]) => ({ resource_arn: resourceArn, tag_key, tag_value })))
    .onConflict((conflict) =>
      conflict
        .columns(['resource_arn', 'tag_key'])
        .doUpdateSet((set) => ({ tag_value: set.ref('excluded.tag_value') })),
    )
    .execute();
}

export async function removeTags(
  transaction: CatalogTransaction,
  resourceArn: string,
  keys: readonly string[],
): Promise<void> {
  await transaction
    .deleteFrom('tags')
    .where('resource_arn', '=', resourceArn)
    .where('tag_key', 'in', [...keys])
    .execute();
}

/** By key ascending, in the order of code units. */
export async function tagsOf(
  transaction: CatalogTransaction,
  resourceArn: string,
): Promise<readonly { readonly Key: string; readonly Value: string }[]> {
  const rows = await transaction
    .selectFrom('tags')
    .select(['tag_key', 'tag_value'])
    .where('resource_arn', '=', resourceArn)
    .execute();
  return rows
    .map((row) => ({ Key: row.tag_key, Value: row.tag_value }))
    .sort((a, b) => (a.Key < b.Key ? -1 : 1));
}
