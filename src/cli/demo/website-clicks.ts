/** Clicks of made-up visitors on a made-up shop: each visitor goes from page to page, now and then one buys, and now and then a page is slow. */
const PAGES = [
  '/',
  '/search',
  '/products/lantern',
  '/products/teapot',
  '/products/compass',
  '/basket',
  '/checkout',
];
const BROWSERS = ['Firefox', 'Chrome', 'Safari', 'Edge'];
const COUNTRIES = ['DE', 'FR', 'IT', 'PL', 'US', 'JP', 'BR'];
const VISITORS = 40;
/** How long a page takes: mostly about as long as others, one in so many far longer. */
const USUAL_MS = 80;
const SLOW_MS = 3000;
const SLOW_ONE_IN = 60;

export type Click = { readonly visitor: string; readonly json: string };

export function createClicks(random: () => number = Math.random): (nowMs: number) => Click {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const visitors = Array.from({ length: VISITORS }, (_, index) => ({
    id: `visitor-${String(index + 1).padStart(2, '0')}`,
    browser: pick(BROWSERS),
    country: pick(COUNTRIES),
    page: '/',
  }));
  return (nowMs) => {
    const visitor = pick(visitors);
    const from = visitor.page;
    visitor.page = pick(PAGES.filter((page) => page !== from));
    const { id, browser, country, page } = visitor;
    const spread = random() + random();
    const ms = Math.round(random() < 1 / SLOW_ONE_IN ? SLOW_MS * (1 + random()) : USUAL_MS * (0.5 + spread));
    const click = { time: new Date(nowMs).toISOString(), visitor: id, country, browser, page, from, ms };
    return { visitor: id, json: JSON.stringify(click) };
  };
}
