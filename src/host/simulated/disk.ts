/**
 * A disk in memory that remembers what was synced. Until a file is synced its writes are only pending, and until a directory is synced
 * so are its names; `afterCrash` gives the disk that a power cut at this moment could leave: pending writes dropped, kept, or
 * some of them in part, sector by sector. `onCall` sees every call before it happens and may throw, as a failing disk does, or
 * have a sync lie; `pause` makes calls take time.
 */
import { dirname } from 'node:path';
import type { Dice, Disk, DiskFile } from '../host.ts';

const SECTOR_BYTES = 512;

export type DiskCall = {
  readonly kind:
    | 'open'
    | 'create'
    | 'read'
    | 'write'
    | 'sync'
    | 'truncate'
    | 'rename'
    | 'remove'
    | 'syncDirectory';
  readonly path: string;
};

/**
 * What a crash keeps of what was not synced. `everything` is a kill: it is all there, and still not synced. `nothing` and `some` are power
 * cuts, after which all that is there is durable.
 */
export type CrashKeeps = 'nothing' | 'everything' | 'some';

export interface SimulatedDisk extends Disk {
  /**
   * Called before every call that touches a file; what it throws is what the call throws, and nothing is done, but for what
   * `partOfFailedWrite` says. When it answers `lie`, a sync succeeds and makes nothing durable.
   */
  onCall: ((call: DiskCall) => void | 'lie') | undefined;
  /** How long an asynchronous call takes, before it does anything. */
  pause: ((call: DiskCall) => Promise<void> | undefined) | undefined;
  /** How many of the bytes of a write that fails are written all the same; none when it is undefined. */
  partOfFailedWrite: ((bytes: number) => number) | undefined;
  /** Bytes that all files together may have; beyond it a write throws ENOSPC. */
  capacityBytes: number;
  /** The disk as it may be after a crash now. This one goes on unharmed. */
  afterCrash(keeps: CrashKeeps, dice: Dice): SimulatedDisk;
  /** All files, with what they hold now: for tests that look or damage. The bytes are the file's own. */
  files(): Map<string, Buffer>;
  usedBytes(): number;
}

type PendingWrite = { readonly at: number; readonly bytes: Buffer } | { readonly truncateTo: number };

type Inode = {
  current: Buffer;
  durable: Buffer;
  pending: PendingWrite[];
  /** Syncs of it that failed. */
  failures: number;
};

/** A change of names; durable when its directory was synced. */
type NameChange =
  | { readonly kind: 'set'; readonly path: string; readonly inode: Inode }
  | { readonly kind: 'rename'; readonly path: string; readonly from: string }
  | { readonly kind: 'remove'; readonly path: string };

export function createSimulatedDisk(): SimulatedDisk {
  return simulatedDisk(new Map(), []);
}

function simulatedDisk(durableNames: Map<string, Inode>, unsyncedNames: NameChange[]): SimulatedDisk {
  const names = new Map(durableNames);
  let pendingNames = unsyncedNames;
  for (const change of pendingNames) changeNames(names, change);
  const locked = new Set<string>();

  function changeName(change: NameChange): void {
    changeNames(names, change);
    pendingNames.push(change);
  }

  function existing(path: string): Inode {
    const inode = names.get(path);
    if (inode === undefined) throw diskError('ENOENT', path);
    return inode;
  }

  function reserve(path: string, growth: number): void {
    if (growth > 0 && disk.usedBytes() + growth > disk.capacityBytes) throw diskError('ENOSPC', path);
  }

  function write(path: string, inode: Inode, source: Uint8Array, at: number): void {
    try {
      disk.onCall?.({ kind: 'write', path });
    } catch (error) {
      const part = disk.partOfFailedWrite?.(source.length) ?? 0;
      if (part > 0) put(path, inode, source.subarray(0, part), at);
      throw error;
    }
    put(path, inode, source, at);
  }

  function put(path: string, inode: Inode, source: Uint8Array, at: number): void {
    reserve(path, at + source.length - inode.current.length);
    const bytes = Buffer.from(source);
    inode.pending.push({ at, bytes });
    inode.current = written(inode.current, at, bytes);
  }

  /** The call after its time has passed. */
  async function called(kind: DiskCall['kind'], path: string): Promise<void | 'lie'> {
    const call = { kind, path };
    await disk.pause?.(call);
    return disk.onCall?.(call);
  }

  function openFile(path: string, inode: Inode, through: boolean): DiskFile {
    let failuresTold = inode.failures;
    const readSync: DiskFile['readSync'] = (target, offset, length, position) => {
      disk.onCall?.({ kind: 'read', path });
      const part = inode.current.subarray(position, position + length);
      target.set(part, offset);
      return part.length;
    };
    const sync: DiskFile['sync'] = async () => {
      try {
        if ((await called('sync', path)) === 'lie') return;
      } catch (error) {
        // As Linux does: the pages count as clean from now on, and a later sync does not write them.
        inode.pending = [];
        failuresTold = ++inode.failures;
        throw error;
      }
      // And each open file is told once, whichever of them the sync was that failed.
      if (failuresTold < inode.failures) {
        failuresTold = inode.failures;
        throw diskError('EIO', path);
      }
      for (const pending of inode.pending) inode.durable = applied(inode.durable, pending);
      inode.pending = [];
    };
    return {
      path,
      readSync,
      async read(target, offset, length, position) {
        await disk.pause?.({ kind: 'read', path });
        return readSync(target, offset, length, position);
      },
      writeSync: (source, offset, length, position) =>
        write(path, inode, source.subarray(offset, offset + length), position),
      async write(source, offset, length, position) {
        await disk.pause?.({ kind: 'write', path });
        write(path, inode, source.subarray(offset, offset + length), position);
        if (through) await sync();
      },
      sync,
      async truncate(length) {
        await called('truncate', path);
        reserve(path, length - inode.current.length);
        inode.pending.push({ truncateTo: length });
        inode.current = resized(inode.current, length);
      },
      size: async () => inode.current.length,
      close: async () => {},
    };
  }

  const disk: SimulatedDisk = {
    onCall: undefined,
    pause: undefined,
    partOfFailedWrite: undefined,
    capacityBytes: Infinity,
    async open(path, mode) {
      await called(names.has(path) ? 'open' : 'create', path);
      if (mode === 'exclusive' && names.has(path)) throw diskError('EEXIST', path);
      if ((mode === 'create' || mode === 'exclusive') && !names.has(path)) {
        const inode: Inode = { current: Buffer.alloc(0), durable: Buffer.alloc(0), pending: [], failures: 0 };
        changeName({ kind: 'set', path, inode });
      }
      return openFile(path, existing(path), mode === 'through');
    },
    async readFile(path) {
      await called('read', path);
      return Buffer.from(existing(path).current);
    },
    async replaceFile(path, content) {
      const temporary = `${path}.new`;
      const file = await disk.open(temporary, 'create');
      await file.truncate(0);
      await file.write(content, 0, content.length, 0);
      await file.sync();
      await disk.rename(temporary, path);
      await disk.syncDirectory(dirname(path));
    },
    async rename(from, to) {
      await called('rename', to);
      existing(from);
      changeName({ kind: 'rename', path: to, from });
    },
    async remove(path) {
      await called('remove', path);
      existing(path);
      changeName({ kind: 'remove', path });
    },
    async makeDirectory() {},
    async removeDirectory(path) {
      for (const name of [...names.keys()].filter((each) => each.startsWith(`${path}/`))) {
        await disk.remove(name);
      }
    },
    list: async (path) =>
      [...names.keys()]
        .filter((name) => name.startsWith(`${path}/`))
        .map((name) => name.slice(path.length + 1).split('/')[0]!)
        .filter((name, i, all) => all.indexOf(name) === i)
        .toSorted(),
    exists: async (path) => names.has(path) || [...names.keys()].some((name) => name.startsWith(`${path}/`)),
    async syncDirectory(path) {
      if ((await called('syncDirectory', path)) === 'lie') return;
      for (const change of pendingNames) if (dirname(change.path) === path) changeNames(durableNames, change);
      pendingNames = pendingNames.filter((change) => dirname(change.path) !== path);
    },
    async lock(path) {
      if (locked.has(path)) throw diskError('EAGAIN', path);
      locked.add(path);
      return {
        async [Symbol.asyncDispose]() {
          locked.delete(path);
        },
      };
    },
    afterCrash(keeps, dice) {
      const inodes = new Map<Inode, Inode>();
      const left = (inode: Inode): Inode => {
        let copy = inodes.get(inode);
        if (copy === undefined) inodes.set(inode, (copy = inodeAfterCrash(inode, keeps, dice)));
        return copy;
      };
      const survived = new Map(durableNames);
      const pending = pendingNames.map((change) =>
        change.kind === 'set' ? { ...change, inode: left(change.inode) } : change,
      );
      if (keeps === 'some') {
        const kept = pendingNames.slice(0, dice.integer(pendingNames.length + 1));
        for (const change of kept) changeNames(survived, change);
      }
      for (const [path, inode] of survived) survived.set(path, left(inode));
      return simulatedDisk(survived, keeps === 'everything' ? pending : []);
    },
    files: () => new Map([...names].map(([path, inode]) => [path, inode.current])),
    usedBytes: () => [...names.values()].reduce((total, { current }) => total + current.length, 0),
  };
  return disk;
}

/** Names become durable in the order in which they changed, as in a journaling file system. */
function changeNames(names: Map<string, Inode>, change: NameChange): void {
  if (change.kind === 'set') names.set(change.path, change.inode);
  else if (change.kind === 'remove') names.delete(change.path);
  else {
    const inode = names.get(change.from);
    if (inode === undefined) return;
    names.delete(change.from);
    names.set(change.path, inode);
  }
}

function inodeAfterCrash(inode: Inode, keeps: CrashKeeps, dice: Dice): Inode {
  let durable: Buffer = Buffer.from(inode.durable);
  if (keeps === 'everything')
    return { current: Buffer.from(inode.current), durable, pending: [...inode.pending], failures: 0 };
  for (const pending of inode.pending) {
    if (keeps === 'nothing') break;
    if (dice.integer(3) === 0) durable = applied(durable, pending);
    else if ('bytes' in pending && dice.integer(2) === 0) durable = torn(durable, pending, dice);
  }
  return { current: Buffer.from(durable), durable, pending: [], failures: 0 };
}

/** Some of the sectors of a write. */
function torn(content: Buffer, { at, bytes }: { at: number; bytes: Buffer }, dice: Dice): Buffer {
  for (let start = 0; start < bytes.length;) {
    const end = Math.min(bytes.length, start + SECTOR_BYTES - ((at + start) % SECTOR_BYTES));
    if (dice.integer(2) === 0) content = written(content, at + start, bytes.subarray(start, end));
    start = end;
  }
  return content;
}

function applied(content: Buffer, pending: PendingWrite): Buffer {
  return 'bytes' in pending
    ? written(content, pending.at, pending.bytes)
    : resized(content, pending.truncateTo);
}

/** In place where the file is long enough. */
function written(content: Buffer, at: number, bytes: Buffer): Buffer {
  const target = at + bytes.length > content.length ? resized(content, at + bytes.length) : content;
  target.set(bytes, at);
  return target;
}

function resized(content: Buffer, length: number): Buffer {
  const target = Buffer.alloc(length);
  target.set(content.subarray(0, length));
  return target;
}

function diskError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
