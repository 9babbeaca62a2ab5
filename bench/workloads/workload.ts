/** What a workload is, and what it gives: lines against the aims, and tables of what was measured. */

export type Settings = {
  readonly rounds: number;
  /** Of a round. */
  readonly seconds: number;
  /** Of record data, for workloads that need a full data directory. */
  readonly diskGigabytes: number;
  /** For the workload that measures memory after many records. */
  readonly recordsMax: number;
};

/** One line of the report: what was aimed at and what was reached. */
export type Line = {
  readonly measure: string;
  readonly atLeast: string;
  readonly aim: string;
  readonly reached: string;
  readonly verdict: Verdict;
};

export type Verdict = 'aim' | 'at least' | 'missed' | 'recorded';

export type Table = {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

export type Outcome = { readonly lines: readonly Line[]; readonly tables: readonly Table[] };

export type Workload = {
  readonly name: string;
  readonly title: string;
  run(settings: Settings): Promise<Outcome>;
};

/** Judges a figure that should be high: a ratio, a rate. */
export function atLeast(measure: string, value: number, floor: number, aim: number): Line {
  const verdict = value >= aim ? 'aim' : value >= floor ? 'at least' : 'missed';
  return { measure, atLeast: String(floor), aim: String(aim), reached: short(value), verdict };
}

/** Judges a figure that should be low: a time, an amount of memory. */
export function atMost(measure: string, value: number, ceiling: number, aim: number, unit: string): Line {
  const verdict = value < aim ? 'aim' : value < ceiling ? 'at least' : 'missed';
  return {
    measure,
    atLeast: `under ${ceiling} ${unit}`,
    aim: `${aim} ${unit}`,
    reached: `${short(value)} ${unit}`,
    verdict,
  };
}

/** Three digits, or all that stand before the point. */
export function short(value: number): string {
  if (value >= 100) return String(Math.round(value));
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** 1234567 as 1.23 M. */
export function large(value: number): string {
  if (value >= 1e6) return `${short(value / 1e6)} M`;
  return value >= 1e4 ? `${short(value / 1e3)} k` : String(Math.round(value));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
