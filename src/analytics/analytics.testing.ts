/**
 * Analytics opened for tests: the real catalog in memory, the real log in memory, real keys, a simulated clock and dice, and whoever runs programs as
 * the test gives him. `restart` closes and opens it again over the same catalog and log, as a new process would find them.
 */
import { AWS_LIMITS, NO_LIMITS, type Limits } from '../config/limits.ts';
import { openSqliteCatalog } from '../catalog/sqlite/open.ts';
import { createSimulatedClock } from '../host/simulated/clock.ts';
import { createSimulatedDice } from '../host/simulated/dice.ts';
import { openKeyRing } from '../keys/open-key-ring.ts';
import { openMemoryLog } from '../log/memory/memory-log.ts';
import type { Call } from '../wire/shape/operation.ts';
import type { ApplicationState } from './directory/application-state.ts';
import type { Discover } from './discovering/discover.ts';
import { openAnalytics, type Analytics } from './open-analytics.ts';
import type { openPorts, PortParts } from './ports.ts';
import { StartFailed, type Runner } from './running/runner.ts';
import type { AnalyticsServices } from './service.ts';
import type { SettingsChecks } from './settings/check-settings.ts';

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
export const STATE_MS = 500;
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/analytics`;
export const STREAM = `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/clicks`;
export const OTHER_STREAM = `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/results`;
export const DELIVERY = `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/lake`;
export const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:f`;
export const CODE = 'CREATE STREAM "OUT" (a INTEGER);';

export const SCHEMA = {
  RecordFormat: {
    RecordFormatType: 'JSON',
    MappingParameters: { JSONMappingParameters: { RecordRowPath: '$' } },
  },
  RecordEncoding: 'UTF-8',
  RecordColumns: [{ Name: 'ticker', Mapping: '$.ticker', SqlType: 'VARCHAR(8)' }],
} as const;

export function inputV1(arn = STREAM) {
  return {
    NamePrefix: 'SOURCE_SQL_STREAM',
    KinesisStreamsInput: { ResourceARN: arn, RoleARN: ROLE },
    InputSchema: SCHEMA,
  };
}

export function call(account = ACCOUNT, region = REGION): Call {
  return {
    caller: { account, arn: `arn:aws:iam::${account}:root`, accessKeyId: account },
    region,
    requestId: 'test',
    signal: new AbortController().signal,
  };
}

type Handlers<V extends keyof AnalyticsServices> = AnalyticsServices[V]['handlers'];
/** The operations, as the account of the tests calls them. */
type Client<V extends keyof AnalyticsServices> = {
  readonly [K in keyof Handlers<V>]: Handlers<V>[K] extends (input: infer I, call: Call) => infer O
    ? (input: I, call?: Call) => Promise<Awaited<O>>
    : never;
};

/** Runs nothing, and says what it was told. */
export class TestRunner implements Runner {
  readonly running = new Set<string>();
  readonly told: string[] = [];
  failure: Error | undefined;

  start({ id, name, version }: ApplicationState): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.told.push(`start ${name} ${version.id}`);
    this.running.add(id);
    return Promise.resolve();
  }
  stop(id: string, how: string): Promise<void> {
    if (this.running.delete(id)) this.told.push(`stop ${how}`);
    return Promise.resolve();
  }
  state(): undefined {}
  watch(): undefined {}
  [Symbol.asyncDispose](): Promise<void> {
    this.running.clear();
    return Promise.resolve();
  }
}

export async function openTestAnalytics(
  options: {
    readonly limits?: Partial<Limits>;
    readonly checks?: Partial<SettingsChecks>;
    readonly discover?: Discover;
    /** Real ones, in place of the checks, the discovery and the runner of tests. */
    readonly ports?: (parts: Pick<PortParts, 'clock' | 'dice' | 'log'>) => ReturnType<typeof openPorts>;
  } = {},
) {
  const clock = createSimulatedClock();
  const dice = createSimulatedDice(7);
  const host = { clock, dice, disk: undefined as never };
  const catalog = await openSqliteCatalog({ host, path: ':memory:' });
  const { keyRing: keys } = await openKeyRing({
    host,
    catalog,
    config: {
      dataDirectory: '/nowhere',
      durability: 'memory',
      masterKeyFile: undefined,
      masterKey: undefined,
    },
  });
  const log = openMemoryLog();
  const failures: unknown[] = [];
  const runner = new TestRunner();
  let analytics: Analytics;

  async function open(): Promise<void> {
    const { applicationsPerAccount, tagsPerApplication } = AWS_LIMITS;
    const ports = options.ports?.({ clock, dice, log });
    analytics = await openAnalytics({
      host,
      config: {
        limits: { ...NO_LIMITS, applicationsPerAccount, tagsPerApplication, ...options.limits },
        stateDurationMs: STATE_MS,
      },
      ...{ catalog, log, keys },
      runner: ports?.runner ?? runner,
      checks: ports?.checks ?? {
        unusable: (_kind, arn) => (arn.includes('absent') ? `There is no ${arn}.` : undefined),
        programFault: ({ code }) =>
          Promise.resolve(
            code.kind === 'text' && code.text.includes('wrong')
              ? 'From line 1, column 1 to line 1, column 5: wrong'
              : undefined,
          ),
        schemaFault: () => Promise.resolve(undefined),
        ...options.checks,
      },
      discover:
        ports?.discover ?? options.discover ?? (() => Promise.reject(new StartFailed('nothing to discover'))),
      onFailure: (error) => failures.push(error),
    });
  }
  await open();

  function clientOf<V extends keyof AnalyticsServices>(version: V): Client<V> {
    return new Proxy({} as Client<V>, {
      get:
        (_target, name: string) =>
        async (input: never, by: Call = call()) => {
          const handlers = analytics.services[version].handlers as unknown as Record<
            string,
            (input: never, call: Call) => unknown
          >;
          return await handlers[name]!(input, by);
        },
    });
  }
  async function turn(): Promise<void> {
    for (let at = 0; at < 50; at++) await new Promise<void>((resolve) => void setImmediate(resolve));
  }
  return {
    ...{ clock, catalog, log, keys, failures, runner, turn, v1: clientOf('v1'), v2: clientOf('v2') },
    async settle() {
      await turn();
      await clock.advance(STATE_MS);
      await turn();
    },
    /** Time in small pieces, so that everything that waits for something else comes to it. */
    async pass(ms: number) {
      for (let passed = 0; passed < ms; passed += 50) {
        await turn();
        await clock.advance(50);
      }
      await turn();
    },
    async restart() {
      await analytics[Symbol.asyncDispose]();
      await open();
    },
    get analytics() {
      return analytics;
    },
    async [Symbol.asyncDispose]() {
      await analytics[Symbol.asyncDispose]();
      await log[Symbol.asyncDispose]();
      await catalog[Symbol.asyncDispose]();
    },
  };
}
