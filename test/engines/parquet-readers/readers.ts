/** The foreign readers of Parquet, at the versions that requirements.txt and pom.xml pin. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { javaInstallation, pythonInstallation } from '../../clients/installations.ts';

const HERE = import.meta.dirname;
const OUTPUT_BYTES_MAX = 1 << 30;

export const apacheParquet = javaInstallation(HERE);
export const pythonParquet = pythonInstallation(HERE);

/** Prints for each file a line of JSON: `{ groups, rows }`. Throws when a tool is missing or a file cannot be read. */
export type Reader = { readonly name: string; read(files: readonly string[]): string };

export const READERS: readonly Reader[] = [
  ...['pyarrow', 'duckdb'].map((name) => ({
    name,
    read: (files: readonly string[]) =>
      run(pythonParquet.program('python'), [path.join(HERE, 'read_rows.py'), name, ...files]),
  })),
  {
    name: 'Apache parquet-hadoop',
    read: (files) => run('java', [...apacheParquet.javaArgs(), 'ReadRows', ...files]),
  },
];

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
