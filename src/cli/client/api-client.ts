/**
 * A small signed client of AWS's JSON protocol over HTTP/1.1: all that the CLI knows of a server. It repeats what is
 * safe and useful to repeat (throttling, a server that is busy, a connection that broke), with growing, random pauses.
 */
import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventsOf, type ServiceEvent } from './event-stream.ts';
import { sign, type Credentials } from './signature.ts';

export type ApiClient = {
  /** Throws `ApiError` when the service refuses and `UnreachableError` when nothing answers. */
  call<Output = unknown>(operation: string, input: object, signal?: AbortSignal): Promise<Output>;
  /** The events of an answer that is an event stream, as they come, each by its type. Throws as `call` does; nothing is repeated. */
  events(operation: string, input: object, signal: AbortSignal): AsyncIterable<ServiceEvent>;
  close(): void;
};

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

const ATTEMPTS_MAX = 6;
const PAUSE_MS = 100;
const PAUSE_MS_MAX = 5_000;
/** How long a server that was there is waited for: a start after a crash takes seconds. */
const RESTART_MS_MAX = 60_000;
const RESTART_PAUSE_MS = 250;
const IDLE_MS_MAX = 60_000;
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

/** A pause before attempt `attempt` (1 is the first repetition): random, so that many clients do not come back at once. */
function pauseMs(attempt: number): number {
  return Math.random() * Math.min(PAUSE_MS * 2 ** attempt, PAUSE_MS_MAX);
}

export function createApiClient(options: {
  readonly endpoint: URL;
  readonly region: string;
  readonly credentials: Credentials;
  /** The service's name in the signature's scope, and the prefix of its targets. */
  readonly service: string;
  readonly targetPrefix: string;
  /** PEM of the authorities to trust, all of them; the usual ones when absent. */
  readonly authorities?: readonly string[];
  /** Called when a server that has answered before is waited for, because it is being started again. */
  readonly onWaiting?: (text: string) => void;
}): ApiClient {
  const { endpoint } = options;
  let hasAnswered = false;
  let waitingSinceMs: number | undefined;
  const secure = endpoint.protocol === 'https:';
  const agent = secure
    ? new https.Agent({ keepAlive: true, ...(options.authorities ? { ca: [...options.authorities] } : {}) })
    : new http.Agent({ keepAlive: true });

  /** Resolves when the answer begins. */
  function open(
    operation: string,
    body: Uint8Array,
    signal: AbortSignal | undefined,
  ): Promise<http.IncomingMessage> {
    const path = endpoint.pathname;
    const headers = sign({
      path,
      headers: {
        host: endpoint.host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `${options.targetPrefix}.${operation}`,
      },
      body,
      credentials: options.credentials,
      region: options.region,
      service: options.service,
      nowMs: Date.now(),
    });
    return new Promise((resolve, reject) => {
      const request = (secure ? https : http).request(
        endpoint,
        {
          method: 'POST',
          path,
          agent,
          headers: { ...headers, 'content-length': body.length },
          timeout: IDLE_MS_MAX,
          signal,
        },
        resolve,
      );
      request.on('timeout', () => request.destroy(new Error('No answer within a minute.')));
      request.on('error', reject);
      request.end(body);
    });
  }

  async function send(operation: string, body: Uint8Array, signal: AbortSignal | undefined): Promise<Answer> {
    return await wholeAnswer(await open(operation, body, signal));
  }

  async function attempt(
    operation: string,
    body: Uint8Array,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    let answer: Answer;
    try {
      answer = await send(operation, body, signal);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      const { code, message } = error as NodeJS.ErrnoException;
      throw new UnreachableError(unreachableText(endpoint, code, message), { cause: error });
    }
    if (answer.status === 200) return answer.body === '' ? {} : JSON.parse(answer.body);
    throw apiErrorOf(answer);
  }

  /** True while a server that has answered before may come back. */
  function isRestarting(error: unknown): boolean {
    if (!options.onWaiting || !hasAnswered || !isRefusedConnection(error)) return false;
    if (waitingSinceMs === undefined) {
      waitingSinceMs = performance.now();
      options.onWaiting(`${endpoint.origin} answers no more. Waiting for it for ${RESTART_MS_MAX / 1000} s.`);
    }
    return performance.now() - waitingSinceMs < RESTART_MS_MAX;
  }

  return {
    async call<Output>(operation: string, input: object, signal?: AbortSignal): Promise<Output> {
      const body = Buffer.from(JSON.stringify(input));
      for (let repetition = 1; ; repetition++) {
        try {
          const output = (await attempt(operation, body, signal)) as Output;
          hasAnswered = true;
          waitingSinceMs = undefined;
          return output;
        } catch (error) {
          if (isRestarting(error)) {
            repetition = 0;
            await sleep(RESTART_PAUSE_MS, undefined, signal ? { signal } : {});
            continue;
          }
          if (repetition === ATTEMPTS_MAX || !isWorthRepeating(error)) throw error;
          await sleep(pauseMs(repetition), undefined, signal ? { signal } : {});
        }
      }
    },
    async *events(operation, input, signal) {
      let response: http.IncomingMessage;
      try {
        response = await open(operation, Buffer.from(JSON.stringify(input)), signal);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        const { code, message } = error as NodeJS.ErrnoException;
        throw new UnreachableError(unreachableText(endpoint, code, message), { cause: error });
      }
      if (response.statusCode !== 200) throw apiErrorOf(await wholeAnswer(response));
      for await (const event of eventsOf(response)) {
        if (event.kind === 'exception') throw new ApiError(event.type, event.message, 400);
        yield event;
      }
    },
    close() {
      agent.destroy();
    },
  };
}

async function wholeAnswer(response: http.IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > ANSWER_BYTES_MAX) throw new Error('The answer is too long.');
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') };
}

function unreachableText(endpoint: URL, code: string | undefined, message: string): string {
  if (code === 'ECONNREFUSED')
    return `Nothing answers at ${endpoint.origin}. Is the server running? (millrace start)`;
  const isDistrusted = /CERT|SIGNATURE|ISSUER|CRL/.test(code ?? '');
  const hint = isDistrusted
    ? '. Name its authority with --ca-bundle FILE (millrace trust says where it is)'
    : '';
  return `${endpoint.origin}: ${message || code}${hint}`;
}

type Answer = { readonly status: number; readonly body: string };

function apiErrorOf({ status, body }: Answer): ApiError {
  let fields: { __type?: string; message?: string; Message?: string } = {};
  try {
    fields = JSON.parse(body) as typeof fields;
  } catch {
    // Not a service's answer: the status says all there is.
  }
  const code = fields.__type?.replace(/^.*#/, '') ?? `HTTP ${status}`;
  return new ApiError(
    code,
    fields.message ??
      fields.Message ??
      'This is no answer of Kinesis’s: another program may be at the endpoint.',
    status,
  );
}

function isRefusedConnection(error: unknown): boolean {
  return (
    error instanceof UnreachableError &&
    (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ECONNREFUSED'
  );
}

function isWorthRepeating(error: unknown): boolean {
  if (error instanceof UnreachableError) {
    const code = (error.cause as NodeJS.ErrnoException).code;
    // A connection kept alive that the server closed meanwhile; a refused one is not going to change.
    return code === 'ECONNRESET' || code === 'EPIPE';
  }
  if (!(error instanceof ApiError)) return false;
  return (
    error.status >= 500 ||
    error.code === 'ThrottlingException' ||
    error.code === 'ProvisionedThroughputExceededException' ||
    (error.code === 'LimitExceededException' && error.message.startsWith('Rate exceeded'))
  );
}
