/**
 * The real disk. Calls go to file descriptors directly (no FileHandle objects), a write is repeated until the whole
 * range is out, and a name is only said to be there after its directory was synced. Nothing is retried: a failed sync
 * says that nothing is known about what was written, and what to do then is the log's decision.
 */
import fs from 'node:fs';
import fsp from 'node:fs/promises';
import path from 'node:path';
import type { Disk, DiskFile } from '../host.ts';
import { lockFile } from './lock.ts';

const { O_CREAT, O_DSYNC, O_EXCL, O_RDONLY, O_RDWR } = fs.constants;
/** Elsewhere a write with O_DSYNC leaves out what `fdatasync` does (macOS: the device's own cache), or there is no such thing. */
const WRITES_THROUGH = process.platform === 'linux';
const FLAGS = {
  read: O_RDONLY,
  write: O_RDWR,
  through: WRITES_THROUGH ? O_RDWR | O_DSYNC : O_RDWR,
  create: O_RDWR | O_CREAT,
  exclusive: O_RDWR | O_CREAT | O_EXCL,
};
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

function settle(resolve: () => void, reject: (error: Error) => void): (error: Error | null) => void {
  return (error) => (error === null || error === undefined ? resolve() : reject(error));
}

/** What is read on this thread holds the event loop up for no longer than it takes to copy this. */
const AT_ONCE_BYTES_MAX = 1024 * 1024;
/** A read that took longer came from the device, not from the machine's memory. */
const QUICK_MS = 2;
/** How many reads go to another thread after a slow one. */
const READS_ASIDE = 64;
/** How many reads are made on this thread in a row, so that whoever reads in a loop lets the event loop go on. */
const READS_IN_A_ROW = 32;

// Of all files, because they share the device.
let readsAside = 0;
let readsInARow = 0;

/**
 * Mostly the machine has in memory what is read, and copying it takes less than asking another thread to. So reads are made on this
 * thread until one is slow; the next ones are left to others, so that a slow device holds the event loop up once in
 * `READS_ASIDE` reads.
 */
function isReadAtOnce(length: number): boolean {
  if (readsAside > 0) {
    readsAside--;
    return false;
  }
  if (++readsInARow < READS_IN_A_ROW) return length <= AT_ONCE_BYTES_MAX;
  readsInARow = 0;
  return false;
}

function readAtOnce(
  descriptor: number,
  target: Uint8Array,
  offset: number,
  length: number,
  position: number,
): number {
  const startedMs = performance.now();
  const count = fs.readSync(descriptor, target, offset, length, position);
  if (performance.now() - startedMs > QUICK_MS) readsAside = READS_ASIDE;
  return count;
}

function openFile(file: string, descriptor: number): DiskFile {
  return {
    path: file,
    read: (target, offset, length, position) =>
      new Promise((resolve, reject) => {
        if (isReadAtOnce(length)) resolve(readAtOnce(descriptor, target, offset, length, position));
        else {
          fs.read(descriptor, target, offset, length, position, (error, count) =>
            error ? reject(error) : resolve(count),
          );
        }
      }),
    readSync: (target, offset, length, position) => fs.readSync(descriptor, target, offset, length, position),
    write: (source, offset, length, position) =>
      new Promise((resolve, reject) => {
        const writeFrom = (done: number): void => {
          fs.write(descriptor, source, offset + done, length - done, position + done, (error, count) => {
            if (error) reject(error);
            else if (done + count === length) resolve();
            else writeFrom(done + count);
          });
        };
        writeFrom(0);
      }),
    writeSync(source, offset, length, position) {
      for (let done = 0; done < length;) {
        done += fs.writeSync(descriptor, source, offset + done, length - done, position + done);
      }
    },
    sync: () => new Promise((resolve, reject) => fs.fdatasync(descriptor, settle(resolve, reject))),
    truncate: (length) =>
      new Promise((resolve, reject) => fs.ftruncate(descriptor, length, settle(resolve, reject))),
    size: () =>
      new Promise((resolve, reject) => {
        fs.fstat(descriptor, (error, stats) => (error ? reject(error) : resolve(stats.size)));
      }),
    close: () => new Promise((resolve, reject) => fs.close(descriptor, settle(resolve, reject))),
  };
}

function syncingEachWrite(file: DiskFile): DiskFile {
  return {
    ...file,
    async write(...range) {
      await file.write(...range);
      await file.sync();
    },
  };
}

function open(file: string, mode: keyof typeof FLAGS): Promise<DiskFile> {
  return new Promise((resolve, reject) => {
    fs.open(file, FLAGS[mode], FILE_MODE, (error, descriptor) => {
      if (error) reject(error);
      else {
        const opened = openFile(file, descriptor);
        resolve(mode === 'through' && !WRITES_THROUGH ? syncingEachWrite(opened) : opened);
      }
    });
  });
}

async function syncDirectory(directory: string): Promise<void> {
  // Windows cannot open a directory for syncing; NTFS journals its names itself.
  if (process.platform === 'win32') return;
  const handle = await fsp.open(directory, O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function replaceFile(file: string, content: Uint8Array): Promise<void> {
  const temporary = `${file}.new`;
  const handle = await fsp.open(temporary, 'w', FILE_MODE);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await fsp.rename(temporary, file);
  await syncDirectory(path.dirname(file));
}

/**
 * With its parents. Node's own `recursive` never ends where a file system says ENOENT although the parent is there, as
 * /proc does.
 */
async function makeDirectory(directory: string): Promise<void> {
  try {
    await fsp.mkdir(directory, DIRECTORY_MODE);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const parent = path.dirname(directory);
    if (code === 'EEXIST' && (await fsp.stat(directory)).isDirectory()) return;
    if (code !== 'ENOENT' || parent === directory) throw error;
    await makeDirectory(parent);
    await fsp.mkdir(directory, DIRECTORY_MODE).catch((second: NodeJS.ErrnoException) => {
      // Another process was as fast.
      if (second.code !== 'EEXIST') throw second;
    });
  }
}

export const realDisk: Disk = Object.freeze({
  open,
  readFile: (file) => fsp.readFile(file),
  replaceFile,
  rename: (from, to) => fsp.rename(from, to),
  remove: (file) => fsp.unlink(file),
  makeDirectory,
  removeDirectory: (directory) => fsp.rm(directory, { recursive: true, force: true }),
  async list(directory) {
    try {
      return (await fsp.readdir(directory)).toSorted();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  },
  exists: (file) =>
    fsp.access(file).then(
      () => true,
      () => false,
    ),
  syncDirectory,
  lock: lockFile,
} satisfies Disk);
