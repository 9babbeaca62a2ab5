/** The schema of records from samples of them: DiscoverInputSchema's answer, and `millrace sql`'s where no schema is given. */
import { discoverCsv } from './discover-csv.ts';
import { discoverJson } from './discover-json.ts';
import type { DiscoveredSchema } from './discovered-schema.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Undefined where no schema can be detected: there is no record, or one is no text in UTF-8. */
export const discoverSchema = (
  records: readonly Uint8Array[],
  isReserved: (word: string) => boolean,
): DiscoveredSchema | undefined => {
  let texts: readonly string[];
  try {
    texts = records.map((record) => decoder.decode(record)).filter((text) => text.trim() !== '');
  } catch {
    return undefined;
  }
  // A control character other than white space says that this is no text, whatever its bytes.
  // oxlint-disable-next-line no-control-regex
  if (texts.length === 0 || texts.some((text) => /[\u0000-\u0008\u000e-\u001f]/.test(text))) return undefined;
  return discoverJson(texts, isReserved) ?? discoverCsv(texts, isReserved);
};
