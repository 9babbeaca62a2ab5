import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Auction, type Bid, nexmarkEvent, type Person } from './nexmark.ts';

const EVENTS = 100_000;
const events = Array.from({ length: EVENTS }, (_, number) => nexmarkEvent(number));
const bids = events.flatMap((event) => ('bid' in event ? [event.bid] : []));
const auctions = events.flatMap((event) => ('auction' in event ? [event.auction] : []));
const people = events.flatMap((event) => ('person' in event ? [event.person] : []));

const near = (actual: number, expected: number, tolerance: number, what: string): void =>
  assert(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, not ${expected} ± ${tolerance}`);
const share = <T>(list: readonly T[], is: (item: T) => boolean): number =>
  list.filter(is).length / list.length;
const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
const sizeOf = (item: Person | Auction | Bid): number =>
  Object.values(item).reduce((sum: number, value) => sum + (typeof value === 'string' ? value.length : 8), 0);

describe('Nexmark events', () => {
  it('are one person, three auctions and 46 bids of every fifty', () => {
    assert.deepEqual([people.length, auctions.length, bids.length], [2000, 6000, 92_000]);
    assert.deepEqual(
      people.slice(0, 3).map(({ id }) => id),
      [1000, 1001, 1002],
    );
    assert.deepEqual(
      auctions.slice(0, 5).map(({ id }) => id),
      [1000, 1001, 1002, 1003, 1004],
    );
  });

  it('are the same for the same number and seed', () => {
    assert.deepEqual(nexmarkEvent(4711), nexmarkEvent(4711));
    assert.notDeepEqual(nexmarkEvent(4711), nexmarkEvent(4711, 43));
  });

  it('have hot auctions, bidders and sellers as often as the generator says', () => {
    // Hot ones are the first (bidders: the second) of a hundred; the others are hit by chance as well.
    const auction = share(bids, (bid) => (bid.auction - 1000) % 100 === 0);
    const bidder = share(bids, (bid) => (bid.bidder - 1000) % 100 === 1);
    const seller = share(auctions, ({ seller: id }) => (id - 1000) % 100 === 0);
    near(auction, 0.505, 0.02, 'bids for hot auctions');
    near(bidder, 0.7525, 0.02, 'bids by hot bidders');
    near(seller, 0.7525, 0.03, 'auctions of hot sellers');
    near(
      share(bids, ({ channel }) => !channel.startsWith('channel-')),
      0.5,
      0.02,
      'bids by hot channels',
    );
  });

  it('have prices that are even on a logarithmic scale, from 1 to a million', () => {
    const exponents = bids.map(({ price }) => Math.log10(price / 100));
    near(mean(exponents), 3, 0.05, 'the mean exponent');
    for (let decade = 0; decade < 6; decade++)
      near(
        share(exponents, (value) => value >= decade && value < decade + 1),
        1 / 6,
        0.01,
        `prices of 10^${decade}`,
      );
  });

  it('are as large as the generator makes them, and name who is there, or soon will be', () => {
    near(mean(people.map(sizeOf)), 200, 12, 'bytes of a person');
    near(mean(auctions.map(sizeOf)), 500, 25, 'bytes of an auction');
    near(
      mean(bids.map((bid) => 32 + bid.extra.length)),
      100,
      3,
      'bytes of a bid, as the generator counts them',
    );
    const last = bids.at(-1);
    assert(last !== undefined && last.auction <= 1000 + 6000 + 10 && last.bidder <= 1000 + 2000 + 10);
    assert.equal(new Set(auctions.map(({ category }) => category)).size, 5);
    assert.equal(events[EVENTS - 1]?.dateTime, '2015-07-15 00:00:09.999');
  });
});
