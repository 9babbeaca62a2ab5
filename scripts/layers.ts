/**
 * Who may import whom, and who may touch the machine: the architecture as data, checked. What is not listed is
 * forbidden. Reading nothing is a fault too: a check that saw no imports has checked nothing.
 */
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import path from 'node:path';

/** For each room, the rooms (or parts of rooms) that it may import besides itself. The longest matching name is a file's room. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  config: ['base'],
  host: ['base'],
  catalog: ['base', 'host', 'config'],
  keys: ['base', 'host', 'config', 'wire/shape', 'catalog'],
  log: ['base', 'host', 'config', 'keys/sealing.ts'],
  'wire/shape': ['base'],
  wire: ['base', 'host', 'config', 'wire/shape'],
  access: ['base', 'host', 'config', 'wire/shape', 'catalog'],
  metering: ['base', 'host', 'config', 'wire/shape', 'catalog'],
  objects: ['base', 'host', 'config'],
  // Of the readers it knows the port that it implements, and nothing else.
  streams: [
    'base',
    'host',
    'config',
    'wire/shape',
    'log',
    'catalog',
    'keys',
    'metering',
    'readers/record-source.ts',
  ],
  readers: ['base', 'host', 'config', 'catalog'],
  functions: ['base', 'host', 'config', 'wire/shape', 'catalog'],
  'firehose/conversion': ['base', 'firehose/compression/snappy-codec.ts'],
  firehose: [
    'base',
    'host',
    'config',
    'wire/shape',
    'log',
    'catalog',
    'keys',
    'objects',
    'metering',
    'readers',
    'jq',
    'firehose/conversion',
    // Functions and the table catalog are known by their ports only.
    'functions/functions.ts',
    'tables/tables.ts',
  ],
  tables: ['base', 'host', 'config', 'wire/shape', 'catalog'],
  admin: ['base', 'host', 'config', 'wire/shape', 'log', 'catalog', 'objects'],
  // `millrace sql` runs programs in its own process: the language, and what turns records into rows.
  cli: ['base', 'config', 'sql', 'analytics/mapping', 'analytics/discovery'],
  jq: ['base'],
  // The language and its engine know no service and no machine.
  sql: ['base'],
  analytics: [
    'base',
    'host',
    'config',
    'wire/shape',
    'log',
    'catalog',
    'keys',
    'objects',
    'metering',
    'readers',
    'sql',
    // Of functions it knows the port only.
    'functions/functions.ts',
    'analytics/mapping',
    'analytics/discovery',
  ],
  // Pure, so that the command line and the benchmarks map records as the service does.
  'analytics/mapping': ['base', 'sql'],
  'analytics/discovery': ['base', 'sql', 'analytics/mapping'],
  'assemble.ts': ['*'],
  'application-doors.ts': ['*'],
  'logging.ts': ['config'],
  'version.ts': [],
  commands: ['*'],
  'main.ts': ['*'],
};

/** Rooms whose tests build the real part next door instead of a mock of it. */
const ROOMS_OF_TESTS: Readonly<Record<string, readonly string[]>> = {
  base: ['host'],
  'wire/shape': ['host'],
  keys: ['streams', 'log'],
  log: ['keys'],
  wire: ['access', 'streams'],
  access: ['wire', 'streams'],
  admin: ['keys', 'wire', 'access', 'assemble.ts'],
  streams: ['wire', 'access'],
  cli: ['assemble.ts', 'logging.ts', 'host'],
  metering: ['streams'],
  firehose: ['tables'],
  tables: ['assemble.ts', 'logging.ts'],
  analytics: ['assemble.ts', 'logging.ts'],
};

/** Node's modules that reach the machine, and the rooms that exist to do so. Pure ones (path, buffer, crypto, …) are free. */
const MACHINE_MODULES =
  /^node:(fs|fs\/promises|net|tls|http|https|http2|dgram|dns|os|process|child_process|worker_threads|cluster|sqlite|timers|timers\/promises|perf_hooks|readline|tty|inspector|v8|vm)$/;
const MACHINE_MODULES_ALLOWED: Readonly<Record<string, RegExp>> = {
  'host/real': /./,
  'host/simulated': /^node:(fs|net)$/,
  cli: /./,
  'main.ts': /./,
  commands: /./,
  'version.ts': /^node:fs$/,
  wire: /^node:(net|tls|http|http2)$/,
  catalog: /^node:sqlite$/,
  // Values as bytes and back, and nothing of the engine that it is named after.
  'analytics/execution': /^node:v8$/,
};

/** The clock, timers and dice of the machine: only `host/` and the programs around the server may take them. */
const MACHINE_GLOBALS =
  /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|(?<!\.)\bset(?:Timeout|Interval)\(|\bMath\.random\(|\brandom(?:Bytes|FillSync|Fill|UUID|Int)\(|\bprocess\.(?:env|argv|hrtime)\b/;
const MACHINE_GLOBALS_ALLOWED = ['host', 'cli', 'main.ts', 'commands'];

/** Tests, and what only tests use. */
const TEST_FILES = /\.(test|testing|fixture)\.ts$|\/testing\//;

export type Layering = { readonly imports: number; readonly faults: readonly string[] };

/** `files`: the text of each file by its path below `src/`, with `/`. */
export function checkLayers(files: ReadonlyMap<string, string>): Layering {
  const faults: string[] = [];
  let imports = 0;
  for (const [file, text] of files) {
    const code = withoutComments(text);
    const room = roomOf(file);
    if (room === undefined) {
      faults.push(`src/${file}: stands in no room that scripts/layers.ts knows`);
      continue;
    }
    const isTest = TEST_FILES.test(file);
    for (const [specifier, line] of importsOf(code)) {
      imports++;
      const fault = specifier.startsWith('.')
        ? faultOfImport(file, room, specifier, isTest)
        : faultOfModule(file, specifier, isTest);
      if (fault !== undefined) faults.push(`src/${file}:${line}: ${fault}`);
    }
    if (!isTest && !isUnder(file, MACHINE_GLOBALS_ALLOWED)) {
      code.split('\n').forEach((text, index) => {
        const touched = MACHINE_GLOBALS.exec(text)?.[0];
        if (touched) faults.push(`src/${file}:${index + 1}: ${touched} is the machine's: take it from host/`);
      });
    }
  }
  if (imports === 0) faults.push('saw no imports at all: nothing was checked');
  return { imports, faults };
}

function faultOfImport(file: string, room: string, specifier: string, isTest: boolean): string | undefined {
  const target = path.posix.join(path.posix.dirname(file), specifier);
  if (target.startsWith('../')) return isTest ? undefined : `imports ${specifier}, outside src/`;
  const targetRoom = roomOf(target);
  if (targetRoom === room) return undefined;
  const allowed = [...ROOMS[room]!, ...(isTest ? (ROOMS_OF_TESTS[room] ?? []) : [])];
  if (allowed.includes('*') || isUnder(target, allowed)) return undefined;
  return `${room} may not import ${target}`;
}

function faultOfModule(file: string, specifier: string, isTest: boolean): string | undefined {
  if (isTest || !MACHINE_MODULES.test(specifier)) return undefined;
  const allowed = Object.entries(MACHINE_MODULES_ALLOWED).some(
    ([where, modules]) => isUnder(file, [where]) && modules.test(specifier),
  );
  return allowed ? undefined : `${specifier} reaches the machine: go through host/`;
}

function roomOf(file: string): string | undefined {
  return Object.keys(ROOMS)
    .filter((room) => isUnder(file, [room]))
    .toSorted((left, right) => right.length - left.length)[0];
}

function isUnder(file: string, places: readonly string[]): boolean {
  return places.some((place) => file === place || file.startsWith(`${place}/`));
}

/** Blanks comments out and keeps the lines, so that line numbers stay true. Strings that hold `//` keep it when a quote follows. */
function withoutComments(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' '))
    .replaceAll(/(^|[\s;{}(,])\/\/.*$/gm, '$1');
}

/** Static, re-exporting, side-effect, dynamic and type imports, each with its line. */
function importsOf(code: string): readonly (readonly [string, number])[] {
  return [...code.matchAll(/\b(?:from|import)\s*\(?\s*(['"])([^'"\n]+)\1/g)].map((match) => [
    match[2]!,
    code.slice(0, match.index).split('\n').length,
  ]);
}

if (import.meta.main) {
  const root = path.join(import.meta.dirname, '..', 'src');
  const files = new Map<string, string>();
  for await (const file of glob('**/*.ts', { cwd: root })) {
    files.set(file.replaceAll(path.sep, '/'), readFileSync(path.join(root, file), 'utf8'));
  }
  const { imports, faults } = checkLayers(files);
  for (const fault of faults) console.error(fault);
  console.log(`layers: ${imports} imports in ${files.size} files, ${faults.length} faults`);
  if (faults.length > 0) process.exitCode = 1;
}
