/** Names of indices that rotate by the UTC time of arrival. Source: "Index Rotation for the OpenSearch Service Destination", Firehose developer guide; decision 0473. */

export type RotationPeriod = 'NoRotation' | 'OneHour' | 'OneDay' | 'OneWeek' | 'OneMonth';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** The last name is kept: records of a batch arrive close to each other. */
export function createIndexNaming(name: string, period: RotationPeriod): (arrivalMs: number) => string {
  if (period === 'NoRotation') return () => name;
  let hour = -1;
  let last = '';
  return (arrivalMs) => {
    const itsHour = Math.floor(arrivalMs / HOUR_MS);
    if (itsHour !== hour) {
      hour = itsHour;
      last = `${name}-${suffixOf(arrivalMs, period)}`;
    }
    return last;
  };
}

function suffixOf(arrivalMs: number, period: Exclude<RotationPeriod, 'NoRotation'>): string {
  const iso = new Date(arrivalMs).toISOString();
  switch (period) {
    case 'OneHour':
      return `${iso.slice(0, 10)}-${iso.slice(11, 13)}`;
    case 'OneDay':
      return iso.slice(0, 10);
    case 'OneMonth':
      return iso.slice(0, 7);
    case 'OneWeek':
      return weekOf(arrivalMs);
  }
}

/** A week begins on Sunday and belongs to the year of its Saturday; the year's first is the first with a Saturday in it. */
function weekOf(arrivalMs: number): string {
  const saturday = new Date(arrivalMs + (6 - new Date(arrivalMs).getUTCDay()) * DAY_MS);
  const year = saturday.getUTCFullYear();
  const dayOfYear = Math.floor((saturday.getTime() - Date.UTC(year, 0, 1)) / DAY_MS);
  return `${year}-w${String(Math.floor(dayOfYear / 7) + 1).padStart(2, '0')}`;
}
