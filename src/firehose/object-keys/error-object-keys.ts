/**
 * Where the error objects of a delivery stream lie, and how their keys look: told without evaluating the prefix, whose times and random strings
 * nobody remembers. Keys come from untrusted records too, so that this takes no longer than the key is long.
 */
import { hasExpressions, type Prefixes } from './check-prefixes.ts';
import type { ErrorOutputType } from './object-key.ts';

export type ErrorObjectKeys = {
  /** All of them begin so; others may too. */
  readonly begin: string;
  isErrorObject(key: string): boolean;
};

const TYPES: readonly ErrorOutputType[] = [
  'processing-failed',
  'metadata-extraction-failed',
  'decompression-failed',
  'format-conversion-failed',
  'AmazonOpenSearchService-failed',
  'AmazonOpenSearchServerless-failed',
  'elasticsearch-failed',
  'splunk-failed',
  'http-endpoint-failed',
];
/** What object-key.ts puts behind the delivery stream's name: version, time, GUID. Error objects have no extension. */
const NAME_END = /-\d{1,50}-\d{4}(?:-\d\d){5}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const HOUR_FOLDERS = /\/\d{4}\/\d\d\/\d\d\/\d\d\/$/;

/** `type`: only those of one error output type. */
export function errorObjectKeys(
  { prefix, errorOutputPrefix }: Prefixes,
  deliveryStream: string,
  type?: string,
): ErrorObjectKeys {
  const own = errorOutputPrefix ?? prefix;
  const types: readonly string[] = TYPES.filter((one) => type === undefined || one === type);
  const [first] = own;
  const last = own.at(-1);
  const begin = first?.kind === 'literal' ? first.text : '';
  const end = last?.kind === 'literal' ? last.text : '';
  // Without expressions, the type and the hour stand behind it.
  const isFolders = hasExpressions(own)
    ? (folders: string) => folders.endsWith(end) && types.some((one) => folders.includes(one))
    : (folders: string) =>
        HOUR_FOLDERS.test(folders) && types.includes(folders.slice(begin.length).replace(HOUR_FOLDERS, ''));
  return {
    begin,
    isErrorObject(key) {
      const nameEnd = NAME_END.exec(key);
      if (nameEnd === null || !key.startsWith(begin)) return false;
      const named = key.slice(0, nameEnd.index);
      return (
        named.endsWith(deliveryStream) && isFolders(named.slice(0, named.length - deliveryStream.length))
      );
    },
  };
}
