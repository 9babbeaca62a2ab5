/**
 * Keys as paths of files, reversibly, for keys that nobody has looked at: no path leaves its folder, no two keys share one, and usual keys
 * look like themselves. Persisted: never change what a key's path is.
 *
 * A key's segments, between slashes, are directories and last a file. In a name
 * - `%41` is a byte of the key's UTF-8: of all that is not plain ASCII, of dots and spaces that begin or end a name, of `%`, and of
 *   capitals in a folder that takes them for small letters;
 * - `%_` is a segment without any character;
 * - `%+` at the end says that the name goes on in the next one, because file systems take 255 bytes;
 * - `%` alone at the end turns what the name looks like: one that ends in a uuid, or in an extension that files have, is a file, and every other one a
 *   directory, unless `%` follows. So `a` and `a/b` can both be objects, at `a%` and `a/b%`, and a directory is known by its name.
 */

/** Enough for a whole name of Firehose's; three times the bytes when all are escaped. */
const PIECE_CHARACTERS_MAX = 200;
const PLAIN = /^[A-Za-z0-9!#$&'()+,\-.;=@[\]^_{}~ ]$/;
/** Names of devices on Windows, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;
const LOOKS_LIKE_FILE =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?:\.[0-9a-z!\-_.*'()]*)?$|\.(?:avro|csv|gz|jar|js|json|jsonl|log|manifest|mjs|ndjson|orc|parquet|pem|snappy|sql|tsv|txt|xml|zip)$/;

export type KeyPaths = {
  /** Names of directories, and last of the file. */
  namesOf(key: string): readonly string[];
};

/** `capitals`: whether the folder tells `A` from `a`; else capitals are escaped. */
export function createKeyPaths(capitals: 'told' | 'escaped'): KeyPaths {
  return {
    namesOf(key) {
      const segments = key.split('/');
      return segments.flatMap((segment, i) => namesOfSegment(segment, i === segments.length - 1, capitals));
    },
  };
}

function namesOfSegment(segment: string, isFile: boolean, capitals: 'told' | 'escaped'): string[] {
  if (segment === '') return [isFile ? '%_%' : '%_'];
  const names: string[] = [];
  let name = '';
  for (const byte of Buffer.from(segment)) {
    const character = String.fromCharCode(byte);
    const isCapital = character >= 'A' && character <= 'Z';
    const isPlain = PLAIN.test(character) && !(isCapital && capitals === 'escaped');
    const unit = isPlain ? character : escapeOf(byte);
    if (name.length + unit.length > PIECE_CHARACTERS_MAX) {
      names.push(`${withSafeEnds(name)}%+`);
      name = '';
    }
    name += unit;
  }
  // What a name looks like is asked of its last piece alone, which is all that a reader of a directory sees.
  const last = withSafeEnds(name);
  return [...names, LOOKS_LIKE_FILE.test(last) === isFile ? last : `${last}%`];
}

/** No hidden file, no name that Windows would shorten or take for a device. */
function withSafeEnds(name: string): string {
  const start = /^[. ]/.test(name) || DEVICE.test(name) ? escapeOf(name.charCodeAt(0)) + name.slice(1) : name;
  return start.replace(/[. ]$/, (character) => escapeOf(character.charCodeAt(0)));
}

function escapeOf(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** What a name in a directory is; undefined when no key makes such a name, so that it is somebody else's. */
export function readName(
  name: string,
): { readonly kind: 'directory' | 'file' | 'continued'; readonly bytes: Uint8Array } | undefined {
  const match = /^(%_|(?:[^%]|%[0-9A-F]{2})+?)(%\+|%)?$/s.exec(name);
  if (match === null) return undefined;
  const [, plain, mark] = match as unknown as [string, string, string | undefined];
  const bytes = Buffer.from(
    plain
      .replaceAll('%_', '')
      .replaceAll(/%([0-9A-F]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16))),
    'latin1',
  );
  if (mark === '%+') return { kind: 'continued', bytes };
  return { kind: LOOKS_LIKE_FILE.test(plain) === (mark === undefined) ? 'file' : 'directory', bytes };
}
