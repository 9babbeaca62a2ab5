import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { assemble } from '../../src/assemble.ts';
import { createApiClient } from '../../src/cli/client/api-client.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { createRealHost } from '../../src/host/real/host.ts';
import { createLog } from '../../src/logging.ts';

const ROLE = 'arn:aws:iam::000000000000:role/firehose';
const MODULE = `
export async function handler({ records }) {
  return { records: records.map(({ recordId, data }) => {
    const event = JSON.parse(Buffer.from(data, 'base64'));
    if (event.kind === 'noise') return { recordId, result: 'Dropped' };
    if (event.kind === 'bad') return { recordId, result: 'ProcessingFailed', data };
    const made = JSON.stringify({ ...event, seen: true });
    return { recordId, result: 'Ok', data: Buffer.from(made).toString('base64'), metadata: { partitionKeys: { team: 'red' } } };
  }) };
}`;

/** Every object of a bucket below `folder`, by its key without what is different at each run. */
function objectsIn(folder: string): ReadonlyMap<string, string> {
  const objects = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const bytes = readFileSync(file);
    const text = (entry.name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
    const key = path.relative(folder, path.dirname(file));
    objects.set(key, (objects.get(key) ?? '') + text);
  }
  return objects;
}

test('records go through de-aggregation, a module, jq and a delimiter into the objects of their partitions', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'millrace-transform-'));
  try {
    const flags = ['--port', '0', '--data', folder, '--state-duration-ms', '10', '--limits', 'none'];
    const config = readConfig(flags, {}, () => '');
    const { logger } = createLog('silent', process.stdout);
    await using server = await assemble({ config, host: createRealHost(), logger, version: '0.0.0' });
    const endpoint = new URL(`http://127.0.0.1:${server.port}`);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: undefined };
    const common = { endpoint, credentials, region: 'us-east-1' };
    const own = createApiClient({ ...common, service: 'millrace', targetPrefix: 'Millrace_20261123' });
    const firehose = createApiClient({ ...common, service: 'firehose', targetPrefix: 'Firehose_20150804' });

    const Code = Buffer.from(MODULE).toString('base64');
    const { FunctionArn } = await own.call<{ FunctionArn: string }>('AddFunction', {
      FunctionName: 'mark',
      Code,
    });
    await own.call('CreateBucket', { Bucket: 'lake' });
    const processor = (Type: string, parameters: Record<string, string>) => ({
      Type,
      Parameters: Object.entries(parameters).map(([ParameterName, ParameterValue]) => ({
        ParameterName,
        ParameterValue,
      })),
    });
    await firehose.call('CreateDeliveryStream', {
      DeliveryStreamName: 'clicks',
      ExtendedS3DestinationConfiguration: {
        RoleARN: ROLE,
        BucketARN: 'arn:aws:s3:::lake',
        Prefix: 'team=!{partitionKeyFromLambda:team}/user=!{partitionKeyFromQuery:user}/',
        ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
        BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 1 },
        CompressionFormat: 'GZIP',
        DynamicPartitioningConfiguration: { Enabled: true },
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [
            processor('RecordDeAggregation', { SubRecordType: 'JSON' }),
            processor('Lambda', {
              LambdaArn: FunctionArn,
              BufferSizeInMBs: '1',
              BufferIntervalInSeconds: '1',
            }),
            processor('MetadataExtraction', {
              MetadataExtractionQuery: '{user: .user}',
              JsonParsingEngine: 'JQ-1.6',
            }),
            processor('AppendDelimiterToRecord', { Delimiter: '\\n' }),
          ],
        },
      },
    });
    for (;;) {
      const { DeliveryStreamDescription } = await firehose.call<{
        DeliveryStreamDescription: { DeliveryStreamStatus: string };
      }>('DescribeDeliveryStream', { DeliveryStreamName: 'clicks' });
      if (DeliveryStreamDescription.DeliveryStreamStatus === 'ACTIVE') break;
    }
    const events = [
      '{"user":"a","n":1}{"user":"b","n":2}',
      '{"kind":"noise","user":"a"}\n{"user":"a","n":3}\n',
      '{"kind":"bad","user":"a"}',
      '{"n":4}',
    ];
    await firehose.call('PutRecordBatch', {
      DeliveryStreamName: 'clicks',
      Records: events.map((event) => ({ Data: Buffer.from(event).toString('base64') })),
    });

    const bucket = path.join(folder, 'objects', 'lake');
    const deadlineMs = performance.now() + 20_000;
    let objects: ReadonlyMap<string, string> = new Map();
    while (objects.size < 4 && performance.now() < deadlineMs) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      objects = objectsIn(bucket);
    }
    assert.equal(
      objects.get('team=red/user=a'),
      '{"user":"a","n":1,"seen":true}\n{"user":"a","n":3,"seen":true}',
    );
    assert.equal(objects.get('team=red/user=b'), '{"user":"b","n":2,"seen":true}');
    const failed = JSON.parse(objects.get('errors/processing-failed')!) as Record<string, unknown>;
    assert.equal(failed['errorCode'], 'Lambda.ProcessingFailedStatus');
    assert.equal(failed['lambdaARN'], FunctionArn);
    assert.equal(Buffer.from(failed['rawData'] as string, 'base64').toString(), events[2]);
    const keyless = JSON.parse(objects.get('errors/metadata-extraction-failed')!) as Record<string, unknown>;
    assert.equal(keyless['errorMessage'], 'partitionKeys values must not be null or empty');
    assert.equal(Buffer.from(keyless['rawData'] as string, 'base64').toString(), events[3]);
    own.close();
    firehose.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
