/**
 * What lies outside the machine and survives it: a bucket, an HTTP endpoint, a domain of OpenSearch and a function, and what goes wrong with
 * them. A request that has left the server does its work though the server dies; only its answer is lost then.
 */
import type { FunctionAnswer, Functions } from '../../src/functions/functions.ts';
import type { Clock, Dice } from '../../src/host/host.ts';
import type { HttpClient, HttpRequest } from '../../src/host/http.ts';
import { createSimulatedHttpClient } from '../../src/host/simulated/http.ts';
import type { ObjectStore } from '../../src/objects/objects.ts';
import type { History } from '../history.ts';
import { never, type Around } from './around.ts';
import { BUCKET_TROUBLES, openBucket } from './bucket.ts';
import { answerAsDomain, DOMAIN, DOMAIN_TROUBLES } from './domain.ts';
import { answerAsEndpoint, ENDPOINT, ENDPOINT_TROUBLES } from './endpoint.ts';
import { FUNCTION_TROUBLES, invokeFunction } from './function.ts';
import type { Observer } from './observer.ts';

const TROUBLES = {
  bucket: BUCKET_TROUBLES,
  endpoint: ENDPOINT_TROUBLES,
  domain: DOMAIN_TROUBLES,
  function: FUNCTION_TROUBLES,
} as const;
type Place = keyof typeof TROUBLES;
const PLACES = Object.keys(TROUBLES) as readonly Place[];

const LATENCY_MS_MAX = 20;
const SECONDS_MAX = 60;

export class Outside {
  readonly #clock: Clock;
  readonly #dice: Dice;
  readonly #history: History;
  readonly #count: (fault: string) => void;
  readonly #troubles = new Map<Place, string>();
  readonly objects: ObjectStore;
  readonly http: HttpClient;
  readonly functions: Functions;

  constructor(parts: {
    readonly clock: Clock;
    readonly dice: Dice;
    readonly history: History;
    readonly observer: Observer;
    readonly count: (fault: string) => void;
  }) {
    const { clock, dice, observer } = parts;
    this.#clock = clock;
    this.#dice = dice;
    this.#history = parts.history;
    this.#count = parts.count;
    const latency = (): Promise<void> => clock.sleep(dice.integer(LATENCY_MS_MAX));
    const around = <P extends Place>(place: P): Around<(typeof TROUBLES)[P][number]> => ({
      ...{ clock, dice, observer, latency },
      trouble: () => this.#troubles.get(place) as (typeof TROUBLES)[P][number] | undefined,
    });
    this.objects = openBucket(around('bucket'));
    this.http = createSimulatedHttpClient(
      clock,
      new Map([
        [ENDPOINT, (request: HttpRequest) => answerAsEndpoint(around('endpoint'), request)],
        [DOMAIN, (request: HttpRequest) => answerAsDomain(around('domain'), request)],
      ]),
    );
    this.functions = {
      unavailable: () => undefined,
      invoke: (_arn, payload, signal) => invokeFunction(around('function'), payload, signal),
    };
  }

  /** A while in which one of them fails, in one way, as long as `goesOn`. */
  async window(goesOn: () => boolean): Promise<void> {
    const place = PLACES[this.#dice.integer(PLACES.length)]!;
    const trouble = TROUBLES[place][this.#dice.integer(TROUBLES[place].length)]!;
    this.#count(`${place}: ${trouble}`);
    this.#history.add(`! ${place}: ${trouble}`);
    this.#troubles.set(place, trouble);
    const seconds = this.#dice.integer(this.#dice.integer(4) === 0 ? SECONDS_MAX : 4);
    for (let second = 0; second <= seconds && goesOn(); second++) {
      await this.#clock.sleep(this.#dice.integer(2000));
    }
    this.#troubles.delete(place);
    this.#history.add(`! ${place}: all is well again`);
  }

  end(): void {
    this.#troubles.clear();
  }
}

/** As a dead server sees it: nothing comes back any more, and nothing more is sent. */
export function seenBy(
  { objects, http, functions }: Pick<Outside, 'objects' | 'http' | 'functions'>,
  isDead: () => boolean,
): { readonly objects: ObjectStore; readonly http: HttpClient; readonly functions: Functions } {
  const alive = async <T>(call: () => Promise<T>): Promise<T> => {
    if (isDead()) return never();
    try {
      const answer = await call();
      return isDead() ? await never() : answer;
    } catch (error) {
      if (isDead()) return never();
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
    functions: {
      ...functions,
      invoke: (...call): Promise<FunctionAnswer> => alive(() => functions.invoke(...call)),
    },
  };
}
