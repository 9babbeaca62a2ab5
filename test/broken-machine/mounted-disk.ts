/** A small disk that the test can fill and clear: a tmpfs in a mount namespace of its own, which ends with the process that holds it. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

const MIB = 1024 * 1024;
const BLOCK_BYTES = 4096;

function mountScript(options: string, prepare: string, then: string): string {
  return `mount -t tmpfs -o ${options},mode=700 tmpfs "$0" && ${prepare} && ${then}`;
}

/** Why such tests are skipped here; false where they can run. */
export function skipMounts(directory: string): string | false {
  if (process.platform !== 'linux') return 'tmpfs and mount namespaces are Linux';
  try {
    const script = mountScript('size=1m', 'true', 'true');
    execFileSync('unshare', ['--mount', 'sh', '-c', script, directory], { stdio: 'ignore' });
    return false;
  } catch {
    return 'NOT TESTED HERE: a full and a read-only disk need root, or the right to mount';
  }
}

export type MountedDisk = AsyncDisposable & {
  /** A command that runs the one behind it where the disk is mounted. */
  readonly within: readonly string[];
  /** Takes all room that is left. */
  fill(): void;
  clear(): void;
};

/** Mounted over `directory`. `options` are the mount's, for example `size=24m`; `prepare` is a shell command that finds the directory as $0. */
export async function mountDisk(directory: string, options: string, prepare = 'true'): Promise<MountedDisk> {
  const script = mountScript(options, prepare, 'echo mounted && exec sleep infinity');
  const holder = spawn('unshare', ['--mount', 'sh', '-c', script, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  // The namespace of another process is seen through its root.
  const ballast = path.join(`/proc/${holder.pid}/root`, directory, 'ballast');
  return {
    within: ['nsenter', '--target', String(holder.pid), '--mount', '--'],
    fill() {
      const file = openSync(ballast, 'w');
      for (let bytes = MIB; bytes >= BLOCK_BYTES;) {
        try {
          if (writeSync(file, Buffer.alloc(bytes)) < bytes) bytes /= 2;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          bytes /= 2;
        }
      }
      closeSync(file);
    },
    clear: () => rmSync(ballast),
    async [Symbol.asyncDispose]() {
      const ended = once(holder, 'exit');
      holder.kill('SIGKILL');
      await ended;
    },
  };
}
