/** A server on a small disk of its own, which the test can fill and clear: a tmpfs in a mount namespace that ends with the process. */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { startServer, type ServerProcess } from '../server/server-process.ts';

const MIB = 1024 * 1024;
const BLOCK_BYTES = 4096;

/** `options` of the mount, for example `size=24m`; then `prepare`, a shell command; then the rest of the arguments. */
function inMount(directory: string, options: string, prepare = 'true'): readonly string[] {
  const script = `mount -t tmpfs -o ${options},mode=700 tmpfs "$0" && ${prepare} && exec "$@"`;
  return ['unshare', '--mount', 'sh', '-c', script, directory];
}

/** Why such tests are skipped here; false where they can run. */
export function skipMounts(directory: string): string | false {
  if (process.platform !== 'linux') return 'tmpfs and mount namespaces are Linux';
  const [command, ...args] = [...inMount(directory, 'size=1m'), 'true'];
  try {
    execFileSync(command!, args, { stdio: 'ignore' });
    return false;
  } catch {
    return 'NOT TESTED HERE: a full and a read-only disk need root, or the right to mount';
  }
}

export type MountedServer = {
  readonly server: ServerProcess;
  /** Takes all room that is left. */
  fill(): void;
  clear(): void;
  /** Copies the data directory as a kill at this moment would leave it. */
  copyTo(directory: string): Promise<void>;
};

/** The disk is mounted over `directory`, which is the data directory. */
export async function startMounted(
  directory: string,
  flags: readonly string[],
  options: { readonly mib: number; readonly prepare?: string },
): Promise<MountedServer> {
  const server = await startServer(
    directory,
    flags,
    inMount(directory, `size=${options.mib}m`, options.prepare),
  );
  // The namespace of another process is seen through its root.
  const seen = path.join(`/proc/${server.child.pid}/root`, directory);
  const ballast = path.join(seen, 'ballast');
  return {
    server,
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
    copyTo: (to) => cp(seen, to, { recursive: true, filter: (from) => from !== ballast }),
  };
}

/** What the server says when it does not start there. */
export async function refusalOn(directory: string, options: string, prepare: string): Promise<string> {
  try {
    const { stop } = await startServer(directory, [], inMount(directory, options, prepare));
    await stop('SIGKILL');
    return 'it started';
  } catch (error) {
    return (error as Error).message;
  }
}
