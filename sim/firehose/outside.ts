/**
 * What lies outside the machine and survives it: buckets and HTTP endpoints that deliveries go to, and what goes wrong with them. A request
 * that has left the server does its work though the server dies; only its answer is lost then. Everything that arrives is told to
 * `Observer`, also what is refused, because a delivery must be the same at every attempt.
 */
import { gunzipSync } from 'node:zlib';
import type { Clock, Dice } from '../../src/host/host.ts';
import { HttpError, type HttpAnswer, type HttpClient, type HttpRequest } from '../../src/host/http.ts';
import { createSimulatedHttpClient } from '../../src/host/simulated/http.ts';
import { createMemoryObjectStore } from '../../src/objects/memory/memory-object-store.ts';
import { ObjectStoreError } from '../../src/objects/object-store-error.ts';
import { chunksOf, type ObjectProperties, type ObjectStore } from '../../src/objects/objects.ts';
import type { History } from '../history.ts';

export const BUCKET = 'lake';
export const ENDPOINT = 'https://collector.example.com';

/** Told of what comes out of the server. `id` is what stays the same at every attempt: an object's key, or a request's id. */
export type Observer = {
  objectSent(key: string, body: Buffer): void;
  objectStored(key: string): void;
  requestSent(path: string, id: string, records: readonly Buffer[]): void;
  /** The endpoint took it, and `isTold` if the server may know. */
  requestAccepted(path: string, id: string, isTold: boolean): void;
  /** With 413, after which AWS drops the records. */
  requestTooLarge(path: string, id: string): void;
};

/** S3's answers, and what keeps one from coming. */
const OBJECT_TROUBLES = [
  'NoSuchBucket',
  'AccessDenied',
  'SlowDown',
  'InternalError',
  'RequestTimeout',
  'ServiceUnavailable',
  'answer lost',
  'slow',
  'hangs',
] as const;
const ENDPOINT_TROUBLES = [
  'down',
  '401',
  '413',
  '500',
  'nonsense',
  'broken',
  'answer lost',
  'slow',
  'hangs',
] as const;
type ObjectTrouble = (typeof OBJECT_TROUBLES)[number];
type EndpointTrouble = (typeof ENDPOINT_TROUBLES)[number];

const LATENCY_MS_MAX = 20;
const SLOW_MS_MAX = 5_000;
const NEVER = new Promise<never>(() => {});

export class Outside {
  readonly #clock: Clock;
  readonly #dice: Dice;
  readonly #history: History;
  readonly #observer: Observer;
  readonly objects: ObjectStore;
  readonly http: HttpClient;
  readonly counts = new Map<string, number>();
  #objectTrouble: ObjectTrouble | undefined;
  #endpointTrouble: EndpointTrouble | undefined;

  constructor(parts: {
    readonly clock: Clock;
    readonly dice: Dice;
    readonly history: History;
    readonly observer: Observer;
  }) {
    this.#clock = parts.clock;
    this.#dice = parts.dice;
    this.#history = parts.history;
    this.#observer = parts.observer;
    this.objects = this.#openObjects();
    const answer = (request: HttpRequest): Promise<HttpAnswer> => this.#answer(request);
    this.http = createSimulatedHttpClient(parts.clock, new Map([[ENDPOINT, answer]]));
  }

  /** A while in which one of the two fails, in one way, as long as `goesOn`. */
  async window(goesOn: () => boolean): Promise<void> {
    const seconds = this.#dice.integer(this.#dice.integer(4) === 0 ? 60 : 4);
    if (this.#dice.integer(2) === 0) {
      this.#objectTrouble = OBJECT_TROUBLES[this.#dice.integer(OBJECT_TROUBLES.length)]!;
      this.#began(`objects: ${this.#objectTrouble}`);
    } else {
      this.#endpointTrouble = ENDPOINT_TROUBLES[this.#dice.integer(ENDPOINT_TROUBLES.length)]!;
      this.#began(`endpoint: ${this.#endpointTrouble}`);
    }
    for (let second = 0; second <= seconds && goesOn(); second++) {
      await this.#clock.sleep(this.#dice.integer(2000));
    }
    this.end();
  }

  end(): void {
    if (this.#objectTrouble === undefined && this.#endpointTrouble === undefined) return;
    this.#history.add('! outside all is well again');
    this.#objectTrouble = undefined;
    this.#endpointTrouble = undefined;
  }

  #began(trouble: string): void {
    this.counts.set(trouble, (this.counts.get(trouble) ?? 0) + 1);
    this.#history.add(`! ${trouble}`);
  }

  #latency(): Promise<void> {
    return this.#clock.sleep(this.#dice.integer(LATENCY_MS_MAX));
  }

  #openObjects(): ObjectStore {
    const store = createMemoryObjectStore(this.#clock);
    void store.createBucket(BUCKET);
    const put = async (
      bucket: string,
      key: string,
      body: Buffer,
      properties: ObjectProperties,
    ): Promise<{ readonly etag: string }> => {
      this.#observer.objectSent(key, properties.contentEncoding === 'gzip' ? gunzipSync(body) : body);
      await this.#latency();
      // Some get through, but with what is true of the bucket itself.
      const trouble = this.#objectTrouble;
      const lucky = trouble !== 'NoSuchBucket' && trouble !== 'AccessDenied' && this.#dice.integer(4) === 0;
      if (trouble === 'hangs' && !lucky) return NEVER;
      if (trouble === 'slow') await this.#clock.sleep(this.#dice.integer(SLOW_MS_MAX));
      else if (trouble !== undefined && trouble !== 'answer lost' && !lucky) {
        throw new ObjectStoreError(trouble, `${trouble}, as simulated.`);
      }
      const stored = await store.put(bucket, key, body, properties);
      this.#observer.objectStored(key);
      await this.#latency();
      if (trouble === 'answer lost' && !lucky)
        throw new ObjectStoreError('RequestTimeout', 'No answer came.');
      return stored;
    };
    return {
      ...store,
      put: (bucket, key, body, properties, signal) => {
        signal?.throwIfAborted();
        // Copied at once: it is on the network now.
        const putting = put(bucket, key, Buffer.concat(chunksOf(body)), properties);
        return Promise.race([putting, aborted(signal)]);
      },
    };
  }

  async #answer({ url, headers, body = [] }: HttpRequest): Promise<HttpAnswer> {
    const path = new URL(url).pathname.slice(1);
    const sent = Buffer.concat(body);
    const text = headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    const { requestId, records } = JSON.parse(text.toString()) as {
      readonly requestId: string;
      readonly records: readonly { readonly data: string }[];
    };
    const trouble = this.#dice.integer(4) === 0 ? undefined : this.#endpointTrouble;
    if (trouble === 'down') throw new HttpError('unreachable', 'connection refused');
    this.#observer.requestSent(
      path,
      requestId,
      records.map(({ data }) => Buffer.from(data, 'base64')),
    );
    await this.#latency();
    const answer = (status: number, json: string): HttpAnswer => ({
      status,
      headers: new Map([
        ['content-type', 'application/json'],
        ['content-length', String(json.length)],
      ]),
      body: Buffer.from(json),
    });
    const accepted = `{"requestId":"${requestId}","timestamp":${this.#clock.now()}}`;
    switch (trouble) {
      case '401':
      case '500':
        return answer(Number(trouble), '{"errorMessage":"no"}');
      case '413':
        this.#observer.requestTooLarge(path, requestId);
        return answer(413, 'too large');
      case 'nonsense':
        this.#observer.requestAccepted(path, requestId, false);
        return answer(200, '<html>welcome</html>');
      case 'broken':
        throw new HttpError('broken', 'the connection was reset');
      case 'answer lost':
        this.#observer.requestAccepted(path, requestId, false);
        return NEVER;
      case 'hangs':
        return NEVER;
      case 'slow':
        await this.#clock.sleep(this.#dice.integer(SLOW_MS_MAX));
        break;
      default:
    }
    this.#observer.requestAccepted(path, requestId, true);
    await this.#latency();
    return answer(200, accepted);
  }
}

/** As a dead server sees it: nothing comes back any more, and nothing more is sent. */
export function seenBy(
  { objects, http }: Pick<Outside, 'objects' | 'http'>,
  isDead: () => boolean,
): { readonly objects: ObjectStore; readonly http: HttpClient } {
  const alive = async <T>(call: () => Promise<T>): Promise<T> => {
    if (isDead()) return NEVER;
    try {
      const answer = await call();
      return isDead() ? await NEVER : answer;
    } catch (error) {
      if (isDead()) return NEVER;
      throw error;
    }
  };
  return {
    objects: {
      put: (...call) => alive(() => objects.put(...call)),
      get: (...call) => alive(() => objects.get(...call)),
      head: (...call) => alive(() => objects.head(...call)),
      list: (...call) => alive(() => objects.list(...call)),
      delete: (...call) => alive(() => objects.delete(...call)),
      createBucket: (...call) => alive(() => objects.createBucket(...call)),
      listBuckets: (...call) => alive(() => objects.listBuckets(...call)),
    },
    http: { send: (request) => alive(() => http.send(request)), close() {} },
  };
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  return promise;
}
