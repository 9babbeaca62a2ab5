/** Language runtimes that the clients need and that we do not install. A missing one skips its suites, loudly. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export type Runtime = 'java' | 'maven' | 'go' | 'python' | 'jq' | 'unzip' | 'postgresql';

type Probe = {
  readonly command: string;
  readonly args: readonly string[];
  readonly isGood: (output: string) => boolean;
  readonly wanted: string;
};

const PROBES: Readonly<Record<Runtime, Probe>> = {
  java: {
    command: 'javac',
    args: ['-version'],
    isGood: (output) => Number(/javac (\d+)/.exec(output)?.[1]) >= 17,
    wanted: 'a JDK, 17 or newer (javac and java)',
  },
  maven: {
    command: 'mvn',
    args: ['--version'],
    isGood: (output) => output.includes('Apache Maven 3'),
    wanted: 'Apache Maven 3 (mvn)',
  },
  go: {
    command: 'go',
    args: ['version'],
    isGood: (output) => Number(/go1\.(\d+)/.exec(output)?.[1]) >= 24,
    wanted: 'Go, 1.24 or newer (go)',
  },
  python: {
    command: 'python3',
    args: ['-c', 'import sys, venv, ensurepip; print(sys.version_info >= (3, 10))'],
    isGood: (output) => output.includes('True'),
    wanted: 'Python, 3.10 or newer, with its venv module (python3)',
  },
  postgresql: {
    command: 'pg_config',
    args: ['--version'],
    isGood: (output) => Number(/PostgreSQL (\d+)/.exec(output)?.[1]) >= 13,
    wanted: "PostgreSQL's server, 13 or newer (pg_config, and initdb and postgres in its folder of programs)",
  },
  unzip: {
    command: 'unzip',
    args: ['-v'],
    isGood: (output) => output.startsWith('UnZip'),
    wanted: 'Info-ZIP (unzip)',
  },
  jq: {
    command: 'jq',
    args: ['--version'],
    isGood: (output) => output.trim() === 'jq-1.6',
    wanted: 'jq 1.6, not older and not newer (jq)',
  },
};

/** What is missing, in words for the user; undefined when it is there. */
export async function missingRuntime(runtime: Runtime): Promise<string | undefined> {
  const probe = PROBES[runtime];
  try {
    const { stdout, stderr } = await promisify(execFile)(probe.command, probe.args);
    return probe.isGood(stdout + stderr) ? undefined : probe.wanted;
  } catch {
    return probe.wanted;
  }
}
