/** The foreign readers: installed once below the user's cache folder, by their registries' own clients, at fixed versions. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

const HERE = import.meta.dirname;
const CACHE = path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'millrace');
const PYARROW = '26.0.1';
const DUCKDB = '2.0.0';
const PARQUET = '1.15.2';
const OUTPUT_BYTES_MAX = 1 << 30;

/** Prints for each file a line of JSON: `{ groups, rows }`. Throws when a tool is missing or a file cannot be read. */
export type Reader = { readonly name: string; read(files: readonly string[]): string };

export function installReaders(): readonly Reader[] {
  const python = installPython();
  const lib = installApache();
  return [
    ...['pyarrow', 'duckdb'].map((name) => ({
      name,
      read: (files: readonly string[]) => run(python, [path.join(HERE, 'read_rows.py'), name, ...files]),
    })),
    {
      name: 'Apache parquet-hadoop',
      read: (files) => run('java', ['-Xmx1g', '-cp', `${lib}/*`, path.join(HERE, 'ReadRows.java'), ...files]),
    },
  ];
}

function installPython(): string {
  const folder = path.join(CACHE, `parquet-readers-pyarrow-${PYARROW}-duckdb-${DUCKDB}`);
  installInto(folder, () => {
    run('python3', ['-m', 'venv', folder]);
    run(path.join(folder, 'bin/pip'), ['install', '-q', `pyarrow==${PYARROW}`, `duckdb==${DUCKDB}`]);
  });
  return path.join(folder, 'bin/python');
}

function installApache(): string {
  const folder = path.join(CACHE, `parquet-readers-apache-${PARQUET}`);
  installInto(folder, () => {
    mkdirSync(folder, { recursive: true });
    copyFileSync(path.join(HERE, 'pom.xml'), path.join(folder, 'pom.xml'));
    const goal = ['-q', '-B', '-f', path.join(folder, 'pom.xml'), 'dependency:copy-dependencies'];
    run('mvn', [...goal, '-DincludeScope=runtime', `-DoutputDirectory=${path.join(folder, 'lib-partial')}`]);
    renameSync(path.join(folder, 'lib-partial'), path.join(folder, 'lib'));
  });
  return path.join(folder, 'lib');
}

/** A folder is whole when its mark is there; what an interrupted installation left is thrown away. */
function installInto(folder: string, install: () => void): void {
  const mark = path.join(folder, '.installed');
  if (existsSync(mark)) return;
  console.log(`# installing ${path.basename(folder)}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  install();
  mkdirSync(mark);
}

function run(command: string, parameters: readonly string[]): string {
  try {
    return execFileSync(command, parameters, {
      encoding: 'utf8',
      maxBuffer: OUTPUT_BYTES_MAX,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: string };
    if (code === 'ENOENT')
      throw new Error(`${command} is missing: the foreign readers of Parquet were NOT run`, { cause: error });
    throw new Error(`${command} failed:\n${(stderr ?? String(error)).slice(-3000)}`, { cause: error });
  }
}
