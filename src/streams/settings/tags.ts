/** Tags of streams and consumers: AWS's rules for them, and their rows. */
import type { CatalogTransaction } from '../../catalog/catalog.ts';
import type { Limits } from '../../config/limits.ts';
import { invalidArgument } from '../directory/stream-errors.ts';

type TagMap = ReadonlyMap<string, string>;

/** AWS's set, as it was recorded: letters of most scripts, digits, space and _ . / = + - @ %; the newer API has `:` too. */
const ILLEGAL = /[^\u00C0-\u1FFF\u2C00-\uD7FF\w.:/\-=+ @%]/;

/** Throws InvalidArgumentException for characters that no tag may hold. */
export function checkTagCharacters(texts: readonly string[], failed: string): void {
  if (texts.some((text) => ILLEGAL.test(text))) {
    throw invalidArgument(
      'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.',
    );
  }
  if (texts.some((text) => text.includes('%'))) {
    throw invalidArgument(
      `${failed} because some tags contained illegal characters. The allowed characters are ` +
        "Unicode letters, white-spaces, '_',',','/','=','+','-','@'.",
    );
  }
}

/** The rules for tags that are added; `aws:` keys are AWS's own. Throws InvalidArgumentException. */
export function checkTags(tags: TagMap | undefined, failed: string): void {
  if (tags === undefined) return;
  checkTagCharacters([...tags].flat(), failed);
  if ([...tags.keys()].some((key) => key.toLowerCase().startsWith('aws:'))) {
    throw invalidArgument(`${failed} because tag keys must not start with aws:.`);
  }
}

/** Adds or overwrites; throws InvalidArgumentException beyond the limit. `failed` begins the messages: "Failed to add tags to stream …". */
export async function putTags(
  transaction: CatalogTransaction,
  resourceArn: string,
  tags: TagMap | undefined,
  limits: Limits,
  failed: string,
): Promise<void> {
  if (tags === undefined || tags.size === 0) return;
  const existing = await transaction
    .selectFrom('tags')
    .select('tag_key')
    .where('resource_arn', '=', resourceArn)
    .execute();
  const keys = new Set([...existing.map((row) => row.tag_key), ...tags.keys()]);
  if (keys.size > limits.tagsPerStream) {
    throw invalidArgument(
      `${failed} because a given stream cannot have more than ${limits.tagsPerStream} tags associated with it.`,
    );
  }
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
