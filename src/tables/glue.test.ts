/** The service as AWS's own SDK sees it, in a server that is assembled whole, and Firehose's look at its tables. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as sdk from '@aws-sdk/client-glue';
import {
  CreateDatabaseCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  DeleteTableCommand,
  GetDatabaseCommand,
  GetDatabasesCommand,
  GetTableCommand,
  GetTablesCommand,
  GetTableVersionCommand,
  GetTableVersionsCommand,
  GlueClient,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import {
  CreateDeliveryStreamCommand,
  type CreateDeliveryStreamCommandInput,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
} from '@aws-sdk/client-firehose';
import { assemble, type Server } from '../assemble.ts';
import { readConfig } from '../config/read-config.ts';
import { createRealHost } from '../host/real/host.ts';
import { createLog } from '../logging.ts';
import { linesOfSchema, linesOfShape, type Schema } from '../wire/shape/testing/sdk-lines.ts';
import { operations } from './service.ts';

let server: Server;
let glue: GlueClient;
let firehose: FirehoseClient;

before(async () => {
  const noFile = (): never => {
    throw new Error('no file');
  };
  const flags = ['--port', '0', '--durability', 'memory', '--state-duration-ms', '1', '--data', '/nowhere'];
  server = await assemble({
    config: readConfig(flags, {}, noFile),
    host: createRealHost(),
    logger: createLog('silent', process.stdout).logger,
    version: '0.0.0',
  });
  const options = {
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${server.port}`,
    credentials: { accessKeyId: '000000000000', secretAccessKey: 'x' },
    maxAttempts: 1,
  };
  glue = new GlueClient(options);
  firehose = new FirehoseClient(options);
});

after(async () => {
  glue.destroy();
  firehose.destroy();
  await server[Symbol.asyncDispose]();
});

const CLICKS = {
  Name: 'Clicks',
  TableType: 'EXTERNAL_TABLE',
  Parameters: { classification: 'json' },
  StorageDescriptor: {
    Columns: [
      { Name: 'page', Type: 'string' },
      { Name: 'at', Type: 'timestamp', Comment: 'when' },
    ],
    SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
  },
  PartitionKeys: [{ Name: 'day', Type: 'date' }],
};

async function refused(sent: Promise<unknown>, name: string, message: RegExp): Promise<void> {
  await assert.rejects(sent, (error: Error) => {
    assert.equal(error.name, name);
    assert.match(error.message, message);
    return true;
  });
}

test('every declared operation and member is one of the SDK', () => {
  const declared = new Set<string>();
  const known = new Set<string>();
  const lines = (schema: unknown): void => void linesOfSchema(schema as Schema, known);
  for (const { input, output } of Object.values(operations)) {
    linesOfShape(input, declared);
    linesOfShape(output, declared);
  }
  for (const schema of Object.values(sdk)) {
    if (!Array.isArray(schema) || schema[0] !== 9) continue;
    if (!Object.keys(operations).includes(schema[2] as string)) continue;
    lines(schema[4]);
    lines(schema[5]);
  }
  assert.ok(declared.size > 100 && known.size > declared.size);
  assert.deepEqual([...declared.difference(known)], []);
});

test('databases are made, found in any case, listed by pages and deleted with their tables', async () => {
  for (const Name of ['Web', 'a', 'b']) {
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name, Description: `of ${Name}` } }));
  }
  await refused(
    glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'WEB' } })),
    'AlreadyExistsException',
    /^Database already exists\.$/,
  );
  const { Database } = await glue.send(new GetDatabaseCommand({ Name: 'wEb' }));
  assert.ok(Database?.CreateTime instanceof Date);
  assert.deepEqual(
    { ...Database, CreateTime: undefined },
    {
      Name: 'web',
      Description: 'of Web',
      CatalogId: '000000000000',
      CreateTableDefaultPermissions: [
        { Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' }, Permissions: ['ALL'] },
      ],
      CreateTime: undefined,
    },
  );
  const first = await glue.send(new GetDatabasesCommand({ MaxResults: 2 }));
  assert.deepEqual(
    first.DatabaseList?.map(({ Name }) => Name),
    ['a', 'b'],
  );
  const second = await glue.send(new GetDatabasesCommand({ NextToken: first.NextToken }));
  assert.deepEqual(
    second.DatabaseList?.map(({ Name }) => Name),
    ['web'],
  );
  assert.equal(second.NextToken, undefined);
  await glue.send(new CreateTableCommand({ DatabaseName: 'a', TableInput: { Name: 't' } }));
  await glue.send(new DeleteDatabaseCommand({ Name: 'A' }));
  await glue.send(new DeleteDatabaseCommand({ Name: 'b' }));
  await refused(
    glue.send(new GetTableCommand({ DatabaseName: 'a', Name: 't' })),
    'EntityNotFoundException',
    /^Database a not found\.$/,
  );
  await refused(
    glue.send(new GetDatabaseCommand({ Name: 'web', CatalogId: '111111111111' })),
    'AccessDeniedException',
    /is not authorized/,
  );
  await refused(
    glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'x' }, Tags: { a: 'b' } })),
    'InvalidInputException',
    /Tags/,
  );
});

test('a table keeps its definition and each version of it', async () => {
  const place = { DatabaseName: 'web', Name: 'clicks' };
  await glue.send(new CreateTableCommand({ DatabaseName: 'web', TableInput: CLICKS }));
  await refused(
    glue.send(new CreateTableCommand({ DatabaseName: 'web', TableInput: CLICKS })),
    'AlreadyExistsException',
    /^Table already exists\.$/,
  );
  const { Table } = await glue.send(new GetTableCommand(place));
  assert.deepEqual(
    { ...Table, CreateTime: undefined, UpdateTime: undefined },
    {
      ...CLICKS,
      Name: 'clicks',
      DatabaseName: 'web',
      CatalogId: '000000000000',
      CreatedBy: 'arn:aws:iam::000000000000:root',
      IsRegisteredWithLakeFormation: false,
      Retention: 0,
      VersionId: '0',
      StorageDescriptor: {
        ...CLICKS.StorageDescriptor,
        Compressed: false,
        NumberOfBuckets: 0,
        SortColumns: [],
        StoredAsSubDirectories: false,
      },
      CreateTime: undefined,
      UpdateTime: undefined,
    },
  );
  const wider = {
    ...CLICKS,
    StorageDescriptor: { Columns: [...CLICKS.StorageDescriptor.Columns, { Name: 'user', Type: 'string' }] },
  };
  await refused(
    glue.send(new UpdateTableCommand({ DatabaseName: 'web', TableInput: wider, VersionId: '7' })),
    'ConcurrentModificationException',
    /the version is 0, not 7/,
  );
  await glue.send(new UpdateTableCommand({ DatabaseName: 'web', TableInput: wider, VersionId: '0' }));
  const updated = await glue.send(new GetTableCommand(place));
  assert.equal(updated.Table?.VersionId, '1');
  assert.equal(updated.Table?.StorageDescriptor?.Columns?.length, 3);
  const old = await glue.send(
    new GetTableVersionCommand({ DatabaseName: 'web', TableName: 'clicks', VersionId: '0' }),
  );
  assert.equal(old.TableVersion?.Table?.StorageDescriptor?.Columns?.length, 2);
  await glue.send(new UpdateTableCommand({ DatabaseName: 'web', TableInput: CLICKS, SkipArchive: true }));
  const page = await glue.send(
    new GetTableVersionsCommand({ DatabaseName: 'web', TableName: 'clicks', MaxResults: 1 }),
  );
  const rest = await glue.send(
    new GetTableVersionsCommand({
      DatabaseName: 'web',
      TableName: 'clicks',
      NextToken: page.NextToken,
    }),
  );
  assert.deepEqual(
    [...page.TableVersions!, ...rest.TableVersions!].map(({ VersionId }) => VersionId),
    ['2', '0'],
  );
  await refused(
    glue.send(new GetTableVersionCommand({ DatabaseName: 'web', TableName: 'clicks', VersionId: '1' })),
    'EntityNotFoundException',
    /^Table version 1 not found\.$/,
  );
});

test('tables are listed by their names, and an expression that is too clever is refused', async () => {
  for (const Name of ['visits', 'visitors', 'orders']) {
    await glue.send(new CreateTableCommand({ DatabaseName: 'web', TableInput: { Name } }));
  }
  const names = async (Expression?: string): Promise<(string | undefined)[]> => {
    const { TableList } = await glue.send(new GetTablesCommand({ DatabaseName: 'web', Expression }));
    return (TableList ?? []).map(({ Name }) => Name);
  };
  assert.deepEqual(await names(), ['clicks', 'orders', 'visitors', 'visits']);
  assert.deepEqual(await names('visit.*'), ['visitors', 'visits']);
  assert.deepEqual(await names('*s|x'), ['clicks', 'orders', 'visitors', 'visits']);
  assert.deepEqual(await names('Orders|clicks'), ['clicks', 'orders']);
  assert.deepEqual(await names('visit'), []);
  await refused(names('(a+)+b'), 'InvalidInputException', /is not served/);
  for (const Name of ['visits', 'visitors', 'orders']) {
    await glue.send(new DeleteTableCommand({ DatabaseName: 'web', Name }));
  }
  assert.deepEqual(await names(), ['clicks']);
  await refused(
    glue.send(new DeleteTableCommand({ DatabaseName: 'web', Name: 'orders' })),
    'EntityNotFoundException',
    /^Table orders not found\.$/,
  );
});

test('a conversion needs its table, with columns that can be written', async () => {
  const role = 'arn:aws:iam::000000000000:role/delivery';
  const create = async (TableName: string, VersionId?: string): Promise<void> => {
    const input: CreateDeliveryStreamCommandInput = {
      DeliveryStreamName: `to-${TableName}`,
      ExtendedS3DestinationConfiguration: {
        RoleARN: role,
        BucketARN: 'arn:aws:s3:::landing',
        DataFormatConversionConfiguration: {
          SchemaConfiguration: { RoleARN: role, DatabaseName: 'web', TableName, VersionId },
          InputFormatConfiguration: {
            Deserializer: { OpenXJsonSerDe: { ColumnToJsonKeyMappings: { at: 'timestamp' } } },
          },
          OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'GZIP' } } },
        },
      },
    };
    await firehose.send(new CreateDeliveryStreamCommand(input));
  };
  const notFound = /^The specified table\/database could not be found\./;
  await refused(create('nothing'), 'InvalidArgumentException', notFound);
  await refused(create('clicks', '1'), 'InvalidArgumentException', notFound);
  const odd = { Name: 'odd', StorageDescriptor: { Columns: [{ Name: 'u', Type: 'uniontype<int>' }] } };
  await glue.send(new CreateTableCommand({ DatabaseName: 'web', TableInput: odd }));
  await refused(create('odd'), 'InvalidArgumentException', /is not served by Millrace/);
  await create('clicks');
  const { DeliveryStreamDescription: described } = await firehose.send(
    new DescribeDeliveryStreamCommand({ DeliveryStreamName: 'to-clicks' }),
  );
  assert.deepEqual(
    described?.Destinations?.[0]?.ExtendedS3DestinationDescription?.DataFormatConversionConfiguration,
    {
      Enabled: true,
      SchemaConfiguration: { RoleARN: role, DatabaseName: 'web', TableName: 'clicks' },
      InputFormatConfiguration: {
        Deserializer: { OpenXJsonSerDe: { ColumnToJsonKeyMappings: { at: 'timestamp' } } },
      },
      OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'GZIP' } } },
    },
  );
});
