import type { Append } from '../../src/log/append.ts';
import type { LogRecord, Position, RecordLog } from '../../src/log/log.ts';
import { asColumns, asRecords, RecordColumns } from '../../src/log/record-columns.ts';
import { takeRecords } from '../../src/log/record-group.ts';
import type { PlantedBug } from './planted-bug.ts';

type Early = { readonly partition: string; readonly records: readonly LogRecord[] };

/** Records can be read, and are pushed, as soon as they are appended; only the answer waits for the sync. */
export const pushBeforeSync: PlantedBug = {
  name: 'push-before-sync',
  wrapLog(log: RecordLog): RecordLog {
    const early = new Set<Early>();
    const watchers = new Map<string, Set<() => void>>();
    /** The newest position of partitions that were appended to in this life: the next are the following ones. */
    const newest = new Map<string, number>();

    /** `bytes` are a copy of the append's: what was handed over is used again once it is answered. */
    function show(id: string, append: Append, number: number, bytes: Uint8Array): Early | undefined {
      const key = `${id}/${append.partitions[number]!}`;
      const last = newest.get(key);
      if (last === undefined) return undefined;
      newest.set(key, last + append.counts[number]!);
      const columns = new RecordColumns();
      const everything = { records: Infinity, bytes: Infinity };
      const start = append.startOf(number);
      append.giveFirst(number, last + 1, bytes, start);
      takeRecords(bytes, start, last, everything, columns);
      const { records } = asRecords({ records: columns, after: 0 as Position, atEnd: true });
      const entry = { partition: key, records };
      early.add(entry);
      for (const call of watchers.get(key) ?? []) call();
      return entry;
    }

    return new Proxy(log, {
      get(target, name: keyof RecordLog) {
        const own: Partial<RecordLog> = {
          async append(id, append) {
            const groups = Array.from({ length: append.groups }, (_, number) => number);
            const bytes = new Uint8Array(append.bytes);
            const entries = groups.map((number) => show(id, append, number, bytes));
            try {
              await log.append(id, append);
              for (const number of groups) {
                const key = `${id}/${append.partitions[number]!}`;
                const last = append.firsts[number]! + append.counts[number]! - 1;
                newest.set(key, Math.max(newest.get(key) ?? 0, last));
              }
            } finally {
              for (const entry of entries) if (entry !== undefined) early.delete(entry);
            }
          },
          async read(id, partition, after, recordsMax, bytesMax) {
            const read = await log.read(id, partition, after, recordsMax, bytesMax);
            if (!read.atEnd) return read;
            const records = [...read.records];
            for (const entry of early) {
              if (entry.partition !== `${id}/${partition}`) continue;
              for (const record of entry.records) {
                if (record.position > (records.at(-1)?.position ?? after)) records.push(record);
              }
            }
            return { ...read, records, after: records.at(-1)?.position ?? read.after };
          },
          async readColumns(...from) {
            return asColumns(await own.read!(...from));
          },
          watch(id, partition, onAppended) {
            const key = `${id}/${partition}`;
            const calls = watchers.get(key) ?? new Set();
            watchers.set(key, calls.add(onAppended));
            const watch = log.watch(id, partition, onAppended);
            return {
              [Symbol.dispose]() {
                calls.delete(onAppended);
                watch[Symbol.dispose]();
              },
            };
          },
        };
        const value = own[name as keyof typeof own] ?? target[name];
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  },
};
