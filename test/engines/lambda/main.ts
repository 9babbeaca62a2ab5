/** Functions at a Lambda API of others. moto runs no code here: it gives back the event, or the answers that it was told to give. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { NO_ENDPOINTS } from '../../../src/config/endpoints.ts';
import { createProcessing } from '../../../src/firehose/processing/create-processing.ts';
import { FunctionFailure } from '../../../src/functions/functions.ts';
import { openFunctions, type OpenFunctions } from '../../../src/functions/open-functions.ts';
import { createRealHost } from '../../../src/host/real/host.ts';
import { told } from '../told.ts';

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:transform';
const host = createRealHost();
const url = told('MOTO_URL');

async function tellMoto(path: string, body: object): Promise<void> {
  const answer = await fetch(`${url}/moto-api/${path}`, { method: 'POST', body: JSON.stringify(body) });
  assert.equal(answer.status, 201);
}

describe("moto's Lambda", () => {
  let opened: OpenFunctions;
  before(async () => {
    const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret', sessionToken: undefined };
    const endpoint = { url, certificateAuthority: undefined, region: 'us-east-1', credentials };
    const endpoints = { ...NO_ENDPOINTS, functions: new Map([['*', endpoint]]) };
    opened = await openFunctions({ host, endpoints, directory: undefined, onLine: () => {} });
  });
  after(async () => {
    await opened[Symbol.asyncDispose]();
    host.http.close();
  });

  it('has no such function', async () => {
    await assert.rejects(opened.functions.invoke(ARN, Buffer.from('{}')), (error: FunctionFailure) => {
      assert.ok(error instanceof FunctionFailure);
      assert.equal(error.retryable, false);
      return true;
    });
  });

  it('is given the event as it is, with a version and without', async () => {
    await tellMoto('config', { lambda: { use_docker: false } });
    const event = Buffer.from('{"records":["é",1]}');
    for (const arn of [ARN, `${ARN}:$LATEST`, `${ARN}:live`]) {
      const { kind, payload } = await opened.functions.invoke(arn, event);
      assert.deepEqual([kind, Buffer.from(payload).toString()], ['ok', event.toString()]);
    }
  });

  it('transforms records', async () => {
    const ids = [1, 2].map((position) => `${String(position).padStart(56, '0')}000000`);
    const records = [
      { recordId: ids[0], result: 'Ok', data: Buffer.from('made').toString('base64') },
      { recordId: ids[1], result: 'ProcessingFailed', data: '' },
    ];
    const results = [JSON.stringify({ records })];
    await tellMoto('static/lambda-simple/response', {
      results,
      region: 'us-east-1',
      account_id: '123456789012',
    });
    const processing = createProcessing(
      {
        processing: {
          Enabled: true,
          Processors: [{ Type: 'Lambda', Parameters: [{ ParameterName: 'LambdaArn', ParameterValue: ARN }] }],
        },
        partitionedBy: undefined,
      },
      {
        ...host,
        functions: opened.functions,
        deliveryStream: {
          arn: 'arn:aws:firehose:us-east-1:123456789012:deliverystream/clicks',
          region: 'us-east-1',
        },
        source: {
          kinesisStreamArn: undefined,
          sequenceNumber: (_, position) => String(position).padStart(56, '0'),
        },
      },
    );
    const incoming = [1, 2].map((position) => ({
      ...{
        unit: 'u',
        position,
        sub: 0,
        arrivalMs: 1_795_521_600_000,
        data: Buffer.from(`record ${position}`),
      },
    }));
    const { records: out, failed } = await processing.process(
      incoming,
      () => false,
      new AbortController().signal,
    );
    assert.deepEqual(
      out.map(({ data }) => Buffer.from(data).toString()),
      ['made'],
    );
    assert.deepEqual(
      failed.map(({ code }) => code),
      ['Lambda.ProcessingFailedStatus'],
    );
  });
});
