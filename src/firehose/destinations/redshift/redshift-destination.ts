/**
 * Redshift: a delivery becomes an object of the intermediate bucket, then a manifest names it and the database is asked to COPY it. A database that is
 * mapped as `copy-from-stdin` is PostgreSQL, which is sent the rows themselves; the object is put all the same. The object is retried as S3's are, the
 * COPY for the duration that is set; what is not loaded by then stays in the bucket, and a manifest of it is left below `errors/`. Sources: "Data
 * Delivery Failure Handling", Firehose developer guide; "COPY" and "Using a manifest to specify data files", Redshift's; decision 0475.
 */
import { assert } from '../../../base/assert.ts';
import { hostEndpoint, type DatabaseEndpoint } from '../../../config/endpoints.ts';
import type { Clock } from '../../../host/host.ts';
import { SqlError, type SqlClient, type SqlServer, type SqlSession } from '../../../host/sql.ts';
import { ObjectStoreError } from '../../../objects/object-store-error.ts';
import type { ObjectStore } from '../../../objects/objects.ts';
import type { Delivery, DeliveryError, Destination, Outcome } from '../../delivery/destination.ts';
import type { SettingsOf } from '../../settings/destination-settings.ts';
import type { Addresses } from '../exchange.ts';
import { failedAttempt, rawDataOf } from '../failed-attempt.ts';
import { loadFormatOf, optionTokens, type LoadFormat } from './copy-options.ts';
import { errorOfSql, redshiftError } from './error-codes.ts';
import { columnNames, quotedTable } from './identifiers.ts';
import { NotJson } from './json-rows.ts';
import { copyFromStdinStatement, copyStatement, rowsOf } from './statements.ts';

type Settings = Pick<
  SettingsOf<'Redshift'>,
  'ClusterJDBCURL' | 'CopyCommand' | 'Username' | 'Password' | 'RoleARN' | 'RetryOptions'
> & { readonly S3Configuration: { readonly Prefix?: string | undefined } };

export type RedshiftParts = Addresses & {
  /** Undefined where there is no network for it, as in simulations. */
  readonly sql?: SqlClient | undefined;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  /** Puts a delivery as an object of `bucket`. */
  readonly object: Destination;
  readonly bucket: string;
  readonly objects: Pick<ObjectStore, 'put'>;
  readonly copyTimeoutMs?: number;
};

/** AWS publishes none. */
const COPY_TIMEOUT_MS = 600_000;
const RETRY_PAUSE_MS = 300_000;
/** Of a delivery's memory. */
const IS_PUT = 'redshift: the object is put';
const FIRST_FAILURE_MS = 'redshift: when COPY first failed';
/** Of what a delivery keeps: milliseconds of COPY's duration, with the pause that is being waited. Persisted. */
const COPY_USED_MS = 'copyUsedMs';

export function createRedshiftDestination(settings: Settings, parts: RedshiftParts): Destination {
  const { CopyCommand: command, Password: password } = settings;
  const database = databaseOf(settings, parts);
  const table = quotedTable(command.DataTableName);
  const columns = command.DataTableColumns?.trim() ? columnNames(command.DataTableColumns) : [];
  const options = optionTokens(command.CopyOptions ?? '');
  const prefix = settings.S3Configuration.Prefix ?? '';
  const durationMs = settings.RetryOptions.DurationInSeconds * 1000;
  const { clock, object, bucket } = parts;

  async function putManifest(
    folder: string,
    key: string,
    timeMs: number,
    signal: AbortSignal,
  ): Promise<string> {
    // `yyyy/MM/dd/HH/` and the object's own name.
    const hour = new Date(timeMs).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
    const manifestKey = `${prefix}${folder}${hour}/${key.slice(key.lastIndexOf('/') + 1)}`;
    const manifest = { entries: [{ url: `s3://${bucket}/${key}`, mandatory: true }] };
    const body = Buffer.from(JSON.stringify(manifest));
    await parts.objects.put(bucket, manifestKey, body, { contentType: 'application/json' }, signal);
    return manifestKey;
  }

  async function copy(delivery: Delivery, server: SqlServer, loading: Loading): Promise<void> {
    const key = await putManifest(
      'manifests/',
      keyOf(delivery),
      delivery.batch.oldestArrivalMs,
      server.signal!,
    );
    const statement = copyStatement({
      ...loading,
      manifestUrl: `s3://${bucket}/${key}`,
      roleArn: settings.RoleARN,
      options: command.CopyOptions?.trim() ?? '',
    });
    await parts.sql!.run(server, (session) => session.query(statement));
  }

  async function copyFromStdin(
    delivery: Delivery,
    server: SqlServer,
    loading: Loading,
    format: LoadFormat,
  ): Promise<void> {
    const load = async (session: SqlSession): Promise<void> => {
      const named =
        format.kind === 'json' && loading.columns.length === 0
          ? (await session.query(`SELECT * FROM ${loading.table} LIMIT 0`)).columns
          : loading.columns;
      const statement = copyFromStdinStatement(loading.table, named, format);
      await session.copyIn(statement, rowsOf(delivery.batch, format, named));
    };
    await parts.sql!.run(server, load);
  }

  /** Undefined when the rows are in the table. */
  async function load(delivery: Delivery, signal: AbortSignal): Promise<DeliveryError | undefined> {
    if (parts.sql === undefined || database === undefined) return redshiftError('ConnectionFailed');
    if (table === undefined) return redshiftError('TableNotFound', 'DataTableName is no name of a table');
    if (columns === undefined)
      return redshiftError('ColumnNotFound', 'DataTableColumns is no list of columns');
    if (options === undefined) return redshiftError('SyntaxError', 'CopyOptions is no list of options');
    const server = { ...database.server, timeoutMs: parts.copyTimeoutMs ?? COPY_TIMEOUT_MS, signal };
    try {
      if (database.load === 'copy') await copy(delivery, server, { table, columns });
      else {
        const format = loadFormatOf(options);
        if ('refusal' in format) {
          return redshiftError('IncorrectCopyOptions', `PostgreSQL cannot be given ${format.refusal}`);
        }
        await copyFromStdin(delivery, server, { table, columns }, format);
      }
    } catch (error) {
      if (error instanceof SqlError) return errorOfSql(error, password);
      if (error instanceof NotJson) return redshiftError('DataLoadFailed');
      if (error instanceof ObjectStoreError) return redshiftError('S3BucketAccessDenied', error.code);
      throw error;
    }
    return undefined;
  }

  /** What an error becomes while there is time left for another COPY, and when there is none. */
  async function afterFailure(
    delivery: Delivery,
    error: DeliveryError,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { memory, kept, remaining } = delivery;
    const nowMs = clock.monotonic();
    const firstFailureMs =
      (memory.get(FIRST_FAILURE_MS) as number | undefined) ?? nowMs - (kept.get(COPY_USED_MS) ?? 0);
    memory.set(FIRST_FAILURE_MS, firstFailureMs);
    const usedMs = nowMs - firstFailureMs;
    if (usedMs < durationMs) {
      const afterMs = Math.min(RETRY_PAUSE_MS, durationMs - usedMs);
      kept.set(COPY_USED_MS, usedMs + afterMs);
      return { kind: 'retry', error, remaining, refused: [], afterMs };
    }
    try {
      await putManifest('errors/manifests/', keyOf(delivery), clock.now(), signal);
    } catch (fault) {
      if (!(fault instanceof ObjectStoreError)) throw fault;
      return {
        kind: 'retry',
        error: redshiftError('S3BucketAccessDenied', fault.code),
        remaining,
        refused: [],
      };
    }
    return { kind: 'left', error };
  }

  return {
    recordsMax: object.recordsMax,
    bytesMax: object.bytesMax,
    errorOutputType: undefined,
    // Of the objects; that of COPY is kept here, because it begins with COPY's own first failure.
    retry: object.retry,
    objectKey: (of) => object.objectKey!(of),
    async attempt(delivery, signal): Promise<Outcome> {
      signal.throwIfAborted();
      const { memory } = delivery;
      if (!memory.has(IS_PUT)) {
        const outcome = await object.attempt(delivery, signal);
        if (outcome.kind !== 'done') return outcome;
        memory.set(IS_PUT, true);
      }
      const error = await load(delivery, signal);
      return error === undefined ? { kind: 'done', refused: [] } : afterFailure(delivery, error, signal);
    },
    errorRecord(failed) {
      // AWS leaves a manifest instead; this is for whoever asks about a single record.
      return { ...failedAttempt(failed), rawData: rawDataOf(failed) };
    },
  };
}

function keyOf({ objectKey }: Delivery): string {
  assert(objectKey !== undefined, 'a delivery to Redshift has the key of an object');
  return objectKey;
}

/** Names as they are sent. */
type Loading = { readonly table: string; readonly columns: readonly string[] };

type Database = Pick<DatabaseEndpoint, 'load'> & { readonly server: Omit<SqlServer, 'timeoutMs' | 'signal'> };

/** The model's pattern has been checked; undefined is for what passes it and is no URL all the same. */
function databaseOf(settings: Settings, { endpoints, refusesAddress }: Addresses): Database | undefined {
  const [, host, port, database] =
    /^jdbc:\w+:\/\/([^/:]+):(\d{1,5})\/([^/?;]+)/.exec(settings.ClusterJDBCURL) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) return undefined;
  const common = { database: database!, user: settings.Username, password: settings.Password };
  const mapped = hostEndpoint(endpoints.databases, host, Number(port));
  if (mapped === undefined) {
    return { load: 'copy', server: { ...common, host, port: Number(port), tls: 'required', refusesAddress } };
  }
  const url = new URL(mapped.url);
  const { certificateAuthority } = mapped;
  return {
    load: mapped.load,
    server: {
      ...common,
      host: url.hostname.replaceAll(/[[\]]/g, ''),
      port: Number(url.port || 5432),
      tls: certificateAuthority === undefined ? 'none' : 'required',
      certificateAuthority,
    },
  };
}
