import type { LogRecord, PartitionAppend, Position, RecordLog } from '../../src/log/log.ts';
import { asColumns } from '../../src/log/record-columns.ts';
import { recordViews } from '../../src/log/record-group.ts';
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

    function show(id: string, { partition, timeMs, records }: PartitionAppend): Early | undefined {
      const key = `${id}/${partition}`;
      const last = newest.get(key);
      if (last === undefined) return undefined;
      newest.set(key, last + records.length);
      const shown = recordViews(records).map((bytes, index) => ({
        position: (last + 1 + index) as Position,
        timeMs,
        // What was handed over is used again once the append is answered.
        bytes: bytes.slice(),
      }));
      const entry = { partition: key, records: shown };
      early.add(entry);
      for (const call of watchers.get(key) ?? []) call();
      return entry;
    }

    return new Proxy(log, {
      get(target, name: keyof RecordLog) {
        const own: Partial<RecordLog> = {
          async append(id, appends) {
            const entries = appends.map((append) => show(id, append));
            try {
              const appended = await log.append(id, appends);
              for (const { partition, positions } of appended) {
                const key = `${id}/${partition}`;
                newest.set(key, Math.max(newest.get(key) ?? 0, positions.at(-1) ?? 0));
              }
              return appended;
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
