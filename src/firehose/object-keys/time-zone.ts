/** CustomTimeZone: what AWS takes, and how far a zone is from UTC at an instant. Node's own time zone data says both. */

/** Seconds east of UTC at an instant, milliseconds since 1970. */
type OffsetAt = (timeMs: number) => number;

export type TimeZone = { readonly id: string; readonly offsetSeconds: OffsetAt };

export const UTC: TimeZone = Object.freeze({ id: 'UTC', offsetSeconds: () => 0 });

/** Of a region, not `EST`, and written as the IANA writes it, as Java's ZoneId wants. */
const ZONE = /^(UTC|GMT|[A-Z][A-Za-z_]*(\/[A-Z][A-Za-z_]*)+)$/;

const ZONES_MAX = 1_000;
const zones = new Map<string, TimeZone>();

/** The zone of that IANA name, UTC of the empty one, or undefined when AWS would refuse it. */
export function timeZoneOf(name: string): TimeZone | undefined {
  if (name === '' || name === UTC.id) return UTC;
  if (!ZONE.test(name)) return undefined;
  let zone = zones.get(name);
  if (zone === undefined) {
    const offsetSeconds = offsetsOf(name);
    if (offsetSeconds === undefined) return undefined;
    zone = Object.freeze({ id: name, offsetSeconds });
    if (zones.size < ZONES_MAX) zones.set(name, zone);
  }
  return zone;
}

function offsetsOf(name: string): OffsetAt | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
  return (timeMs) => {
    const parts = new Map(format.formatToParts(timeMs).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type)!;
    const localMs = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    return localMs / 1000 - Math.floor(timeMs / 1000);
  };
}
