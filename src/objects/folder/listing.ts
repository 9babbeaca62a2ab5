/** Keys of a bucket's folder in S3's order, directory by directory, so that a page reads little more than what it shows. */
import type { Disk } from '../../host/host.ts';
import { compareKeys } from '../names.ts';
import { readName, type KeyPaths } from './file-names.ts';

export type FoundKey = { readonly key: string; readonly names: readonly string[] };

type Entry = { readonly segment: string; readonly isFile: boolean; readonly names: readonly string[] };

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Keys that begin with `prefix` and come after `startAfter`. Files that no key can have made are passed over. */
export async function* keysIn(
  bucket: { readonly disk: Pick<Disk, 'list'>; readonly directory: string; readonly paths: KeyPaths },
  prefix: string,
  startAfter: string,
): AsyncGenerator<FoundKey> {
  async function* walk(names: readonly string[], base: string): AsyncGenerator<FoundKey> {
    for (const entry of await entriesOf(names)) {
      // All keys below a directory begin with its own text, so its place among the keys is that text's.
      const key = base + entry.segment + (entry.isFile ? '' : '/');
      if (entry.isFile) {
        if (!key.startsWith(prefix) || compareKeys(key, startAfter) <= 0) continue;
        if (bucket.paths.namesOf(key).join('/') === entry.names.join('/')) yield { key, names: entry.names };
      } else if (
        (key.startsWith(prefix) || prefix.startsWith(key)) &&
        (compareKeys(key, startAfter) > 0 || startAfter.startsWith(key))
      ) {
        yield* walk(entry.names, key);
      }
    }
  }

  async function entriesOf(names: readonly string[]): Promise<Entry[]> {
    const entries = await piecesOf(names, new Uint8Array(0));
    return entries.toSorted((left, right) =>
      compareKeys(left.segment + (left.isFile ? '' : '/'), right.segment + (right.isFile ? '' : '/')),
    );
  }

  async function piecesOf(names: readonly string[], before: Uint8Array): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (const name of await listed(names)) {
      const read = readName(name);
      if (read === undefined) continue;
      const bytes = Buffer.concat([before, read.bytes]);
      if (read.kind === 'continued') entries.push(...(await piecesOf([...names, name], bytes)));
      else {
        const segment = decoded(bytes);
        if (segment === undefined) continue;
        entries.push({ segment, isFile: read.kind === 'file', names: [...names, name] });
      }
    }
    return entries;
  }

  async function listed(names: readonly string[]): Promise<readonly string[]> {
    try {
      return await bucket.disk.list([bucket.directory, ...names].join('/'));
    } catch (error) {
      // Somebody put a file where a directory would be.
      if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return [];
      throw error;
    }
  }

  yield* walk([], '');
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}
