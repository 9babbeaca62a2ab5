/** HTTP to servers that are functions: for simulations, where no sockets are. A server takes simulated time and may fail as a network does. */
import type { Clock } from '../host.ts';
import { HttpError, type HttpAnswer, type HttpClient, type HttpRequest } from '../http.ts';

/** Answers, or throws an `HttpError`. */
export type SimulatedServer = (request: HttpRequest) => Promise<HttpAnswer>;

/** `servers` by origin, such as `http://10.0.0.1:9000`; it may change later. A server that is not there is unreachable. */
export function createSimulatedHttpClient(
  clock: Clock,
  servers: ReadonlyMap<string, SimulatedServer>,
): HttpClient {
  return {
    async send(request) {
      const { origin, hostname } = new URL(request.url);
      if (request.refusesAddress?.(hostname)) throw new HttpError('refused-address', hostname);
      const server = servers.get(origin);
      if (server === undefined) throw new HttpError('unreachable', `Nothing listens at ${origin}.`);
      const ended = new AbortController();
      const timeout = clock.sleep(request.timeoutMs, ended.signal).then(() => {
        throw new HttpError('timeout', `No whole answer within ${request.timeoutMs} ms.`);
      });
      try {
        const answer = await Promise.race([server(request), timeout, aborted(request.signal)]);
        if (answer.body.length > request.answerBytesMax)
          throw new HttpError('too-long', 'The answer is long.');
        return answer;
      } finally {
        ended.abort();
        timeout.catch(() => {});
      }
    },
    close() {},
  };
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  if (signal?.aborted) reject(signal.reason);
  signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  return promise;
}
