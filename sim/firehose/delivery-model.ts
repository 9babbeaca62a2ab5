/**
 * A model of a delivery stream as its producers and its destination may see it. What was acknowledged arrives: at the destination, or as a line of the
 * error output that says why not. It arrives in no more deliveries than it was sent times, each of which may be attempted over and over, always under one
 * id and with the same records; within a delivery records are in the order in which they came in; and what was refused, or never sent, does not arrive.
 *
 * What may be lost: what the endpoint answered 413 to, and what became a day old before it was delivered, when that was told of.
 */
import type { Facts } from '../facts.ts';
import { label, Violation } from '../history.ts';
import { isDropped, isUnfit, nameOf, type SentRecord, type SentRecords } from './sent-records.ts';

const DAY_MS = 24 * 3_600_000;

/** The ways out of a delivery stream. */
export type Lane = 'main' | 'backup' | `errors/${string}`;

export type DeliveryKind = 's3' | 'partitioned' | 'endpoint' | 'search';

/** An object, a request or a document: at every attempt the same. `arrived`: what of it is there. */
type Arrival = { readonly names: readonly string[]; arrived: ReadonlySet<string> };

type DeliveryParts = {
  /** As its clients call it. */
  readonly name: string;
  /** What its keys and addresses begin with; another one's, also of the same name, begin otherwise. */
  readonly root: string;
  readonly kind: DeliveryKind;
  /** The stream that it reads; undefined when records are put to it directly. */
  readonly source: string | undefined;
  readonly keepsBackup: boolean;
  /** A function sees the records first. */
  readonly transforms: boolean;
  readonly records: SentRecords;
  readonly facts: Facts;
};

export class DeliveryModel {
  readonly parts: DeliveryParts;
  /** It was seen ACTIVE, and nobody has asked to delete it. */
  exists = false;
  /** It was seen to be there no more. */
  isGone = false;
  /** What was first sent from this moment on must arrive. */
  requiredFrom = Infinity;
  /** How many records were told to be lost because of their age. */
  toldLost = 0;
  readonly #excused = new Set<SentRecord>();
  readonly #arrivals = new Map<string, Arrival>();
  /** The deliveries that a record was seen in, by lane and name. */
  readonly #seenIn = new Map<string, Set<string>>();

  constructor(parts: DeliveryParts) {
    this.parts = parts;
  }

  get name(): string {
    return this.parts.name;
  }

  get facts(): Facts {
    return this.parts.facts;
  }

  /** What was sent so far may be lost, and the delivery stream is not to blame: a power cut, or its source was deleted. */
  excuseAll(): void {
    for (const one of this.parts.records.all()) this.#excused.add(one);
  }

  /** An attempt at a delivery, with what it holds. */
  arriving(id: string, lane: Lane, body: string): void {
    if (this.isGone) throw this.violation(`delivers ${id}, and is deleted`);
    const records = this.#recordsIn(id, lane, body);
    const names = records.map(({ name }) => name);
    const known = this.#arrivals.get(id);
    if (known === undefined) this.#arrivals.set(id, { names, arrived: new Set() });
    else this.#checkSame(id, lane, known, names);
    // In the error output stands first what was given up first.
    if (!lane.startsWith('errors/')) this.#checkOrder(id, records);
    for (const one of records) {
      const key = `${laneKey(lane)} ${one.name}`;
      let ids = this.#seenIn.get(key);
      if (ids === undefined) this.#seenIn.set(key, (ids = new Set()));
      ids.add(id);
    }
    for (const one of records) this.#checkCount(lane, one);
  }

  /** An attempt under this id succeeded, with this body. */
  arrived(id: string, lane: Lane, body: string): void {
    const names = this.#recordsIn(id, lane, body).map(({ name }) => name);
    this.#arrivals.get(id)!.arrived = new Set(names);
  }

  /** Answered 413: AWS drops such. */
  dropped(id: string): void {
    for (const name of this.#arrivals.get(id)!.names) this.#excused.add(this.parts.records.find(name)!);
  }

  /** The names of what is there under each id. */
  *arrivals(): Iterable<{ readonly id: string; readonly names: ReadonlySet<string> }> {
    for (const [id, { arrived }] of this.#arrivals) if (arrived.size > 0) yield { id, names: arrived };
  }

  /** What was acknowledged and has not arrived where it belongs. */
  missing(highestMs: number): readonly SentRecord[] {
    const missing: SentRecord[] = [];
    for (const one of this.parts.records.all()) {
      const isRequired = one.ackedAt < Infinity && one.sentAt >= this.requiredFrom && !this.#excused.has(one);
      if (isRequired && !this.#hasArrived(one)) missing.push(one);
    }
    const young = missing.filter(({ sentMs }) => highestMs - sentMs < DAY_MS);
    // A stream's retention says nothing of what it takes.
    const areTold = this.parts.source !== undefined || missing.length - young.length <= this.toldLost;
    return areTold ? young : missing;
  }

  /** At the end: refusals that came late are known now. */
  checkCounts(): void {
    for (const one of this.parts.records.all()) {
      for (const lane of ['main', 'backup', 'errors/'] as const) this.#checkCount(lane, one);
    }
  }

  get arrivedCount(): number {
    return [...this.parts.records.all()].filter((one) => this.#hasArrived(one)).length;
  }

  violation(what: string): Violation {
    return new Violation(`${this.parts.root} ${what}`);
  }

  #hasArrived({ name }: SentRecord): boolean {
    const { keepsBackup, transforms, kind } = this.parts;
    const isIn = (lane: string): boolean => {
      for (const id of this.#seenIn.get(`${lane} ${name}`) ?? [])
        if (this.#arrivals.get(id)!.arrived.has(name)) return true;
      return false;
    };
    // Of the source, or of what the destination gets.
    const isKept = keepsBackup && (kind === 's3' || kind === 'partitioned' || isIn('main'));
    const isDone = isIn('main') || isIn('errors') || (transforms && isDropped(name));
    return isDone && (!isKept || isIn('backup'));
  }

  /** In the order of the body, each whole and nothing between them; of the error output, whose lines say why. */
  #recordsIn(id: string, lane: Lane, body: string): readonly SentRecord[] {
    if (!lane.startsWith('errors/'))
      return this.#textsIn(id, body).map((text) => this.#record(id, lane, text));
    return body
      .trimEnd()
      .split('\n')
      .map((line) => {
        const { rawData, errorCode, attemptsMade } = JSON.parse(line) as Record<string, unknown>;
        const isKnown = ERROR_CODES[lane]?.test(String(errorCode)) === true && Number(attemptsMade) > 0;
        if (!isKnown) throw this.violation(`${id} says ${line}`);
        return this.#record(id, lane, Buffer.from(String(rawData), 'base64').toString().trimEnd());
      });
  }

  #textsIn(id: string, body: string): readonly string[] {
    const texts: string[] = [];
    let at = 0;
    for (const { 0: text, index } of body.matchAll(RECORD)) {
      if (body.slice(at, index).trim() !== '') break;
      at = index + text.length;
      texts.push(text);
    }
    if (body.slice(at).trim() !== '') throw this.violation(`${id} has ${body.slice(at, at + 80)}`);
    return texts;
  }

  /** A record that was sent, as it was sent, on a way that it may take. */
  #record(id: string, lane: Lane, text: string): SentRecord {
    const one = this.parts.records.find(nameOf(text));
    if (one === undefined || one.tries === 0)
      throw this.violation(`${id} has ${label(text)}, which was never put`);
    if (one.text !== text) throw this.violation(`${id} has ${text} for ${one.text}`);
    if (!this.#mayTake(id, lane, one))
      throw this.violation(`${id} has ${label(text)}, which belongs elsewhere`);
    return one;
  }

  #mayTake(id: string, lane: Lane, { name, text }: SentRecord): boolean {
    const { kind, transforms } = this.parts;
    if (lane === 'backup') return true;
    const key = /"k":"(\w)"/.exec(text)?.[1];
    // Also a partition whose bucket does not take it in time.
    if (lane === 'errors/processing-failed')
      return transforms || (kind === 'partitioned' && key !== undefined);
    // What the function does not give back has no other way.
    if (transforms && (isDropped(name) || isUnfit(name))) return false;
    if (kind === 'partitioned') {
      if (key === undefined) return lane === 'errors/metadata-extraction-failed';
      return lane === 'main' && id.includes(`k=${key}/`);
    }
    if (kind === 'search' && lane === 'main') return key !== undefined;
    return lane === 'main' || lane === ERROR_LANES[kind];
  }

  /** But for what was lost meanwhile. */
  #checkSame(id: string, lane: Lane, known: Arrival, names: readonly string[]): void {
    // A function may say something else the next time.
    if (this.parts.transforms) return;
    const isLost = (name: string): boolean =>
      this.toldLost > 0 || this.#excused.has(this.parts.records.find(name)!);
    const expected = known.names.filter((name) => names.includes(name) || !isLost(name));
    // After a restart shards are read one after another, and errors stand in the order of their records.
    const inOrder = this.parts.source === undefined && !lane.startsWith('errors/');
    const sorted = (list: readonly string[]): string => (inOrder ? list : list.toSorted()).join(' ');
    if (sorted(expected) !== sorted(names))
      throw this.violation(`${id} was sent with ${known.names.join(' ')} and then with ${names.join(' ')}`);
  }

  /** What was acknowledged before another was sent stands before it, in a shard. Of what was sent twice nobody knows which it is. */
  #checkOrder(id: string, records: readonly SentRecord[]): void {
    const lasts = new Map<object | undefined, SentRecord>();
    for (const one of records) {
      const { tries, shard } = one;
      if (tries !== 1 || (this.parts.source !== undefined && shard === undefined)) continue;
      const last = lasts.get(shard);
      const isBefore =
        last !== undefined &&
        (one.ackedAt < last.sentAt || (one.sentAt === last.sentAt && one.order < last.order));
      if (isBefore) throw this.violation(`${id} has ${one.name} after ${last.name}`);
      if (last === undefined || one.sentAt >= last.sentAt) lasts.set(shard, one);
    }
  }

  #checkCount(lane: Lane, { name, tries }: SentRecord): void {
    // A function that answers otherwise after one restart, and as before after the next, leads a record out of its delivery and into another.
    if (this.parts.transforms) return;
    const ids = this.#seenIn.get(`${laneKey(lane)} ${name}`);
    if (ids !== undefined && ids.size > tries)
      throw this.violation(`has ${name}, which was sent ${tries} times, in ${[...ids].join(' and ')}`);
  }
}

/** All types of errors together: a record is of one of them. */
function laneKey(lane: Lane): string {
  return lane.startsWith('errors/') ? 'errors' : lane;
}

const RECORD = /\{"id":"d\d+-\d+","k":"\w"\}|[dw]\d+-\d+\.*/g;

const ERROR_LANES: Readonly<Record<DeliveryKind, Lane | undefined>> = {
  s3: undefined,
  partitioned: 'errors/metadata-extraction-failed',
  endpoint: 'errors/http-endpoint-failed',
  search: 'errors/AmazonOpenSearchService-failed',
};

const ERROR_CODES: Readonly<Record<string, RegExp>> = {
  'errors/metadata-extraction-failed': /^DynamicPartitioning\.MetadataExtractionFailed$/,
  'errors/processing-failed': /^((Lambda|S3)\.\w+|Timeout)$/,
  'errors/AmazonOpenSearchService-failed': /^(400|403|429|503|ConnectionFailed|InvalidResponse)$/,
  'errors/http-endpoint-failed':
    /^HttpEndpoint\.(DestinationException|InvalidResponseFromDestination|ConnectionFailed|ConnectionReset|RequestTimeout)$/,
};
