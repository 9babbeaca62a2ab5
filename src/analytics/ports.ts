/** What the service needs beyond its rows in the catalog: checks of programs, discovery, and whoever runs them. Each is loaded when it is first needed. */
import type { ApplicationState } from './directory/application-state.ts';
import type { Discover } from './discovering/discover.ts';
import type { OpenRunnerParts } from './running/open-runner.ts';
import { lazyRunner, type Runner } from './running/runner.ts';
import type { SettingsChecks } from './settings/check-settings.ts';

type Kind = 'stream' | 'delivery-stream';

export type PortParts = Omit<OpenRunnerParts, 'onFailure'> & {
  readonly exists: (kind: Kind, account: string, region: string, name: string) => boolean;
  readonly onFailure: (error: unknown, application: ApplicationState, doing: string) => void;
};

export function openPorts(parts: PortParts): {
  readonly checks: SettingsChecks;
  readonly discover: Discover;
  readonly runner: Runner;
} {
  const discover = once(async () => (await import('./discovering/open-discover.ts')).openDiscover(parts));
  const program = once(() => import('./program/plan-program.ts'));
  return {
    checks: {
      unusable: (kind, arn, { account, region }) => {
        if (kind === 'function') return parts.functions.unavailable(arn);
        const { account: of, region: at, name } = resourceOfArn(arn);
        const isThere = of === account && at === region && parts.exists(kind, of, at, name);
        if (isThere) return undefined;
        return `There is no ${kind.replace('-', ' ')} ${arn} in account ${account} and region ${region}.`;
      },
      programFault: async (settings, isOpen) =>
        settings.code.kind === 'text' ? (await program()).programFault(settings, isOpen) : undefined,
      schemaFault: async (schema) => (await program()).schemaFault(schema),
    },
    discover: async (request, call) => await (await discover())(request, call),
    runner: lazyRunner(async () => (await import('./running/open-runner.ts')).openRunner(parts)),
  };
}

/** Of a stream or a delivery stream: its name is what stands behind the first slash. */
export function resourceOfArn(arn: string): {
  readonly account: string;
  readonly region: string;
  readonly name: string;
} {
  const [, , , region = '', account = '', resource = ''] = arn.split(':');
  return { account, region, name: resource.slice(resource.indexOf('/') + 1) };
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => (loading ??= load());
}
