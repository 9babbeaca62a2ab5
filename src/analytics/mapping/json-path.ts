/**
 * The JSONPath of input schemas (AWS's page "Working with JSONPath"): `$`, `$.a.b`, `$.list[0:]` (the whole list, in one row) and
 * `$.list[0:].x` (a row for each element). Keys that are no names are written `$['first name']` or `$["first name"]`.
 */
export type JsonPath = readonly JsonPathStep[];
export type JsonPathStep = { readonly kind: 'key'; readonly key: string } | { readonly kind: 'elements' };

export class JsonPathError extends Error {
  override readonly name = 'JsonPathError';
}

const ELEMENTS = /^\[\s*(?:0\s*:|:|\*)\s*\]/;
const QUOTED = /^\[\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\]/s;
const PLAIN = /^\.([^.[\]]+)/;

const unescapeKey = (quoted: string): string => quoted.replaceAll(/\\(.)/gs, '$1');

export const readJsonPath = (text: string): JsonPath => {
  const trimmed = text.trim();
  if (!trimmed.startsWith('$'))
    throw new JsonPathError(`The path ${JSON.stringify(text)} does not begin with $`);
  const steps: JsonPathStep[] = [];
  let rest = trimmed.slice(1);
  while (rest !== '') {
    const elements = ELEMENTS.exec(rest);
    const named = elements === null ? (PLAIN.exec(rest) ?? QUOTED.exec(rest)) : null;
    if (elements !== null) steps.push({ kind: 'elements' });
    else if (named !== null)
      steps.push({
        kind: 'key',
        key: rest.startsWith('.') ? (named[1] ?? '') : unescapeKey(named[1] ?? named[2] ?? ''),
      });
    else
      throw new JsonPathError(
        `The path ${JSON.stringify(text)} cannot be read from ${JSON.stringify(rest)} on`,
      );
    rest = rest.slice((elements ?? named)?.[0].length ?? 0);
  }
  return steps;
};

export const showJsonPath = (path: JsonPath): string =>
  `$${path
    .map((step) => {
      if (step.kind === 'elements') return '[0:]';
      return /^[^.[\]'"\s]+$/.test(step.key) ? `.${step.key}` : `[${JSON.stringify(step.key)}]`;
    })
    .join('')}`;
