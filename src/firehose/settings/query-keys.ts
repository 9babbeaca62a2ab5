/** The partition keys that a query of MetadataExtraction gives, as far as its text tells them. */
import type { Ast } from '../../jq/ast.ts';
import { parse } from '../../jq/parse.ts';

/** `query` compiles. Undefined when it is not one object whose keys are written out, as AWS's examples are. */
export function queryKeysOf(query: string): readonly string[] | undefined {
  const body = parse(query);
  if (body.kind !== 'object') return undefined;
  const keys = body.entries.map(({ key }) => keyText(key));
  return keys.every((key) => key !== undefined) ? keys : undefined;
}

function keyText(key: Ast): string | undefined {
  if (key.kind === 'literal' && typeof key.value === 'string') return key.value;
  if (key.kind !== 'string' || key.format !== null) return undefined;
  return key.parts.every((part) => typeof part === 'string') ? key.parts.join('') : undefined;
}
