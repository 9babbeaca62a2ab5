/**
 * One process of `npm test`: runs the files it is given without a process for each, and says over its channel what became of
 * every test. Activity after a test's end and a test that hangs are failures.
 */
import { enableCompileCache } from 'node:module';
import path from 'node:path';
import { run } from 'node:test';
import { inspect } from 'node:util';

export type FromTestProcess =
  | {
      readonly kind: 'passed' | 'failed' | 'skipped';
      readonly name: string;
      /** File and line. */
      readonly where: string;
      readonly ms: number;
      /** Of a failure what was thrown, of a skipped test its reason, else nothing. */
      readonly why: string;
    }
  | { readonly kind: 'through' };

const ROOT = path.join(import.meta.dirname, '..');
const TEST_MS_MAX = 60_000;

enableCompileCache();
const files = process.argv.slice(2).map((file) => path.join(ROOT, file));
for await (const { type, data } of run({ files, isolation: 'none', timeout: TEST_MS_MAX })) {
  if (type === 'test:diagnostic' && data.message.includes('asynchronous activity after the test ended'))
    await say({ kind: 'failed', name: data.message, where: files.join(' '), ms: 0, why: '' });
  if (type !== 'test:pass' && type !== 'test:fail') continue;
  if (data.details.type === 'suite') continue;
  const seen = {
    name: data.name,
    where: `${path.relative(ROOT, data.file ?? '')}:${data.line}`,
    ms: data.details.duration_ms,
  };
  if (data.skip !== undefined)
    await say({ kind: 'skipped', ...seen, why: typeof data.skip === 'string' ? `: ${data.skip}` : '' });
  else if (type === 'test:pass') await say({ kind: 'passed', ...seen, why: '' });
  else {
    const { error } = data.details;
    await say({ kind: 'failed', ...seen, why: inspect(error.cause ?? error, { depth: 6 }) });
  }
}
await say({ kind: 'through' });
// What a test left open must not keep the run from ending.
process.exit();

/** Resolves once it is with the system: whoever exits then has said it. */
function say(said: FromTestProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send!(said, (error: Error | null) => (error === null ? resolve() : reject(error)));
  });
}
