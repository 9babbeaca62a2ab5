/**
 * The credentials of a running server: read from the file at start and again when it changes, so that keys are added and taken away
 * without a restart. The file is small, so its content is compared every few seconds: that also sees changes that keep the time of
 * a file, as a mounted secret does.
 */
import type { Host, TimerHandle } from '../host/host.ts';
import type { Credentials, Credential } from './credentials.ts';
import { CredentialsFileError, parseCredentials } from './credentials-file.ts';

const LOOK_EVERY_MS = 5000;

/**
 * Throws `CredentialsFileError` when the file cannot be read or holds no key. Later trouble with it is told to `onTrouble` once, and the
 * credentials stay as they were. `onReload` hears how many keys there are after a change.
 */
export async function openCredentials(options: {
  readonly host: Pick<Host, 'clock' | 'disk'>;
  readonly path: string;
  /** Of profiles without aws_account_id. */
  readonly account: string;
  readonly onReload?: (keys: number) => void;
  readonly onTrouble?: (error: unknown) => void;
}): Promise<Credentials & AsyncDisposable> {
  const { host, path, account, onReload, onTrouble } = options;
  let content = await read(host, path);
  let credentials: ReadonlyMap<string, Credential> = parseCredentials(content, path, account);
  let trouble: string | undefined;
  let closed = false;
  let looking: Promise<void> = Promise.resolve();
  let timer: TimerHandle = lookLater();

  function lookLater(): TimerHandle {
    return host.clock.timer(
      LOOK_EVERY_MS,
      () => {
        looking = look().finally(() => {
          if (!closed) timer = lookLater();
        });
      },
      { background: true },
    );
  }

  async function look(): Promise<void> {
    try {
      const found = await read(host, path);
      if (found !== content) {
        credentials = parseCredentials(found, path, account);
        content = found;
        onReload?.(credentials.size);
      }
      trouble = undefined;
    } catch (error) {
      const text = String(error);
      if (text !== trouble) onTrouble?.(error);
      trouble = text;
    }
  }

  return {
    find: (accessKeyId) => credentials.get(accessKeyId),
    async [Symbol.asyncDispose]() {
      closed = true;
      timer.cancel();
      await looking;
    },
  };
}

async function read(host: Pick<Host, 'disk'>, path: string): Promise<string> {
  try {
    return new TextDecoder().decode(await host.disk.readFile(path));
  } catch (error) {
    const code = (error as { code?: string }).code ?? 'unknown error';
    throw new CredentialsFileError(
      `The credentials file ${path} cannot be read (${code}). Check the path given with --credentials and who may read it.`,
    );
  }
}
