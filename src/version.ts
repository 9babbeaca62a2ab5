import { readFileSync } from 'node:fs';

/** From package.json, which lies beside src/ and dist/ alike. */
export const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};
