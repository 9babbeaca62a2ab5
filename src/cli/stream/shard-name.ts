/** `3` as well as `shardId-000000000003`: nobody types twelve digits. */
export function shardId(written: string): string {
  return /^\d{1,12}$/.test(written) ? `shardId-${written.padStart(12, '0')}` : written;
}
