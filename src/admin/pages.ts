/**
 * What the plain pages say: `/healthz` (alive), `/readyz` (serving), `/metrics`, and the addresses that other stand-ins'
 * users already poll, `/_localstack/health` and `/healthcheck`.
 */
import { prometheusText, type Family } from './metrics.ts';

type Page = { readonly status: number; readonly contentType: string; readonly body: string };

export function createPages(parts: {
  readonly version: string;
  /** Random, new at each start. */
  readonly instance: string;
  readonly uptimeMs: () => number;
  /** False while the server starts and once it drains. */
  readonly isReady: () => boolean;
  readonly families: () => readonly Family[];
}): ReadonlyMap<string, () => Page> {
  const { version, instance } = parts;
  const state = (): string => (parts.isReady() ? 'running' : 'unavailable');
  const health = (): Page =>
    json(200, { status: state(), version, instance, uptimeSeconds: Math.floor(parts.uptimeMs() / 1000) });
  const ready = (): Page => json(parts.isReady() ? 200 : 503, { status: state() });
  return new Map<string, () => Page>([
    ['/healthz', health],
    ['/readyz', ready],
    ['/healthcheck', ready],
    [
      '/_localstack/health',
      () => json(200, { services: { kinesis: state() }, edition: 'millrace', version }),
    ],
    [
      '/metrics',
      () => ({
        status: 200,
        contentType: 'text/plain; version=0.0.4; charset=utf-8',
        body: prometheusText(parts.families()),
      }),
    ],
  ]);
}

function json(status: number, value: object): Page {
  return { status, contentType: 'application/json', body: `${JSON.stringify(value)}\n` };
}
