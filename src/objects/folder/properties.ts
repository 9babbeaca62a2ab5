/**
 * What is known of an object besides its bytes: a JSON file of its own, beside the bucket. It says for how many bytes it speaks; for a body of
 * another length, such as one that somebody copied there, it says nothing.
 */
import type { ObjectHead, ObjectProperties } from '../objects.ts';

export type KeptProperties = ObjectProperties & Pick<ObjectHead, 'bytes' | 'etag' | 'lastModifiedMs'>;

export function encodeProperties(properties: KeptProperties): Uint8Array {
  return Buffer.from(`${JSON.stringify(properties)}\n`);
}

/** Undefined when it is damaged or about other bytes. */
export function readProperties(content: Uint8Array, bytes: number): KeptProperties | undefined {
  let kept: Partial<KeptProperties> | null;
  try {
    kept = JSON.parse(Buffer.from(content).toString('utf8')) as Partial<KeptProperties> | null;
  } catch {
    return undefined;
  }
  const isWhole =
    kept !== null &&
    typeof kept === 'object' &&
    kept.bytes === bytes &&
    typeof kept.etag === 'string' &&
    typeof kept.contentType === 'string' &&
    typeof kept.lastModifiedMs === 'number';
  return isWhole ? (kept as KeptProperties) : undefined;
}
