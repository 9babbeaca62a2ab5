/** What S3 answers, in XML: the few elements that are needed of it. Elements of one name do not hold each other, and attributes are passed over. */
import type { BucketSummary, ObjectPage } from '../objects.ts';

export function readError(xml: string): { readonly code: string; readonly message: string } | undefined {
  const code = elementOf(xml, 'Code');
  return code === undefined ? undefined : { code, message: elementOf(xml, 'Message') ?? '' };
}

/** Keys are encoded as in URLs, because XML cannot hold all of them, where the server says that it did so. */
export function readList(xml: string): ObjectPage {
  const isEncoded = elementOf(xml, 'EncodingType') === 'url';
  const keyOf = (text: string): string => (isEncoded ? decodeURIComponent(text.replaceAll('+', ' ')) : text);
  const objects = elements(xml, 'Contents').map((content) => ({
    key: keyOf(elementOf(content, 'Key') ?? ''),
    bytes: Number(elementOf(content, 'Size')),
    etag: unquoted(elementOf(content, 'ETag') ?? ''),
    lastModifiedMs: Date.parse(elementOf(content, 'LastModified') ?? '') || 0,
  }));
  return { objects, hasMore: elementOf(xml, 'IsTruncated') === 'true' };
}

export function readBuckets(xml: string): readonly BucketSummary[] {
  return elements(xml, 'Bucket').map((bucket) => ({
    name: elementOf(bucket, 'Name') ?? '',
    createdMs: Date.parse(elementOf(bucket, 'CreationDate') ?? '') || 0,
  }));
}

export function unquoted(etag: string): string {
  return etag.replaceAll('"', '');
}

function elements(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>(.*?)</${name}>`, 'gs'))].map(
    (match) => match[1]!,
  );
}

/** The text of the first. */
function elementOf(xml: string, name: string): string | undefined {
  const inner = elements(xml, name)[0];
  return inner?.replaceAll(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g, (whole, decimal, hexadecimal, entity) => {
    if (decimal) return String.fromCodePoint(Number(decimal));
    if (hexadecimal) return String.fromCodePoint(parseInt(hexadecimal, 16));
    return ENTITIES[entity] ?? whole;
  });
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
