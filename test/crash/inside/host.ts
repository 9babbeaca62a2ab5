/**
 * The real host with a place to crash before and after every call that changes the disk, named by the class of the file and what is
 * done to it, and in the middle of writes. Its clock runs faster, so that retention has something to trim.
 */
import path from 'node:path';
import type { Clock, Disk, DiskFile, Host } from '../../../src/host/host.ts';
import { createRealHost as createHost } from '../../../src/host/real/host.ts';
import { around, die, isChosen, isDue, reach } from './reach.ts';
import { readSettings } from './settings.ts';

export function createRealHost(): Host {
  const host = createHost();
  return Object.freeze({ ...host, clock: fasterClock(host.clock), disk: crashingDisk(host.disk) });
}

function fasterClock(clock: Clock): Clock {
  const { speed, realStartMs, startMs } = readSettings().clock;
  return {
    now: () => Math.floor(startMs + (clock.now() - realStartMs) * speed),
    monotonic: () => clock.monotonic() * speed,
    timer: (delayMs, callback, options) => clock.timer(delayMs / speed, callback, options),
    sleep: (delayMs, signal) => clock.sleep(delayMs / speed, signal),
    turn: () => clock.turn(),
  };
}

function crashingDisk(disk: Disk): Disk {
  const wrapped: Disk = {
    ...disk,
    async open(file, mode) {
      const name = classOf(file);
      if (mode === 'read') return disk.open(file, mode);
      if (mode === 'through') return crashingFile(await disk.open(file, mode), name, 'frame');
      const create = mode !== 'write' && !(await disk.exists(file));
      const opened = create
        ? await around(`${name}.create`, () => disk.open(file, mode))
        : await disk.open(file, mode);
      return crashingFile(opened, name);
    },
    replaceFile: (file, content) => replaceFile(disk, file, content),
    rename: (from, to) => around(`${classOf(to)}.rename`, () => disk.rename(from, to)),
    remove: (file) => around(`${classOf(file)}.remove`, () => disk.remove(file)),
    makeDirectory: (directory) =>
      around(`${classOfDirectory(directory)}.make`, () => disk.makeDirectory(directory)),
    syncDirectory: (directory) =>
      around(`${classOfDirectory(directory)}.sync`, () => disk.syncDirectory(directory)),
  };
  return wrapped;
}

function crashingFile(file: DiskFile, name: string, writes = 'write'): DiskFile {
  return {
    ...file,
    async write(source, offset, length, position) {
      reach(`${name}.${writes}.before`);
      if (isDue(`${name}.${writes}.torn`)) {
        await file.write(source, offset, length >> 1, position);
        die(`${name}.${writes}.torn`);
      }
      await file.write(source, offset, length, position);
      reach(`${name}.${writes}.after`);
    },
    writeSync(source, offset, length, position) {
      reach(`${name}.frame.before`);
      if (isDue(`${name}.frame.torn`)) {
        file.writeSync(source, offset, length >> 1, position);
        die(`${name}.frame.torn`);
      }
      file.writeSync(source, offset, length, position);
      reach(`${name}.frame.after`);
    },
    sync: () => around(`${name}.sync`, () => file.sync()),
    truncate: (length) => around(`${name}.truncate`, () => file.truncate(length)),
  };
}

/** The real replacement, except where the crash is to fall between its steps: there they are done one by one. */
async function replaceFile(disk: Disk, file: string, content: Uint8Array): Promise<void> {
  const name = `${classOf(file)}.replace`;
  const steps = ['torn', 'written', 'synced', 'renamed'].map((step) => `${name}.${step}`);
  if (!steps.some(isChosen)) {
    // They are places all the same.
    await around(name, () => disk.replaceFile(file, content));
    for (const step of steps) isDue(step);
    return;
  }
  reach(`${name}.before`);
  const temporary = await disk.open(`${file}.new`, 'create');
  try {
    await temporary.truncate(0);
    if (isDue(`${name}.torn`)) {
      await temporary.write(content, 0, content.length >> 1, 0);
      die(`${name}.torn`);
    }
    await temporary.write(content, 0, content.length, 0);
    reach(`${name}.written`);
    await temporary.sync();
  } finally {
    await temporary.close();
  }
  reach(`${name}.synced`);
  await disk.rename(`${file}.new`, file);
  reach(`${name}.renamed`);
  await disk.syncDirectory(path.dirname(file));
  reach(`${name}.after`);
}

function classOf(file: string): string {
  const inObjects = /\/objects\/(?<folder>[^/]+)/.exec(file)?.groups?.['folder'];
  if (inObjects !== undefined) return classOfObject(inObjects, path.basename(file));
  const name = path.basename(file).replace(/\.new$/, '');
  if (path.basename(path.dirname(file)) === 'tls') return 'tls';
  if (/^(journal|segment)-\d+$/.test(name)) return name.replace(/-\d+$/, '');
  return name.replaceAll('.', '-');
}

/** Of the folders of buckets: what is written aside is an object on its way, or its properties. */
function classOfObject(folder: string, name: string): string {
  if (name.startsWith('.layout.json')) return 'objects-layout';
  if (name === 'PROBE') return 'objects-probe';
  if (folder === '.incoming') return 'object-aside';
  return folder === '.properties' ? 'object-properties' : 'object';
}

function classOfDirectory(directory: string): string {
  if (/\/objects(\/|$)/.test(directory)) return 'objects-directory';
  const name = path.basename(directory);
  return name === 'log' || name === 'tls' ? `${name}-directory` : 'data-directory';
}
