/** What the runner told this program of an engine. */
export function told(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set: run this by npm run test:engines -- --only SUITE`);
  return value;
}
