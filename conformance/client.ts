/**
 * A Kinesis client that shows the wire: it sends exactly the bytes it is told, signs them, and returns status, headers and
 * body as they came. It knows nothing of the server under test.
 */
import * as http from 'node:http';
import * as https from 'node:https';
import { decode as decodeCbor, encode as encodeCbor } from 'cborg';
import { eventMessages, type EventMessage } from './event-stream.ts';
import { signedHeaders, type Credentials } from './signature.ts';

export const JSON_TYPE = 'application/x-amz-json-1.1';
export const CBOR_TYPE = 'application/x-amz-cbor-1.1';
const TARGET_PREFIXES = {
  kinesis: 'Kinesis_20131202',
  firehose: 'Firehose_20150804',
  kinesisanalytics: 'KinesisAnalytics_20180523',
} as const;
export type ServiceName = keyof typeof TARGET_PREFIXES;

export type Input = { readonly [member: string]: unknown };
/** An answer's members, taken on trust: a case that looks for what is not there fails. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Output = { readonly [member: string]: any };

export type RawRequest = {
  readonly method?: string;
  /** Path and query. */
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** False sends no signature; a function may spoil the signed headers. */
  readonly sign?: boolean | ((headers: Record<string, string>) => Record<string, string>);
  readonly date?: Date;
};
export type RawAnswer = {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
};

/** What an error answer says. */
export type Failure = {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly raw: Output;
};

export class UnexpectedFailure extends Error {
  readonly failure: Failure;
  constructor(operation: string, failure: Failure) {
    super(`${operation} answered ${failure.status} ${failure.code}: ${failure.message}`);
    this.failure = failure;
  }
}

export type ClientOptions = {
  readonly url: URL;
  readonly region: string;
  readonly credentials: Credentials;
  readonly insecure: boolean;
  /** kinesis unless said. */
  readonly service?: ServiceName;
  /** The time that signatures tell, for a server whose clock is not this machine's. */
  readonly now?: () => Date;
};

export class Client {
  readonly options: ClientOptions;
  readonly #agent: http.Agent;
  constructor(options: ClientOptions) {
    this.options = options;
    this.#agent =
      options.url.protocol === 'https:'
        ? new https.Agent({ keepAlive: true, rejectUnauthorized: !options.insecure })
        : new http.Agent({ keepAlive: true });
  }

  /** The same endpoint seen from another account or region, or another service of it. */
  with(changes: Partial<Pick<ClientOptions, 'region' | 'credentials' | 'service'>>): Client {
    return new Client({ ...this.options, ...changes });
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Sends one request as given and reads the whole answer. */
  async send(request: RawRequest): Promise<RawAnswer> {
    const response = await this.#open(request);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
  }

  /** Calls an operation and returns its output; an error answer throws `UnexpectedFailure`. Waits and repeats while the control plane's rate is exceeded. */
  async call(operation: string, input: Input = {}, protocol: 'json' | 'cbor' = 'json'): Promise<Output> {
    const answer = await this.#answer(operation, input, protocol);
    if (answer.status !== 200) throw new UnexpectedFailure(operation, failureOf(answer));
    return outputOf(answer);
  }

  /** As `call`, and also waits and repeats while a shard's throughput is exceeded. */
  async patient(operation: string, input: Input): Promise<Output> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.call(operation, input);
      } catch (error) {
        const exceeded =
          error instanceof UnexpectedFailure &&
          error.failure.code === 'ProvisionedThroughputExceededException';
        if (!exceeded || attempt === 60) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 100));
      }
    }
  }

  /** Calls an operation that must fail, and returns what it answered. */
  async failure(operation: string, input: Input = {}, protocol: 'json' | 'cbor' = 'json'): Promise<Failure> {
    const answer = await this.#answer(operation, input, protocol);
    if (answer.status === 200)
      throw new Error(`${operation} was expected to fail and answered 200: ${answer.body.toString()}`);
    return failureOf(answer);
  }

  /** Calls an operation and returns what it failed with, or undefined when it succeeded. */
  async outcome(operation: string, input: Input = {}): Promise<Failure | undefined> {
    const answer = await this.#answer(operation, input, 'json');
    return answer.status === 200 ? undefined : failureOf(answer);
  }

  /** As `outcome`, but never repeated when a rate is exceeded. */
  async once(operation: string, input: Input = {}): Promise<Failure | undefined> {
    const answer = await this.send(this.#request(operation, input, 'json'));
    return answer.status === 200 ? undefined : failureOf(answer);
  }

  /** Opens SubscribeToShard. The iteration ends with the stream; `close` leaves early. */
  async subscribe(input: Input): Promise<{
    messages: AsyncGenerator<EventMessage>;
    close: () => void;
    headers: http.IncomingHttpHeaders;
  }> {
    const response = await this.#open(operationRequest('SubscribeToShard', input, 'json'), false);
    if (response.statusCode !== 200) {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const answer = {
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(chunks),
      };
      throw new UnexpectedFailure('SubscribeToShard', failureOf(answer));
    }
    return { messages: eventMessages(response), close: () => response.destroy(), headers: response.headers };
  }

  async #answer(operation: string, input: Input, protocol: 'json' | 'cbor'): Promise<RawAnswer> {
    for (let attempt = 0; ; attempt++) {
      const answer = await this.send(this.#request(operation, input, protocol));
      const throttled = answer.status === 400 && /Rate exceeded/.test(answer.body.toString('latin1'));
      if (!throttled || isDataPlane(operation) || attempt === 60) return answer;
      await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 200));
    }
  }

  #request(operation: string, input: Input, protocol: 'json' | 'cbor'): RawRequest {
    return operationRequest(operation, input, protocol, this.options.service);
  }

  #open(request: RawRequest, pooled = true): Promise<http.IncomingMessage> {
    const { url, region, credentials } = this.options;
    const method = request.method ?? 'POST';
    const target = request.target ?? '/';
    const body =
      typeof request.body === 'string' ? Buffer.from(request.body) : (request.body ?? new Uint8Array());
    let headers: Record<string, string> = { host: url.host, ...request.headers };
    if (request.sign !== false) {
      const date = request.date ?? this.options.now?.() ?? new Date();
      headers = signedHeaders(
        { method, target, headers, body },
        { credentials, region, service: this.options.service ?? 'kinesis', date },
      );
      if (typeof request.sign === 'function') headers = request.sign(headers);
    }
    if (body.length > 0 || method === 'POST') headers['content-length'] = String(body.length);
    return new Promise((resolve, reject) => {
      const module = url.protocol === 'https:' ? https : http;
      const sent = module.request(
        {
          host: url.hostname.replace(/^\[|\]$/g, ''),
          port: url.port || undefined,
          method,
          path: target,
          headers,
          agent: pooled ? this.#agent : undefined,
          rejectUnauthorized: !this.options.insecure,
        },
        resolve,
      );
      sent.setTimeout(30_000, () => sent.destroy(new Error('no answer within 30 s')));
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

/** Whether excess is answered with ProvisionedThroughputExceededException, which is a result and not repeated. */
function isDataPlane(operation: string): boolean {
  return ['PutRecord', 'PutRecords', 'PutRecordBatch', 'GetRecords', 'GetShardIterator'].includes(operation);
}

/** The request of an operation in JSON or CBOR; `Uint8Array` members are blobs, `Date` members timestamps. */
export function operationRequest(
  operation: string,
  input: Input,
  protocol: 'json' | 'cbor',
  service: ServiceName = 'kinesis',
): RawRequest {
  return {
    headers: {
      'content-type': protocol === 'json' ? JSON_TYPE : CBOR_TYPE,
      'x-amz-target': `${TARGET_PREFIXES[service]}.${operation}`,
    },
    body: protocol === 'json' ? JSON.stringify(jsonValue(input)) : encodeCbor(cborValue(input)),
  };
}

function jsonValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(jsonValue);
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, jsonValue(member)]));
  return value;
}

/** As the Java SDK sends it, but for timestamps: whole milliseconds. */
function cborValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (value instanceof Date) return value.getTime();
  if (Array.isArray(value)) return value.map(cborValue);
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([name, member]) => [name, cborValue(member)]),
    );
  return value;
}

/** The parsed body, by its content type; `{}` when there is none. */
export function outputOf(answer: RawAnswer): Output {
  if (answer.body.length === 0) return {};
  if (answer.headers['content-type']?.startsWith(CBOR_TYPE))
    return decodeCbor(new Uint8Array(answer.body), {
      tags: { 1: (decodeContent) => new Date(Number(decodeContent())) },
    });
  return JSON.parse(answer.body.toString('utf8')) as Output;
}

function failureOf(answer: RawAnswer): Failure {
  const raw = outputOf(answer);
  return {
    status: answer.status,
    code: String(raw['__type'] ?? '').replace(/^.*#/, ''),
    message: String(raw['message'] ?? raw['Message'] ?? ''),
    raw,
  };
}
