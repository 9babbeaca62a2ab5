/** The real jq 1.6, for many inputs of one program at once. */
import { spawnSync } from 'node:child_process';

/** What a program makes of one input: its outputs as JSON texts, the error that nothing caught, or that jq itself broke down. */
export type Outcome =
  | { readonly kind: 'outputs'; readonly outputs: readonly string[] }
  | { readonly kind: 'error'; readonly value: string }
  | { readonly kind: 'not-a-program' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'jq-broke-down' };

const TIMEOUT_MS = 1_000;
/** All that jq sees of the machine, with the folder it runs in: programs show it, and what they give is kept in a file. */
const ENVIRONMENT = { PATH: '/usr/bin:/bin', HOME: '/', TZ: 'UTC', LC_ALL: 'C' };

/** Undefined where there is no jq 1.6. */
export function jqVersion(): string | undefined {
  const { stdout } = spawnSync('jq', ['--version'], { encoding: 'utf8' });
  return stdout?.trim() === 'jq-1.6' ? 'jq-1.6' : undefined;
}

/** One outcome for each input. The program is wrapped so that it has one line of output for each. */
export function runJq(program: string, inputs: readonly string[]): readonly Outcome[] {
  const wrapped = `try ([${program}\n] | {outputs: map(tojson)}) catch {error: tojson}`;
  const { status, signal, stdout } = spawnSync('jq', ['-c', wrapped], {
    input: inputs.join('\n'),
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    maxBuffer: 64 * 1024 * 1024,
    cwd: '/',
    env: ENVIRONMENT,
  });
  if (status === 3) return inputs.map(() => ({ kind: 'not-a-program' }));
  const lines = stdout.split('\n').slice(0, -1);
  if (signal === null && lines.length === inputs.length) return lines.map(outcomeOf);
  if (inputs.length === 1) return [{ kind: 'jq-broke-down' }];
  return inputs.flatMap((input) => runJq(program, [input]));
}

function outcomeOf(line: string): Outcome {
  const { outputs, error } = JSON.parse(line) as { outputs?: string[]; error?: string };
  return outputs === undefined ? { kind: 'error', value: error! } : { kind: 'outputs', outputs };
}
