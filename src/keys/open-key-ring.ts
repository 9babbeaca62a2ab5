/**
 * The key ring over the catalog. Data keys are 32 random bytes, kept in `data_keys` wrapped under the master key and
 * unwrapped when first used; the greatest id of a log is the current one. A key is renewed in the background long before the 2^32
 * batches that random nonces allow: see decision 0141.
 */
import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { Catalog, CatalogTransaction } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';
import type { Host } from '../host/host.ts';
import type { KeyRing } from './key-ring.ts';
import { createLogSealer } from './log-sealer.ts';
import { MasterKeyError, readMasterKey } from './master-key.ts';
import type { Sealer } from './sealing.ts';
import { KEY_BYTES, unwrapKey, wrapKey } from './wrap.ts';

const CHECK_SETTING = 'master_key_check';
const TOKEN_KEY_SETTING = 'token_key';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A key that sealed this much in this process is renewed at once, … */
const RENEW_SEALS = 2 ** 28;
/** … a key of more than a day when it sealed this much, so that many short runs add up to little; … */
const RENEW_SEALS_AFTER_DAY = 2 ** 20;
/** … and a key of this age as soon as it seals anything. */
const RENEW_AGE_MS = 30 * DAY_MS;

type LogKeys = {
  readonly keys: Map<number, { readonly wrapped: Uint8Array; key?: KeyObject }>;
  currentId: number;
  createdMs: number;
  renewing: boolean;
  sealer?: Sealer;
};

/**
 * Reads or makes the master key and loads the ring. `notice` is for the start-up log. `onRenewalFailed` hears of renewals that
 * the catalog refused; they are tried again. Throws `MasterKeyError` when the master key is missing, malformed or another one
 * than the data was made under.
 */
export async function openKeyRing(options: {
  readonly host: Pick<Host, 'clock' | 'dice' | 'disk'>;
  readonly catalog: Catalog;
  readonly config: Pick<Config, 'dataDirectory' | 'durability' | 'masterKeyFile' | 'masterKey'>;
  readonly onRenewalFailed?: (log: string, error: unknown) => void;
}): Promise<{ readonly keyRing: KeyRing; readonly notice?: string }> {
  const { host, catalog, config, onRenewalFailed } = options;
  const stored = await catalog.read(async (transaction) => ({
    check: await setting(transaction, CHECK_SETTING),
    tokenKey: await setting(transaction, TOKEN_KEY_SETTING),
    rows: await transaction.selectFrom('data_keys').selectAll().orderBy('key_id').execute(),
  }));

  const master = await readMasterKey(host, config, stored.check === undefined);
  const check = createHmac('sha256', master.key).update('millrace master key check').digest();
  if (stored.check !== undefined && !same(stored.check, check)) {
    throw new MasterKeyError(
      `The master key from ${master.source} is not the one that the data in ${config.dataDirectory} was made under. ` +
        'Give that one with --master-key FILE or MILLRACE_MASTER_KEY.',
    );
  }
  let wrappedTokenKey = stored.tokenKey;
  if (stored.check === undefined || wrappedTokenKey === undefined) {
    const made = wrapKey(host.dice, master.key, host.dice.bytes(KEY_BYTES), TOKEN_KEY_SETTING);
    await catalog.transact(async (transaction) => {
      await transaction
        .insertInto('settings')
        .values([
          { name: CHECK_SETTING, value: check },
          { name: TOKEN_KEY_SETTING, value: made },
        ])
        .execute();
    });
    wrappedTokenKey = made;
  }
  const tokenKey = unwrapKey(master.key, wrappedTokenKey, TOKEN_KEY_SETTING);

  const logs = new Map<string, LogKeys>();
  for (const row of stored.rows) add(row.log_id, row.key_id, row.wrapped, row.created_ms);

  function add(log: string, keyId: number, wrapped: Uint8Array, createdMs: number): void {
    let entry = logs.get(log);
    if (entry === undefined) {
      entry = { keys: new Map(), currentId: 0, createdMs: 0, renewing: false };
      logs.set(log, entry);
    }
    entry.keys.set(keyId, { wrapped });
    if (keyId > entry.currentId) {
      entry.currentId = keyId;
      entry.createdMs = createdMs;
    }
  }

  /** A renewal makes no key for a log that was forgotten meanwhile. */
  async function makeKey(log: string, renewal: boolean): Promise<void> {
    const key = host.dice.bytes(KEY_BYTES);
    const createdMs = host.clock.now();
    const made = await catalog.transact(async (transaction) => {
      const newest = await transaction
        .selectFrom('data_keys')
        .select('key_id')
        .where('log_id', '=', log)
        .orderBy('key_id', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (renewal && newest === undefined) return undefined;
      const keyId = (newest?.key_id ?? 0) + 1;
      const wrapped = wrapKey(host.dice, master.key, key, placeOf(log, keyId));
      await transaction
        .insertInto('data_keys')
        .values({ log_id: log, key_id: keyId, wrapped, created_ms: createdMs })
        .execute();
      return { keyId, wrapped };
    });
    if (made !== undefined) add(log, made.keyId, made.wrapped, createdMs);
  }

  function sealed(log: string, entry: LogKeys, count: number): void {
    const ageMs = host.clock.now() - entry.createdMs;
    const due =
      count >= RENEW_SEALS || ageMs >= RENEW_AGE_MS || (ageMs >= DAY_MS && count >= RENEW_SEALS_AFTER_DAY);
    if (!due || entry.renewing) return;
    entry.renewing = true;
    makeKey(log, true)
      .catch((error: unknown) => onRenewalFailed?.(log, error))
      .finally(() => {
        entry.renewing = false;
      });
  }

  function keyOf(log: string, keyId: number): KeyObject | undefined {
    const kept = logs.get(log)?.keys.get(keyId);
    if (kept === undefined) return undefined;
    return (kept.key ??= createSecretKey(unwrapKey(master.key, kept.wrapped, placeOf(log, keyId))));
  }

  function makeSealer(log: string): Sealer {
    return createLogSealer(
      log,
      {
        keyOf: (keyId) => keyOf(log, keyId),
        currentId: () => logs.get(log)?.currentId,
        sealed(count) {
          const entry = logs.get(log);
          if (entry !== undefined) sealed(log, entry, count);
        },
      },
      host.dice,
    );
  }

  const keyRing: KeyRing = {
    tokenKey,
    begin: (log) => makeKey(log, false),
    async forget(log) {
      await catalog.transact(async (transaction) => {
        await transaction.deleteFrom('data_keys').where('log_id', '=', log).execute();
      });
      logs.delete(log);
    },
    sealer(log) {
      const entry = logs.get(log);
      // A log without keys is not kept in mind: its sealer opens nothing until `begin`.
      if (entry === undefined) return makeSealer(log);
      return (entry.sealer ??= makeSealer(log));
    },
  };
  return { keyRing, ...(master.notice === undefined ? {} : { notice: master.notice }) };
}

function placeOf(log: string, keyId: number): string {
  return `data key ${keyId} of log ${log}`;
}

async function setting(transaction: CatalogTransaction, name: string): Promise<Uint8Array | undefined> {
  const row = await transaction
    .selectFrom('settings')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.value;
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
