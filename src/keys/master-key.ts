/**
 * Where the master key comes from: a file in the data directory (made at first start), a file of the operator, the
 * environment, or, with durability `memory`, nowhere: made for this run and forgotten with it.
 */
import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Config } from '../config/config.ts';
import type { Host } from '../host/host.ts';
import { KEY_BYTES } from './wrap.ts';

/** The master key cannot be had, or is not the one of this data. The message says what to do, and never holds a key. */
export class MasterKeyError extends Error {
  override readonly name = 'MasterKeyError';
}

export type MasterKey = {
  readonly key: KeyObject;
  /** Where it came from, for messages. */
  readonly source: string;
  /** What the operator should know at start; undefined when there is nothing to say. */
  readonly notice?: string;
};

/**
 * Reads the key that the configuration names. `mayCreate` is false when the data directory already holds data sealed
 * under some master key: a new one would not open it. Throws `MasterKeyError`.
 */
export async function readMasterKey(
  host: Pick<Host, 'disk' | 'dice'>,
  config: Pick<Config, 'dataDirectory' | 'durability' | 'masterKeyFile' | 'masterKey'>,
  mayCreate: boolean,
): Promise<MasterKey> {
  if (config.masterKey !== undefined) {
    return parsed(new TextEncoder().encode(config.masterKey), 'the environment variable MILLRACE_MASTER_KEY');
  }
  if (config.masterKeyFile !== undefined) {
    return parsed(await read(host, config.masterKeyFile), config.masterKeyFile);
  }
  if (config.durability === 'memory') {
    return { key: createSecretKey(host.dice.bytes(KEY_BYTES)), source: 'memory' };
  }
  const path = `${config.dataDirectory}/master.key`;
  const made = !(await host.disk.exists(path));
  if (made && !mayCreate) {
    throw new MasterKeyError(
      `${path} is missing, and the data in ${config.dataDirectory} cannot be read without it. ` +
        'Put the file back, or name the master key with --master-key FILE or MILLRACE_MASTER_KEY.',
    );
  }
  if (made) {
    const text = `${Buffer.from(host.dice.bytes(KEY_BYTES)).toString('hex')}\n`;
    await host.disk.replaceFile(path, new TextEncoder().encode(text));
  }
  return {
    ...parsed(await read(host, path), path),
    notice:
      `${made ? 'Made a new master key' : 'The master key is'} in ${path}: whoever has the whole data directory can read everything in it. ` +
      'Keep the key apart with --master-key FILE or MILLRACE_MASTER_KEY.',
  };
}

async function read(host: Pick<Host, 'disk'>, path: string): Promise<Uint8Array> {
  try {
    return await host.disk.readFile(path);
  } catch (error) {
    const code = (error as { code?: string }).code ?? 'unknown error';
    throw new MasterKeyError(
      `The master key file ${path} cannot be read (${code}). Check the path given with --master-key and who may read it. ` +
        'A new key can be made with: openssl rand -hex 32',
    );
  }
}

/** 32 bytes as they are, or 64 hexadecimal digits, or base64, with white space around. */
function parsed(bytes: Uint8Array, source: string): MasterKey {
  let key: Uint8Array | undefined;
  if (bytes.length === KEY_BYTES) key = bytes;
  else {
    const text = new TextDecoder('latin1').decode(bytes).trim();
    if (/^[0-9a-f]{64}$/i.test(text)) key = Buffer.from(text, 'hex');
    else if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) key = Buffer.from(text, 'base64');
  }
  if (key?.length !== KEY_BYTES) {
    throw new MasterKeyError(
      `${source} holds no master key: 32 bytes are wanted, as they are, in hexadecimal or in base64. Make one with: openssl rand -hex 32`,
    );
  }
  return { key: createSecretKey(key), source };
}
