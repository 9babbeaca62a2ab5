/** The Redshift destination at PostgreSQL, and at a gateway before it that knows Redshift's COPY and reads what it names from a real S3. */
import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { NO_ENDPOINTS, type DatabaseEndpoint } from '../../../src/config/endpoints.ts';
import { deliveryOf } from '../../../src/firehose/destinations/deliveries.testing.ts';
import { createRedshiftDestination } from '../../../src/firehose/destinations/redshift/redshift-destination.ts';
import { createObjectDelivery } from '../../../src/firehose/destinations/s3/object-delivery.ts';
import { UTC } from '../../../src/firehose/object-keys/time-zone.ts';
import { createRealHost } from '../../../src/host/real/host.ts';
import { SqlError } from '../../../src/host/sql.ts';
import { workHere } from '../../../src/host/workers.ts';
import { createS3ObjectStore } from '../../../src/objects/s3/s3-object-store.ts';
import { GatewayError, serveRedshift, type CopyCommand } from '../../postgres/redshift-gateway.ts';
import { BACKUP, openMillrace, until } from '../millrace.ts';
import { told } from '../told.ts';

const HOST = 'warehouse.abc.us-east-1.redshift.amazonaws.com';
const ROLE = 'arn:aws:iam::123456789012:role/firehose';
const host = createRealHost();
after(() => host.http.close());

const server = {
  host: '127.0.0.1',
  port: Number(told('POSTGRES_PORT')),
  database: 'postgres',
  user: told('POSTGRES_USER'),
  password: told('POSTGRES_PASSWORD'),
  tls: 'none',
  timeoutMs: 20_000,
} as const;
const ask = async (text: string) => (await host.sql!.run(server, (session) => session.query(text))).rows;

const objects = createS3ObjectStore({
  ...host,
  endpoint: {
    url: told('VERSITYGW_URL'),
    certificateAuthority: undefined,
    region: 'us-east-1',
    addressing: 'path',
    credentials: {
      accessKeyId: told('VERSITYGW_ACCESS_KEY'),
      secretAccessKey: told('VERSITYGW_SECRET_KEY'),
      sessionToken: undefined,
    },
  },
});

type Settings = Parameters<typeof createRedshiftDestination>[0];

async function deliver(
  CopyCommand: Settings['CopyCommand'],
  texts: readonly string[],
  endpoint: Partial<DatabaseEndpoint> = {},
  more: Partial<Settings> = {},
) {
  const settings: Settings = {
    ClusterJDBCURL: `jdbc:redshift://${HOST}:5439/postgres`,
    CopyCommand,
    Username: server.user,
    Password: server.password,
    RoleARN: ROLE,
    RetryOptions: { DurationInSeconds: 3600 },
    S3Configuration: { Prefix: 'in/' },
    ...more,
  };
  const object = createObjectDelivery(
    {
      bucket: 'lake',
      kmsKeyArn: undefined,
      compression: 'GZIP',
      fileExtension: undefined,
      conversion: undefined,
      prefixOf: () => 'in/2016/02/25/13/',
      deliveryStream: 'clicks',
      versionId: '1',
      timeZone: UTC,
      onPut: () => {},
    },
    { ...host, objects, workers: workHere, tables: { find: async () => undefined } },
  );
  const database: DatabaseEndpoint = {
    url: `postgresql://127.0.0.1:${server.port}`,
    certificateAuthority: undefined,
    load: 'copy-from-stdin',
    ...endpoint,
  };
  const destination = createRedshiftDestination(settings, {
    ...host,
    object,
    bucket: 'lake',
    objects,
    endpoints: { ...NO_ENDPOINTS, databases: new Map([[HOST, database]]) },
    refusesAddress: undefined,
  });
  const objectKey = destination.objectKey!({
    id: '1b4e28ba-2fa1-11d2-883f-0016d3cca427',
    oldestArrivalMs: 0,
    keys: undefined,
  });
  return destination.attempt(deliveryOf(texts, { objectKey }), new AbortController().signal);
}

before(async () => {
  await objects.createBucket('lake');
  await ask('CREATE TABLE clicks (id bigint NOT NULL, name text, more jsonb)');
  await ask('CREATE TABLE "Odd ""name""" ("Col" text)');
});

describe('PostgreSQL', () => {
  it("loads Redshift's default format, whose backslashes are letters", async () => {
    await ask('TRUNCATE clicks');
    const texts = ['1|a\\b|\\N\n', '2|\\N|{"x":"ü"}\n'];
    assert.deepEqual(await deliver({ DataTableName: 'Clicks' }, texts), { kind: 'done', refused: [] });
    assert.deepEqual(await ask('SELECT * FROM clicks ORDER BY id'), [
      ['1', 'a\\b', null],
      ['2', null, '{"x": "ü"}'],
    ]);
  });

  it('loads CSV', async () => {
    await ask('TRUNCATE clicks');
    const command = {
      DataTableName: 'public.clicks',
      DataTableColumns: 'name, id',
      CopyOptions: 'FORMAT AS CSV GZIP',
    };
    assert.equal((await deliver(command, ['"a, ""b""\n",1\n', ',2\n'])).kind, 'done');
    assert.deepEqual(await ask('SELECT id, name FROM clicks ORDER BY id'), [
      ['1', 'a, "b"\n'],
      ['2', null],
    ]);
  });

  it('loads JSON, many rows', async () => {
    await ask('TRUNCATE clicks');
    const texts = Array.from(
      { length: 20_000 },
      (_, n) =>
        `{"id":${n + 1}000000000000,"name":"tab\\t and \\\\ ${'x'.repeat(100)}","more":{"n":[${n}.50]}}\n`,
    );
    assert.equal(
      (await deliver({ DataTableName: 'clicks', CopyOptions: "JSON 'auto'" }, texts)).kind,
      'done',
    );
    assert.deepEqual(
      await ask(
        `SELECT count(*), max(id), max(more->'n'->>0) FROM clicks WHERE name LIKE E'tab\\t and \\\\\\\\ x%'`,
      ),
      [['20000', '20000000000000000', '9999.50']],
    );
  });

  it('takes odd names of tables and columns for names', async () => {
    const command = { DataTableName: '"Odd ""name"""', DataTableColumns: '"Col"' };
    assert.equal((await deliver(command, ['x\n'])).kind, 'done');
    assert.deepEqual(await ask('SELECT * FROM "Odd ""name"""'), [['x']]);
  });

  it("tells of failures by AWS's codes", async () => {
    const cases: readonly (readonly [string, Settings['CopyCommand'], string, Partial<Settings>])[] = [
      ['TableNotFound', { DataTableName: 'nothing' }, '1\n', {}],
      ['ColumnNotFound', { DataTableName: 'clicks', DataTableColumns: 'nothing' }, '1\n', {}],
      ['DataLoadFailed', { DataTableName: 'clicks', DataTableColumns: 'id' }, 'text of a record\n', {}],
      ['MissingColumn', { DataTableName: 'clicks', DataTableColumns: 'name' }, 'x\n', {}],
      ['AuthenticationFailed', { DataTableName: 'clicks' }, '1\n', { Password: 'wrong-password' }],
      [
        'DatabaseNotFound',
        { DataTableName: 'clicks' },
        '1\n',
        { ClusterJDBCURL: `jdbc:redshift://${HOST}:5439/nothing` },
      ],
    ];
    for (const [code, command, text, more] of cases) {
      const outcome = await deliver(command, [text], {}, more);
      assert.ok(outcome.kind === 'retry');
      assert.equal(outcome.error.code, `Redshift.${code}`, outcome.error.message);
      assert.doesNotMatch(outcome.error.message, /text of a record|wrong-password/);
    }
  });

  it('is spoken to over TLS when an authority is configured, and by no other', async () => {
    await ask('TRUNCATE clicks');
    const command = { DataTableName: 'clicks', DataTableColumns: 'id' };
    const certificateAuthority = told('POSTGRES_AUTHORITY');
    for (const name of ['localhost', '127.0.0.1']) {
      const url = `postgresql://${name}:${server.port}`;
      assert.equal((await deliver(command, ['1\n'], { url, certificateAuthority })).kind, 'done');
    }
    const untrusted = { ...server, tls: 'required', certificateAuthority: undefined } as const;
    await assert.rejects(
      host.sql!.run(untrusted, (session) => session.query('SELECT 1')),
      (error) => error instanceof SqlError && error.failure === 'untrusted',
    );
  });
});

describe('Millrace', () => {
  it('loads what is put into PostgreSQL, and leaves a manifest of what cannot be', async () => {
    await ask('CREATE TABLE whole (id bigint, name text)');
    const url = `postgresql://127.0.0.1:${server.port}`;
    await using millrace = await openMillrace({ databases: { [HOST]: { url, load: 'copy-from-stdin' } } });
    const to = (DataTableName: string) => ({
      RedshiftDestinationConfiguration: {
        RoleARN: BACKUP.RoleARN,
        ClusterJDBCURL: `jdbc:redshift://${HOST}:5439/postgres`,
        CopyCommand: { DataTableName, CopyOptions: "JSON 'auto' GZIP" },
        Username: server.user,
        Password: server.password,
        RetryOptions: { DurationInSeconds: 0 },
        S3Configuration: { ...BACKUP, CompressionFormat: 'GZIP' },
      },
    });
    await millrace.create('rows', to('whole'));
    await millrace.put(
      'rows',
      Array.from({ length: 500 }, (_, id) => JSON.stringify({ id, name: `größe ${id}` })),
    );
    await until('all rows are there', async () => {
      const [[count]] = (await ask('SELECT count(*) FROM whole')) as [[string]];
      return count === '500' || undefined;
    });
    await millrace.create('nowhere', to('nothing'));
    await millrace.put('nowhere', ['{"id":1}']);
    const [manifest] = (await millrace.errors('errors/manifests/')) as { entries: { url: string }[] }[];
    const { bucket, key } = /^s3:\/\/(?<bucket>[^/]+)\/(?<key>.+)$/.exec(manifest!.entries[0]!.url)!.groups!;
    const { body } = await millrace.objects.get(bucket!, key!);
    assert.equal(gunzipSync(body).toString(), '{"id":1}');
  });
});

describe('A gateway that knows COPY', () => {
  const gateway = createServer((socket) =>
    serveRedshift(socket, { user: server.user, password: server.password, onCopy: copy }),
  );
  let url = '';
  before(async () => {
    await new Promise<void>((resolve) => void gateway.listen(0, '127.0.0.1', resolve));
    url = `postgresql://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
  });
  after(() => gateway.close());

  /** What Redshift does: reads the manifest, then the objects that it names, and loads them whole or not at all. */
  async function copy(command: CopyCommand): Promise<void> {
    assert.equal(command.credentials, `aws_iam_role=${ROLE}`);
    const manifest = JSON.parse((await read(command.url)).toString()) as {
      entries: readonly { url: string; mandatory: boolean }[];
    };
    const bodies = await Promise.all(manifest.entries.map((entry) => read(entry.url)));
    const rows = /\bGZIP\b/i.test(command.options) ? bodies.map((body) => gunzipSync(body)) : bodies;
    const columns = command.columns === '' ? '' : ` (${command.columns})`;
    try {
      await host.sql!.run(server, (session) =>
        session.copyIn(`COPY ${command.table}${columns} FROM STDIN WITH (DELIMITER '|')`, rows),
      );
    } catch (error) {
      const { sqlState, message } = error as SqlError;
      throw sqlState.startsWith('22')
        ? new GatewayError(
            'XX000',
            "Load into table failed. Check 'stl_load_errors' system table for details.",
          )
        : new GatewayError(sqlState, message);
    }
  }

  async function read(place: string): Promise<Buffer> {
    const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(place)!;
    try {
      return Buffer.from((await objects.get(bucket!, key!)).body);
    } catch (error) {
      throw new GatewayError('XX000', `S3ServiceException: ${(error as Error).message}`);
    }
  }

  it('loads the objects of a manifest', async () => {
    await ask('TRUNCATE clicks');
    const command = { DataTableName: 'clicks', DataTableColumns: 'id,name', CopyOptions: 'gzip' };
    assert.deepEqual(await deliver(command, ['1|a\n', '2|b\n'], { url, load: 'copy' }), {
      kind: 'done',
      refused: [],
    });
    assert.deepEqual(await ask('SELECT id, name FROM clicks ORDER BY id'), [
      ['1', 'a'],
      ['2', 'b'],
    ]);
    const { objects: found } = await objects.list('lake', 'in/manifests/2016/02/25/13/clicks-1-', '', 10);
    assert.ok(found.length >= 1);
  });

  it('refuses, and then the manifest is left', async () => {
    const command = { DataTableName: 'clicks', DataTableColumns: 'id', CopyOptions: 'GZIP' };
    const once: Partial<Settings> = { RetryOptions: { DurationInSeconds: 0 } };
    const outcome = await deliver(command, ['no number\n'], { url, load: 'copy' }, once);
    assert.ok(
      outcome.kind === 'left' && outcome.error.code === 'Redshift.DataLoadFailed',
      JSON.stringify(outcome),
    );
    const { objects: left } = await objects.list('lake', 'in/errors/manifests/', '', 10);
    assert.equal(left.length, 1);
    const wrong = { ...once, Password: 'wrong-password' };
    const denied = await deliver(command, ['1\n'], { url, load: 'copy' }, wrong);
    assert.ok(denied.kind === 'left' && denied.error.code === 'Redshift.AuthenticationFailed');
  });
});
