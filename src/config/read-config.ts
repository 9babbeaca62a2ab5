/**
 * Flags, environment and file become one frozen `Config`, or a `UsageError` that says which of them is wrong.
 * Pure: the caller reads the file and hands the environment.
 */
import path from 'node:path';
import { UsageError, closest, parseFlags, type ParsedFlags } from '../base/flags.ts';
import { isLoopbackHost } from '../base/loopback.ts';
import type { Config } from './config.ts';
import { NO_ENDPOINTS, parseEndpoints, type Endpoints } from './endpoints.ts';
import { parseInitializeStreams } from './initialize-streams.ts';
import { AWS_LIMITS, NO_LIMITS, type Limits } from './limits.ts';
import { CALL_RATE_LIMITS, START_FLAGS, limitFlag } from './options.ts';

type Environment = Readonly<Record<string, string | undefined>>;
const MIB = 1024 * 1024;

type Setting = { readonly text: string; readonly origin: string };

/** `readFile` returns the text of the file that `--config` names. */
export function readConfig(
  args: readonly string[],
  environment: Environment,
  readFile: (path: string) => string,
): Config {
  const flags = parseFlags(args, START_FLAGS);
  if (flags.positionals.length > 0) {
    throw new UsageError(`millrace start takes flags only, not '${flags.positionals[0]}'.`);
  }
  return configOf(gatherSettings(flags, environment, readFile), environment, readFile);
}

function gatherSettings(
  flags: ParsedFlags,
  environment: Environment,
  readFile: (path: string) => string,
): ReadonlyMap<string, Setting> {
  const settings = new Map<string, Setting>();
  const configFile = flags.values.get('config') ?? environment['MILLRACE_CONFIG'];
  const fromFile = configFile ? membersOf(configFile, readFile) : new Map<string, string>();
  for (const flag of START_FLAGS) {
    const given = flags.values.get(flag.name);
    // An empty variable counts as unset: that is how compose files and unit files write "not set".
    const variable = flag.environment?.find((name) => environment[name]);
    const filed = fromFile.get(flag.name);
    // Most likely a shell variable that is not set; for --data it would mean the working directory.
    if (given === '') throw new UsageError(`--${flag.name} has an empty value: --${flag.name} ${flag.value}`);
    if (given !== undefined) settings.set(flag.name, { text: given, origin: `--${flag.name}` });
    else if (variable !== undefined)
      settings.set(flag.name, { text: environment[variable]!, origin: variable });
    else if (filed !== undefined)
      settings.set(flag.name, { text: filed, origin: `'${flag.name}' in ${configFile}` });
  }
  return settings;
}

function membersOf(file: string, readFile: (path: string) => string): Map<string, string> {
  let members: unknown;
  try {
    members = JSON.parse(readFile(file));
  } catch (error) {
    throw new UsageError(`Cannot read the configuration file ${file}: ${(error as Error).message}`);
  }
  if (typeof members !== 'object' || members === null || Array.isArray(members)) {
    throw new UsageError(`The configuration file ${file} is not a JSON object.`);
  }
  const names = START_FLAGS.map(({ name }) => name).filter((name) => name !== 'config');
  return new Map(
    Object.entries(members).map(([name, value]) => {
      if (!names.includes(name)) {
        const near = closest(name, names);
        const hint = near === undefined ? '' : ` Did you mean '${near}'?`;
        throw new UsageError(`Unknown member '${name}' in ${file}.${hint}`);
      }
      if (typeof value !== 'string' && typeof value !== 'number') {
        throw new UsageError(`'${name}' in ${file} is neither a string nor a number.`);
      }
      return [name, String(value)];
    }),
  );
}

function configOf(
  settings: ReadonlyMap<string, Setting>,
  environment: Environment,
  readFile: (path: string) => string,
): Config {
  const text = (name: string): string | undefined => settings.get(name)?.text;
  const reject = (name: string, expected: string): never => {
    const { text: given, origin } = settings.get(name)!;
    throw new UsageError(`${origin} must be ${expected}, not '${given}'.`);
  };
  const matching = (name: string, pattern: RegExp, expected: string, otherwise: string): string => {
    const given = text(name) ?? otherwise;
    return pattern.test(given) ? given : reject(name, expected);
  };
  const oneOf = <const V extends string>(name: string, values: readonly V[], otherwise: V): V => {
    const given = text(name) ?? otherwise;
    return values.find((value) => value === given) ?? reject(name, `one of ${values.join(', ')}`);
  };
  const integer = (name: string, min: number, max: number, otherwise: number): number => {
    const given = text(name);
    if (given === undefined) return otherwise;
    const value = /^\d{1,15}$/.test(given) ? Number(given) : NaN;
    return value >= min && value <= max ? value : reject(name, `an integer from ${min} to ${max}`);
  };

  const region = matching('region', /^[a-z]{2}[a-z0-9-]{1,30}$/, 'a region such as us-east-1', 'us-east-1');
  const durability = oneOf('durability', ['fsync', 'os', 'memory'], 'fsync');
  const config: Config = {
    host: matching('host', /^[\w.:%-]+$/, 'an address or a host name', '127.0.0.1'),
    port: integer('port', 0, 65_535, 4567),
    dataDirectory: path.resolve(text('data') ?? defaultDataDirectory(environment)),
    durability,
    limits: limitsOf(oneOf('limits', ['aws', 'none'], 'aws'), settings),
    credentialsFile: text('credentials'),
    endpoints: endpointsOf(text('endpoints'), readFile),
    account: matching('account', /^\d{12}$/, 'an account number of 12 digits', '000000000000'),
    region,
    stateDurationMs: integer('state-duration-ms', 0, 3_600_000, 200),
    onDemandReactionMs: integer('on-demand-reaction-ms', 10, 86_400_000, 10_000),
    tlsCertFile: text('tls-cert'),
    tlsKeyFile: text('tls-key'),
    masterKeyFile: text('master-key'),
    masterKey: environment['MILLRACE_MASTER_KEY'] || undefined,
    logLevel: oneOf('log-level', ['trace', 'debug', 'info', 'warn', 'error', 'silent'], 'info'),
    initializeStreams: parseInitializeStreams(
      text('initialize-streams') ?? '',
      settings.get('initialize-streams')?.origin ?? '',
      region,
    ),
    bytesInFlightMax: integer('bytes-in-flight-max', 32 * MIB, Number.MAX_SAFE_INTEGER, 128 * MIB),
    deliveryStreamBytesMax: integer(
      'delivery-stream-bytes-max',
      MIB,
      Number.MAX_SAFE_INTEGER,
      8 * 1024 * MIB,
    ),
    deliveryBytesMax: integer(
      'delivery-bytes-max',
      MIB,
      Number.MAX_SAFE_INTEGER,
      durability === 'memory' ? 512 * MIB : 32 * 1024 * MIB,
    ),
    deliveryMemoryBytesMax: integer(
      'delivery-memory-bytes-max',
      16 * MIB,
      Number.MAX_SAFE_INTEGER,
      256 * MIB,
    ),
  };
  if ((config.tlsCertFile === undefined) !== (config.tlsKeyFile === undefined)) {
    throw new UsageError('--tls-cert and --tls-key are only useful together.');
  }
  if (config.masterKeyFile !== undefined && config.masterKey !== undefined) {
    throw new UsageError('--master-key and MILLRACE_MASTER_KEY both give a master key: which one?');
  }
  if (!isLoopbackHost(config.host) && config.credentialsFile === undefined) {
    throw new UsageError(
      `--host ${config.host} can be reached from other machines, so --credentials FILE must say who may call.`,
    );
  }
  return Object.freeze(config);
}

function endpointsOf(file: string | undefined, readFile: (path: string) => string): Endpoints {
  if (file === undefined) return NO_ENDPOINTS;
  let text: string;
  try {
    text = readFile(file);
  } catch (error) {
    throw new UsageError(`Cannot read the endpoints file ${file}: ${(error as Error).message}`);
  }
  return parseEndpoints(text, file, readFile);
}

function limitsOf(set: 'aws' | 'none', settings: ReadonlyMap<string, Setting>): Limits {
  const limits: Record<string, number | Readonly<Record<string, number>>> = {
    ...(set === 'aws' ? AWS_LIMITS : NO_LIMITS),
  };
  for (const name of Object.keys(AWS_LIMITS)) {
    const setting = settings.get(limitFlag(name));
    if (setting === undefined) continue;
    const { text, origin } = setting;
    if (!CALL_RATE_LIMITS.some((rates) => rates === name)) {
      limits[name] = limitNumber(text, origin);
      continue;
    }
    const rates = { ...(limits[name] as Readonly<Record<string, number>>) };
    for (const pair of text.split(',')) {
      const [operation, rate] = pair.split('=');
      if (!/^[A-Z]\w+$/.test(operation ?? '') || rate === undefined) {
        throw new UsageError(`${origin} must look like CreateStream=5,ListStreams=5, not '${text}'.`);
      }
      rates[operation!] = limitNumber(rate, origin);
    }
    limits[name] = Object.freeze(rates);
  }
  return Object.freeze(limits as unknown as Limits);
}

function limitNumber(text: string, origin: string): number {
  if (text === 'none') return Infinity;
  if (/^\d{1,15}$/.test(text) && Number(text) > 0) return Number(text);
  throw new UsageError(`${origin} must be a whole number above 0, or none, not '${text}'.`);
}

/** Where data is kept when nobody says: see decision 0003. */
export function defaultDataDirectory(environment: Environment): string {
  const xdg = environment['XDG_DATA_HOME'];
  if (xdg) return path.join(xdg, 'millrace');
  const local = environment['LOCALAPPDATA'];
  if (local) return path.join(local, 'millrace');
  const home = environment['HOME'] ?? environment['USERPROFILE'];
  if (!home) throw new UsageError('There is no home directory to keep data in; say where with --data DIR.');
  return path.join(home, '.local', 'share', 'millrace');
}
