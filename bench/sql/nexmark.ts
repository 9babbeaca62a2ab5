/**
 * Events of the Nexmark auction site by the rules of its published generator (nexmark/nexmark, nexmark-flink, v0.2): of 50 events one is a person, three
 * are auctions and 46 bids; half of the bids are for the hot auction, three quarters by the hot bidder, three quarters of the auctions by the hot
 * seller. Every event depends on its number and the seed only. The generator's own random numbers are Java's; ours are others, with the same distributions.
 */
const PERSONS = 1;
const AUCTIONS = 3;
const EPOCH = 50;
const FIRST_ID = 1000;
const FIRST_CATEGORY = 10;
const CATEGORIES = 5;
const ID_LEAD = 10;
const ACTIVE_PEOPLE = 1000;
const IN_FLIGHT_AUCTIONS = 100;
/** Of this many ids the first is hot. */
const HOT_GROUP = 100;
const HOT_AUCTION_RATIO = 2;
const HOT_BIDDER_RATIO = 4;
const HOT_SELLER_RATIO = 4;
const HOT_CHANNEL_RATIO = 2;
const CHANNELS = 10_000;
const PERSON_BYTES = 200;
const AUCTION_BYTES = 500;
const BID_BYTES = 100;
const EVENTS_PER_SECOND = 10_000;
const BASE_MS = Date.UTC(2015, 6, 15);

const FIRST_NAMES = [
  'Peter',
  'Paul',
  'Luke',
  'John',
  'Saul',
  'Vicky',
  'Kate',
  'Julie',
  'Sarah',
  'Deiter',
  'Walter',
];
const LAST_NAMES = ['Shultz', 'Abrams', 'Spencer', 'White', 'Bartels', 'Walton', 'Smith', 'Jones', 'Noris'];
const CITIES = [
  'Phoenix',
  'Los Angeles',
  'San Francisco',
  'Boise',
  'Portland',
  'Bend',
  'Redmond',
  'Seattle',
  'Kent',
  'Cheyenne',
];
const STATES = ['AZ', 'CA', 'ID', 'OR', 'WA', 'WY'];
const HOT_CHANNELS = ['Google', 'Facebook', 'Baidu', 'Apple'];

export type Person = {
  readonly id: number;
  readonly name: string;
  readonly emailAddress: string;
  readonly creditCard: string;
  readonly city: string;
  readonly state: string;
  readonly extra: string;
};
export type Auction = {
  readonly id: number;
  readonly itemName: string;
  readonly description: string;
  readonly initialBid: number;
  readonly reserve: number;
  readonly expires: string;
  readonly seller: number;
  readonly category: number;
  readonly extra: string;
};
export type Bid = {
  readonly auction: number;
  readonly bidder: number;
  readonly price: number;
  readonly channel: string;
  readonly url: string;
  readonly extra: string;
};
/** `type`: 0 a person, 1 an auction, 2 a bid. `dateTime` is UTC, with milliseconds. */
export type NexmarkEvent = { readonly type: 0 | 1 | 2; readonly dateTime: string } & (
  | { readonly person: Person }
  | { readonly auction: Auction }
  | { readonly bid: Bid }
);

/** A generator for one event: xorshift, begun from the event's number. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e37_79b1) | 0 || 1;
    for (let round = 0; round < 4; round++) this.#next();
  }

  #next(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return state >>> 0;
  }

  /** From 0 to below `count`. */
  integer(count: number): number {
    return Math.floor((this.#next() / 2 ** 32) * count);
  }

  /** From 0 to below 1. */
  fraction(): number {
    return this.#next() / 2 ** 32;
  }

  letters(count: number): string {
    let text = '';
    for (let letter = 0; letter < count; letter++) text += String.fromCharCode(97 + this.integer(26));
    return text;
  }

  /** Of 3 to `most` letters, one in thirteen a space. */
  words(most: number, space = ' '): string {
    let text = '';
    for (let left = 3 + this.integer(most - 3); left > 0; left--)
      text += this.integer(13) === 0 ? space : String.fromCharCode(97 + this.integer(26));
    return text.trim();
  }

  of<T>(list: readonly T[]): T {
    return list[this.integer(list.length)] as T;
  }
}

const lastPerson = (event: number): number =>
  Math.floor(event / EPOCH) * PERSONS + Math.min(event % EPOCH, PERSONS - 1);

const lastAuction = (event: number): number => {
  const epoch = Math.floor(event / EPOCH);
  const offset = event % EPOCH;
  // Before a person comes the last auction is that of the epoch before.
  if (offset < PERSONS) return (epoch - 1) * AUCTIONS + AUCTIONS - 1;
  return epoch * AUCTIONS + Math.min(offset - PERSONS, AUCTIONS - 1);
};

const anyPerson = (event: number, random: Random): number => {
  const people = lastPerson(event) + 1;
  const active = Math.min(people, ACTIVE_PEOPLE);
  return people - active + random.integer(active + ID_LEAD);
};

const anyAuction = (event: number, random: Random): number => {
  const last = lastAuction(event);
  const first = Math.max(last - IN_FLIGHT_AUCTIONS, 0);
  return first + random.integer(Math.max(1, last - first + 1 + ID_LEAD));
};

const hotOf = (id: number): number => Math.floor(Math.max(0, id) / HOT_GROUP) * HOT_GROUP;
const price = (random: Random): number => Math.round(10 ** (random.fraction() * 6) * 100);

/** Text that makes the event as large as events are on average, give or take a fifth. */
const extra = (random: Random, size: number, average: number): string => {
  if (size > average) return '';
  const missing = average - size;
  const delta = Math.round(missing * 0.2);
  return random.letters(missing - delta + (delta === 0 ? 0 : random.integer(2 * delta)));
};

const timeOf = (event: number): number => BASE_MS + Math.floor((event * 1000) / EVENTS_PER_SECOND);
const text = (timeMs: number): string => new Date(timeMs).toISOString().replace('T', ' ').slice(0, -1);

const personOf = (event: number, random: Random): Person => {
  const name = `${random.of(FIRST_NAMES)} ${random.of(LAST_NAMES)}`;
  const emailAddress = `${random.words(7)}@${random.words(5)}.com`;
  const creditCard = Array.from({ length: 4 }, () => String(random.integer(10_000)).padStart(4, '0')).join(
    ' ',
  );
  const city = random.of(CITIES);
  const state = random.of(STATES);
  const size = 8 + name.length + emailAddress.length + creditCard.length + city.length + state.length;
  return {
    id: FIRST_ID + lastPerson(event),
    name,
    emailAddress,
    creditCard,
    city,
    state,
    extra: extra(random, size, PERSON_BYTES),
  };
};

const auctionOf = (event: number, random: Random): Auction => {
  const isHot = random.integer(HOT_SELLER_RATIO) > 0;
  const seller = FIRST_ID + (isHot ? hotOf(lastPerson(event)) : anyPerson(event, random));
  const category = FIRST_CATEGORY + random.integer(CATEGORIES);
  const initialBid = price(random);
  const horizonMs = timeOf(event + Math.floor((IN_FLIGHT_AUCTIONS * EPOCH) / AUCTIONS)) - timeOf(event);
  const expires = text(timeOf(event) + 1 + random.integer(Math.max(horizonMs * 2, 1)));
  const itemName = random.words(20);
  const description = random.words(100);
  const reserve = initialBid + price(random);
  const size = 8 + itemName.length + description.length + 40;
  return {
    id: FIRST_ID + lastAuction(event),
    itemName,
    description,
    initialBid,
    reserve,
    expires,
    seller,
    category,
    extra: extra(random, size, AUCTION_BYTES),
  };
};

/** Where bids come from: each channel has one address. */
const channelOf = (number: number): { readonly channel: string; readonly url: string } => {
  const random = new Random(number + 7_000_000);
  const hot = HOT_CHANNELS[number - CHANNELS];
  const path = Array.from({ length: 3 }, () => random.words(5, '_')).join('/');
  const url = `https://www.nexmark.com/${path}/item.htm?query=1`;
  if (hot !== undefined) return { channel: hot, url };
  const isNamed = random.integer(10) > 0;
  return {
    channel: `channel-${number}`,
    url: isNamed ? `${url}&channel_id=${random.integer(2 ** 31)}` : url,
  };
};
const channels = Array.from({ length: CHANNELS + HOT_CHANNELS.length }, (_, number) => channelOf(number));

const bidOf = (event: number, random: Random): Bid => {
  const isHotAuction = random.integer(HOT_AUCTION_RATIO) > 0;
  const auction = FIRST_ID + (isHotAuction ? hotOf(lastAuction(event)) : anyAuction(event, random));
  const isHotBidder = random.integer(HOT_BIDDER_RATIO) > 0;
  // The second of the group, so that hot bidders are no hot sellers.
  const bidder = FIRST_ID + (isHotBidder ? hotOf(lastPerson(event)) + 1 : anyPerson(event, random));
  const paid = price(random);
  const number =
    random.integer(HOT_CHANNEL_RATIO) > 0
      ? CHANNELS + random.integer(HOT_CHANNELS.length)
      : random.integer(CHANNELS);
  const { channel, url } = channels[number] as (typeof channels)[number];
  return { auction, bidder, price: paid, channel, url, extra: extra(random, 32, BID_BYTES) };
};

/** The event of this number, from 0 on. */
export const nexmarkEvent = (event: number, seed = 42): NexmarkEvent => {
  const random = new Random(Math.imul(seed, 1_000_003) + event);
  const offset = event % EPOCH;
  const dateTime = text(timeOf(event));
  if (offset < PERSONS) return { type: 0, dateTime, person: personOf(event, random) };
  if (offset < PERSONS + AUCTIONS) return { type: 1, dateTime, auction: auctionOf(event, random) };
  return { type: 2, dateTime, bid: bidOf(event, random) };
};
