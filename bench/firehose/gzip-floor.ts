/** What gzip alone takes for the same bytes: the floor under every server that compresses. */
import { gzipSync } from 'node:zlib';
import { FILE_MEGABYTES } from './peer.ts';

/** Millrace's, and that of the others by their settings or their default. */
export const GZIP_LEVEL = 6;

/** Bytes of records for each second of CPU, in objects of the size that the servers write. */
export function gzipBytesPerCpuSecond(record: (index: number) => string, records: number): number {
  const text = Buffer.from(Array.from({ length: records }, (_, index) => `${record(index)}\n`).join(''));
  const step = FILE_MEGABYTES * 2 ** 20;
  const before = process.cpuUsage();
  for (let at = 0; at < text.length; at += step)
    gzipSync(text.subarray(at, at + step), { level: GZIP_LEVEL });
  const { user, system } = process.cpuUsage(before);
  return text.length / ((user + system) / 1e6);
}
