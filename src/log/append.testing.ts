/** Appends that are given as lists of records, for tests. */
import { Append } from './append.ts';
import type { Position, RecordLog } from './log.ts';

export type GivenGroup = {
  readonly partition: number;
  readonly timeMs: number;
  readonly records: readonly Uint8Array[];
};

export type Appended = { readonly partition: number; readonly positions: readonly Position[] };

export function appendOf(groups: readonly GivenGroup[]): Append {
  const append = new Append();
  for (const { partition, timeMs, records } of groups) {
    append.addGroup(partition, timeMs, records.length, Buffer.concat(records).length);
  }
  append.lay();
  groups.forEach(({ records }, group) => {
    for (const record of records) append.bytes.set(record, append.place(group, record.length));
  });
  return append;
}

/** Gives the position of every record. */
export async function appendGroups(
  log: RecordLog,
  id: string,
  groups: readonly GivenGroup[],
): Promise<readonly Appended[]> {
  const append = appendOf(groups);
  await log.append(id, append);
  return groups.map(({ partition, records }, group) => ({
    partition,
    positions: records.map((_, record) => (append.firsts[group]! + record) as Position),
  }));
}
