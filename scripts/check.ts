/** `npm run check`: everything that is fast, at once, each with its time. What passes is one line; what fails is shown whole. */
import { spawn } from 'node:child_process';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '..');
const CHECKS: readonly {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
}[] = [
  { name: 'types', script: 'node_modules/typescript/bin/tsc', args: ['-p', '.'] },
  { name: 'lint', script: 'node_modules/oxlint/bin/oxlint', args: ['--deny-warnings'] },
  { name: 'format', script: 'node_modules/oxfmt/bin/oxfmt', args: ['--check', '.'] },
  { name: 'layers', script: 'scripts/layers.ts', args: [] },
  { name: 'dead code', script: 'node_modules/knip/bin/knip.js', args: ['--no-progress'] },
];

type Outcome = { readonly ok: boolean; readonly output: string; readonly seconds: string };

function runCheck(script: string, args: readonly string[]): Promise<Outcome> {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(ROOT, script), ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    const end = (ok: boolean): void =>
      resolve({ ok, output, seconds: ((performance.now() - startedMs) / 1000).toFixed(1) });
    child.on('error', (error) => {
      output += error.message;
      end(false);
    });
    child.on('close', (status) => end(status === 0));
  });
}

const outcomes = await Promise.all(
  CHECKS.map(async ({ name, script, args }) => {
    const { ok, output, seconds } = await runCheck(script, args);
    console.log(`${ok ? '✔' : '✖'} ${name} (${seconds} s)${ok ? '' : `\n${output.trimEnd()}`}`);
    return ok;
  }),
);
process.exitCode = outcomes.every(Boolean) ? 0 : 1;
