/** The real segments engine, with small files, and a place to crash before and after each of its calls that change something. */
import type { RecordLog } from '../../../src/log/log.ts';
import { openSegmentLog as openLog } from '../../../src/log/segments/open-segment-log.ts';
import { around } from './reach.ts';
import { readSettings } from './settings.ts';

const PLACES: Readonly<Record<string | symbol, string>> = {
  createLog: 'log.create-log',
  addPartitions: 'log.add-partitions',
  dropLog: 'log.drop-log',
  dropPartitions: 'log.drop-partitions',
  append: 'log.append',
  trim: 'log.trim',
};

export async function openSegmentLog(options: Parameters<typeof openLog>[0]): Promise<RecordLog> {
  const log = await around('log.open', () => openLog({ ...options, sizes: readSettings().sizes }));
  return new Proxy(log, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const place = PLACES[name];
      const call = member.bind(target) as (...options: unknown[]) => Promise<unknown>;
      return place === undefined ? call : (...options: unknown[]) => around(place, () => call(...options));
    },
  });
}
