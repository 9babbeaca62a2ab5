/** Files and folders in a backup, and out of it. What is written is synced; what goes away while it is copied is left out. */
import type { Disk } from '../host/host.ts';

const COPY_BYTES = 1024 * 1024;

/** `to` must not be there. */
export async function copyFile(disk: Disk, from: string, to: string): Promise<void> {
  const source = await disk.open(from, 'read');
  try {
    const target = await disk.open(to, 'exclusive');
    try {
      const piece = new Uint8Array(COPY_BYTES);
      for (let position = 0; ;) {
        const length = await source.read(piece, 0, COPY_BYTES, position);
        if (length === 0) break;
        await target.write(piece, 0, length, position);
        position += length;
      }
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** A folder with all that is in it; returns how many files that was. */
export async function copyFolder(disk: Disk, from: string, to: string): Promise<number> {
  await disk.makeDirectory(to);
  let files = 0;
  for (const name of await disk.list(from)) {
    const [source, target] = [`${from}/${name}`, `${to}/${name}`];
    if (await isFolder(disk, source)) files += await copyFolder(disk, source, target);
    else {
      const wasThere = await copyFile(disk, source, target).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOENT') throw error;
          return false;
        },
      );
      if (wasThere) files++;
    }
  }
  await disk.syncDirectory(to);
  return files;
}

async function isFolder(disk: Disk, path: string): Promise<boolean> {
  try {
    await disk.list(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false;
    throw error;
  }
}
