/** AWS's rules for tags of streams and consumers. */
import type { CatalogTransaction } from '../../catalog/catalog.ts';
import { putTagRows } from '../../catalog/tag-rows.ts';
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
  if (tags === undefined) return;
  const { tagsPerStream } = limits;
  await putTagRows(transaction, resourceArn, tags, tagsPerStream, () =>
    invalidArgument(
      `${failed} because a given stream cannot have more than ${tagsPerStream} tags associated with it.`,
    ),
  );
}
