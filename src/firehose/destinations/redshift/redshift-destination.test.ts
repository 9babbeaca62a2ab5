import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { serveRedshift } from '../../../../test/postgres/redshift-gateway.ts';
import { isForbiddenAddress } from '../../../base/network-address.ts';
import { NO_ENDPOINTS } from '../../../config/endpoints.ts';
import { realSqlClient } from '../../../host/real/sql.ts';
import { createSimulatedClock } from '../../../host/simulated/clock.ts';
import { createSimulatedDice } from '../../../host/simulated/dice.ts';
import { workHere } from '../../../host/workers.ts';
import { SqlError, type SqlClient, type SqlServer } from '../../../host/sql.ts';
import { createMemoryObjectStore } from '../../../objects/memory/memory-object-store.ts';
import type { ObjectStore } from '../../../objects/objects.ts';
import { UTC } from '../../object-keys/time-zone.ts';
import { describeDestination } from '../contract.testing.ts';
import { deliveryOf } from '../deliveries.testing.ts';
import { createObjectDelivery } from '../s3/object-delivery.ts';
import { createRedshiftDestination } from './redshift-destination.ts';

type Settings = Parameters<typeof createRedshiftDestination>[0];
type Parts = Parameters<typeof createRedshiftDestination>[1];

const SECRET = 'password-of-the-warehouse';
const ROLE = 'arn:aws:iam::123456789012:role/firehose';
const HOST = 'warehouse.abc.us-east-1.redshift.amazonaws.com';
const KEY = 'in/2016/02/25/13/stream-1-2016-02-25-13-00-00-uuid';
const clock = createSimulatedClock();

const settingsWith = (
  CopyCommand: Partial<Settings['CopyCommand']> = {},
  more: Partial<Settings> = {},
): Settings => ({
  ClusterJDBCURL: `jdbc:redshift://${HOST}:5439/dev`,
  CopyCommand: { DataTableName: 'clicks', ...CopyCommand },
  Username: 'millrace',
  Password: SECRET,
  RoleARN: ROLE,
  RetryOptions: { DurationInSeconds: 3600 },
  S3Configuration: { Prefix: 'in/' },
  ...more,
});

async function newLake() {
  const store = createMemoryObjectStore(clock);
  await store.createBucket('lake');
  return store;
}
const lake = await newLake();

/** The real delivery of objects, into the store. */
function partsWith(objects: ObjectStore, more: Partial<Parts> = {}): Parts {
  const object = createObjectDelivery(
    {
      bucket: 'lake',
      kmsKeyArn: undefined,
      compression: 'UNCOMPRESSED',
      fileExtension: undefined,
      conversion: undefined,
      prefixOf: () => 'in/2016/02/25/13/',
      deliveryStream: 'stream',
      versionId: '1',
      timeZone: UTC,
      onPut: () => {},
    },
    {
      objects,
      workers: workHere,
      tables: { find: async () => undefined },
      clock,
      dice: createSimulatedDice(1),
    },
  );
  return {
    clock,
    object,
    bucket: 'lake',
    objects,
    endpoints: NO_ENDPOINTS,
    refusesAddress: undefined,
    ...more,
  };
}

const mapped = (port: number, load: 'copy' | 'copy-from-stdin'): Parts['endpoints'] => ({
  ...NO_ENDPOINTS,
  databases: new Map([
    [HOST, { url: `postgresql://127.0.0.1:${port}`, certificateAuthority: undefined, load }],
  ]),
});

describeDestination({
  name: 'redshift',
  open: (port, copyTimeoutMs) =>
    createRedshiftDestination(
      settingsWith(),
      partsWith(lake, {
        sql: realSqlClient,
        endpoints: mapped(port, 'copy'),
        refusesAddress: () => true,
        copyTimeoutMs,
      }),
    ),
  serve: (socket, onDelivery) =>
    serveRedshift(socket, { user: 'millrace', password: SECRET, onCopy: async ({ url }) => onDelivery(url) }),
  nonsense: [
    'R\0\0\0\x08\0\0\0\x63',
    'R\0\0\0\x04',
    'R\0\0\0\x08\0\0\0\x0a',
    'R\xff\xff\xff\xff',
    'E\0\0\0\x05M',
    `E\0\0\0${String.fromCharCode(SECRET.length + 7)}M${SECRET}\0\0`,
    'R\0\0\0\x08\0\0\0\0Z\0\0\0\x05IT\0\0\0\x06\x7f\xff',
    'R\0\0\0\x08\0\0\0\0Z\0\0\0\x05ID\0\0\0\x0a\0\x01\x7f\xff\xff\xff',
  ].map((text) => Buffer.from(text, 'latin1')),
  delivery: { objectKey: KEY },
  texts: ['1|a\n', '2|b\n'],
  secrets: [SECRET],
});

/** A client that notes what is asked of it. */
function recordingSql(columns: readonly string[] = []) {
  const statements: string[] = [];
  const servers: SqlServer[] = [];
  let data = '';
  const sql: SqlClient = {
    run(server, work) {
      servers.push(server);
      return work({
        query: async (text) => {
          statements.push(text);
          return { columns, rows: [] };
        },
        copyIn: async (text, pieces) => {
          statements.push(text);
          for (const piece of pieces) data += Buffer.from(piece).toString();
        },
      });
    },
  };
  return { sql, statements, servers, data: () => data };
}

async function attemptWith(
  settings: Settings,
  options: { texts?: readonly string[]; load?: 'copy' | 'copy-from-stdin'; columns?: readonly string[] } = {},
) {
  const recording = recordingSql(options.columns);
  const store = await newLake();
  const destination = createRedshiftDestination(
    settings,
    partsWith(store, {
      sql: recording.sql,
      endpoints: options.load === undefined ? NO_ENDPOINTS : mapped(5432, options.load),
      refusesAddress: isForbiddenAddress,
    }),
  );
  const delivery = deliveryOf(options.texts ?? ['1|a\n'], { objectKey: KEY });
  const outcome = await destination.attempt(delivery, new AbortController().signal);
  return { ...recording, outcome, store };
}

describe('The Redshift destination', () => {
  it('puts the object, writes a manifest and copies by it', async () => {
    const settings = settingsWith({ DataTableColumns: 'Id, "Na""me"', CopyOptions: " JSON 'auto' gzip" });
    const { outcome, statements, servers, store } = await attemptWith(settings);
    assert.deepEqual(outcome, { kind: 'done', refused: [] });
    const key = 'in/manifests/2016/02/25/13/stream-1-2016-02-25-13-00-00-uuid';
    assert.deepEqual(statements, [
      `COPY "clicks" ("id", "Na""me") FROM 's3://lake/${key}' CREDENTIALS 'aws_iam_role=${ROLE}' MANIFEST JSON 'auto' gzip;`,
    ]);
    assert.deepEqual(JSON.parse(Buffer.from((await store.get('lake', key)).body).toString()), {
      entries: [{ url: `s3://lake/${KEY}`, mandatory: true }],
    });
    assert.equal(Buffer.from((await store.get('lake', KEY)).body).toString(), '1|a\n');
    const { host, port, database, user, tls, refusesAddress } = servers[0]!;
    assert.deepEqual([host, port, database, user, tls], [HOST, 5439, 'dev', 'millrace', 'required']);
    assert.equal(refusesAddress, isForbiddenAddress);
  });

  it('tries COPY every five minutes for its duration, and then leaves the manifest below errors/', async () => {
    const store = await newLake();
    let puts = 0;
    const { put } = store;
    store.put = (...given) => {
      puts++;
      return put.apply(store, given);
    };
    const time = createSimulatedClock(Date.UTC(2016, 1, 25, 13, 55));
    const refusing: SqlClient = { run: () => Promise.reject(new SqlError('refused', 'x', '42P01')) };
    const destination = createRedshiftDestination(
      settingsWith({}, { RetryOptions: { DurationInSeconds: 700 } }),
      partsWith(store, { sql: refusing, clock: time }),
    );
    const delivery = deliveryOf(['1|a\n'], { objectKey: KEY });
    const pauses: (number | undefined)[] = [];
    for (;;) {
      const outcome = await destination.attempt(delivery, new AbortController().signal);
      if (outcome.kind === 'left') {
        assert.equal(outcome.error.code, 'Redshift.TableNotFound');
        break;
      }
      assert.ok(outcome.kind === 'retry');
      pauses.push(outcome.afterMs);
      await time.advance(outcome.afterMs!);
    }
    assert.deepEqual(pauses, [300_000, 300_000, 100_000]);
    // The object once, a manifest for each attempt, and that of the error.
    assert.equal(puts, 1 + 4 + 1);
    const left = await store.get(
      'lake',
      'in/errors/manifests/2016/02/25/14/stream-1-2016-02-25-13-00-00-uuid',
    );
    assert.deepEqual(JSON.parse(Buffer.from(left.body).toString()), {
      entries: [{ url: `s3://lake/${KEY}`, mandatory: true }],
    });
  });

  it('goes on with its duration after a restart, which forgets that the object is put', async () => {
    const time = createSimulatedClock(Date.UTC(2016, 1, 25, 13, 55));
    const refusing: SqlClient = { run: () => Promise.reject(new SqlError('refused', 'x', '42P01')) };
    const destination = createRedshiftDestination(
      settingsWith({}, { RetryOptions: { DurationInSeconds: 700 } }),
      partsWith(await newLake(), { sql: refusing, clock: time }),
    );
    const { signal } = new AbortController();
    const before = deliveryOf(['1|a\n'], { objectKey: KEY });
    await destination.attempt(before, signal);
    await time.advance(300_000);
    await destination.attempt(before, signal);
    await time.advance(3_600_000);
    const delivery = deliveryOf(['1|a\n'], { objectKey: KEY, kept: before.kept });
    const outcome = await destination.attempt(delivery, signal);
    assert.equal(outcome.kind === 'retry' && outcome.afterMs, 100_000);
    await time.advance(100_000);
    assert.equal((await destination.attempt(delivery, signal)).kind, 'left');
  });

  it('leaves the manifest at once when it is to try once only', async () => {
    const refusing: SqlClient = { run: () => Promise.reject(new SqlError('broken', 'x')) };
    const destination = createRedshiftDestination(
      settingsWith({}, { RetryOptions: { DurationInSeconds: 0 } }),
      partsWith(lake, { sql: refusing }),
    );
    const delivery = deliveryOf(['1|a\n'], { objectKey: KEY });
    const outcome = await destination.attempt(delivery, new AbortController().signal);
    assert.equal(outcome.kind, 'left');
  });

  it('lets no name and no option become a statement', async () => {
    const bad: readonly (readonly [Partial<Settings['CopyCommand']>, string])[] = [
      [{ DataTableName: 'clicks; DROP TABLE x' }, 'TableNotFound'],
      [{ DataTableName: 'clicks"' }, 'TableNotFound'],
      [{ DataTableName: 'a.b.c.d' }, 'TableNotFound'],
      [{ DataTableName: 'clicks -- ' }, 'TableNotFound'],
      [{ DataTableColumns: 'a, b) FROM x' }, 'ColumnNotFound'],
      [{ DataTableColumns: 'a,,b' }, 'ColumnNotFound'],
      [{ CopyOptions: 'CSV; DROP TABLE x' }, 'SyntaxError'],
      [{ CopyOptions: 'CSV -- x' }, 'SyntaxError'],
      [{ CopyOptions: 'CSV /* x */' }, 'SyntaxError'],
      [{ CopyOptions: "NULL AS '\\'; DROP TABLE x; --'" }, 'SyntaxError'],
      [{ CopyOptions: "NULL 'x" }, 'SyntaxError'],
    ];
    for (const [command, code] of bad) {
      const { outcome, statements } = await attemptWith(settingsWith(command));
      assert.ok(
        outcome.kind === 'retry' && outcome.error.code === `Redshift.${code}`,
        JSON.stringify(command),
      );
      assert.deepEqual(statements, []);
    }
    const { statements } = await attemptWith(
      settingsWith({ DataTableName: ' Shop."Click ""s"".x" ', CopyOptions: "NULL AS 'it''s'" }),
    );
    assert.match(statements[0]!, /^COPY "shop"\."Click ""s""\.x" FROM .* MANIFEST NULL AS 'it''s';$/);
  });

  it('sends the rows themselves where it is told to', async () => {
    const load = 'copy-from-stdin';
    const plain = await attemptWith(settingsWith(), { load, texts: ['1|a\\b\n', '\\N|c\n'] });
    assert.deepEqual(plain.statements, [
      String.raw`COPY "clicks" FROM STDIN WITH (FORMAT text, DELIMITER '|', NULL '\\N')`,
    ]);
    assert.equal(plain.data(), '1|a\\\\b\n\\\\N|c\n');
    assert.equal(plain.servers[0]!.host, '127.0.0.1');
    const escaped = await attemptWith(
      settingsWith({ CopyOptions: String.raw`ESCAPE DELIMITER AS '\t' GZIP` }),
      {
        load,
        texts: ['1\ta\\\\b\n'],
      },
    );
    assert.deepEqual(escaped.statements, [
      String.raw`COPY "clicks" FROM STDIN WITH (FORMAT text, DELIMITER '	', NULL '\N')`,
    ]);
    assert.equal(escaped.data(), '1\ta\\\\b\n');
    const csv = await attemptWith(
      settingsWith({
        DataTableColumns: 'a,b',
        CopyOptions: "format as csv quote as '%' emptyasnull region 'us-east-1'",
      }),
      { load },
    );
    assert.deepEqual(csv.statements, [
      `COPY "clicks" ("a", "b") FROM STDIN WITH (FORMAT csv, DELIMITER ',', QUOTE '%', NULL '')`,
    ]);
  });

  it('makes rows of JSON for the columns of the table, digit by digit', async () => {
    const options = { load: 'copy-from-stdin', columns: ['id', 'name', 'more'] } as const;
    const json = await attemptWith(settingsWith({ CopyOptions: "JSON 'auto' TIMEFORMAT 'auto'" }), {
      ...options,
      texts: [
        '{"id":12345678901234567890,"name":"a\\tb\\\\c\\n","more":{"x":[1.50,true]},"other":1}',
        '{"ID":1}{"id":2} {"name":null}\n',
      ],
    });
    assert.deepEqual(json.statements, [
      'SELECT * FROM "clicks" LIMIT 0',
      'COPY "clicks" ("id", "name", "more") FROM STDIN WITH (FORMAT text)',
    ]);
    assert.deepEqual(json.data().split('\n'), [
      String.raw`12345678901234567890	a\tb\\c\n	{"x":[1.50,true]}`,
      String.raw`\N	\N	\N`,
      String.raw`2	\N	\N`,
      String.raw`\N	\N	\N`,
      '',
    ]);
    const settings = settingsWith({ DataTableColumns: 'id', CopyOptions: "JSON 'auto ignorecase'" });
    assert.equal((await attemptWith(settings, { ...options, texts: ['{"ID":1}'] })).data(), '1\n');
    for (const text of ['no', '[1]', '{"id":1}}', '{"id":', '7']) {
      const { outcome } = await attemptWith(settings, { ...options, texts: [text] });
      assert.ok(outcome.kind === 'retry' && outcome.error.code === 'Redshift.DataLoadFailed', text);
    }
  });

  it('says which options PostgreSQL cannot be given', async () => {
    for (const CopyOptions of [
      "JSON 's3://lake/paths.json'",
      'CSV IGNOREHEADER 1',
      'TRUNCATECOLUMNS',
      'MAXERROR 10',
      'CSV ESCAPE',
      "JSON 'auto' DELIMITER ','",
      "TIMEFORMAT 'YYYY'",
      "'text'",
      "FIXEDWIDTH '1:2'",
    ]) {
      const { outcome, statements } = await attemptWith(settingsWith({ CopyOptions }), {
        load: 'copy-from-stdin',
      });
      assert.ok(
        outcome.kind === 'retry' && outcome.error.code === 'Redshift.IncorrectCopyOptions',
        CopyOptions,
      );
      assert.match(outcome.error.message, /PostgreSQL cannot be given/);
      assert.deepEqual(statements, []);
    }
  });

  it("names failures by AWS's codes, and quotes neither records nor the password", async () => {
    const cases: readonly (readonly [string, string, string])[] = [
      ['28P01', `no ${SECRET}`, 'Redshift.AuthenticationFailed'],
      ['3D000', 'x', 'Redshift.DatabaseNotFound'],
      ['42P01', 'x', 'Redshift.TableNotFound'],
      ['42703', 'x', 'Redshift.ColumnNotFound'],
      ['42601', 'x', 'Redshift.SyntaxError'],
      ['42501', 'x', 'Redshift.InsufficientPrivilege'],
      ['22P02', 'invalid: "data of a record"', 'Redshift.DataLoadFailed'],
      ['23505', 'key (data of a record)', 'Redshift.DataLoadFailed'],
      ['23502', 'x', 'Redshift.MissingColumn'],
      ['53100', 'x', 'Redshift.DiskFull'],
      [
        'XX000',
        "Load into table 'x' failed. Check 'stl_load_errors' system table",
        'Redshift.DataLoadFailed',
      ],
      ['XX000', 'S3ServiceException:Access Denied,Status 403', 'Redshift.S3BucketAccessDenied'],
      ['XX000', 'User arn:… is not authorized to assume IAM Role', 'Redshift.AccessDenied'],
      [
        'XX000',
        'The S3 bucket must be addressed using the specified endpoint',
        'Redshift.IncorrectOrMissingRegion',
      ],
      ['XX000', 'Number of jsonpaths and the number of columns should match', 'Redshift.ColumnMismatch'],
      ['XX000', 'Invalid JSONPath format', 'Redshift.IncorrectJsonPathsFile'],
      ['XX000', 'The specified S3 prefix does not exist', 'Redshift.MissingS3File'],
      ['XX000', 'conflicting or redundant options', 'Redshift.IncorrectCopyOptions'],
      ['XX000', 'cluster is in resize mode', 'Redshift.ReadOnlyCluster'],
      ['XX000', 'something', 'InternalError'],
    ];
    for (const [state, text, code] of cases) {
      const destination = createRedshiftDestination(
        settingsWith(),
        partsWith(lake, { sql: { run: () => Promise.reject(new SqlError('refused', text, state)) } }),
      );
      const outcome = await destination.attempt(
        deliveryOf(['x'], { objectKey: KEY }),
        new AbortController().signal,
      );
      assert.ok(outcome.kind === 'retry');
      assert.equal(outcome.error.code, code, text);
      assert.doesNotMatch(outcome.error.message, /data of a record|password-of/);
    }
  });

  it('tells of a bucket that is missing', async () => {
    const { sql, statements } = recordingSql();
    const destination = createRedshiftDestination(
      settingsWith(),
      partsWith(createMemoryObjectStore(clock), { sql }),
    );
    const outcome = await destination.attempt(
      deliveryOf(['x'], { objectKey: KEY }),
      new AbortController().signal,
    );
    assert.ok(outcome.kind === 'retry' && outcome.error.code === 'S3.NoSuchBucket');
    assert.deepEqual(statements, []);
  });
});
