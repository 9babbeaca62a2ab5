/** The protocol at its edges, byte for byte: what is answered when a request is hardly one. */
import { isDeepStrictEqual } from 'node:util';
import { encode as encodeCbor } from 'cborg';
import type { Case } from '../case.ts';
import {
  CBOR_TYPE,
  JSON_TYPE,
  operationRequest,
  type Client,
  type RawAnswer,
  type RawRequest,
} from '../client.ts';

const LIST = 'Kinesis_20131202.ListStreams';
const DENIED_XML =
  '<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be authorized</Message>\n</AccessDeniedException>\n';

type Expected = { readonly status: number; readonly type?: string; readonly body: string | Uint8Array };

function edge(name: string, request: RawRequest, expected: Expected): Case {
  return {
    name: `protocol: ${name}`,
    covers: ['behaviour:8'],
    run: async ({ client }) => {
      const answer = await client.send(request);
      const wanted = Buffer.from(expected.body);
      if (answer.status !== expected.status || !answer.body.equals(wanted))
        throw new Error(
          `expected ${expected.status} with the bytes\n  ${shown(wanted)}\ngot ${answer.status}\n  ${shown(answer.body)}`,
        );
      if (expected.type !== undefined && answer.headers['content-type'] !== expected.type)
        throw new Error(`expected content-type ${expected.type}, got ${answer.headers['content-type']}`);
      expectIds(answer);
    },
  };
}

function expectIds({ headers }: RawAnswer): void {
  const id = String(headers['x-amzn-requestid']);
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw new Error(`x-amzn-RequestId is ${id}`);
  const second = String(headers['x-amz-id-2']);
  if (!/^[A-Za-z0-9+/]{96}$/.test(second)) throw new Error(`x-amz-id-2 is ${second}`);
}

function shown(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  return /^[\x20-\x7e\n]*$/.test(text) ? JSON.stringify(text) : bytes.toString('hex');
}

/** The service writes maps of indefinite length. */
const typed = (type: string): Uint8Array =>
  Buffer.concat([Buffer.from([0xbf]), encodeCbor('__type'), encodeCbor(type), Buffer.from([0xff])]);
const headers = (type: string | undefined, target: string | undefined): Record<string, string> => ({
  ...(type === undefined ? {} : { 'content-type': type }),
  ...(target === undefined ? {} : { 'x-amz-target': target }),
});

const unsigned = (name: string, request: RawRequest, code: string, message: string): Case => ({
  name: `protocol: ${name}`,
  covers: ['behaviour:8'],
  run: async ({ client }) => {
    const answer = await client.send(request);
    const body = answer.body.toString();
    const wanted = JSON.stringify({ __type: code, message });
    if (answer.status !== 400 || body !== wanted)
      throw new Error(`expected 400\n  ${wanted}\ngot ${answer.status}\n  ${body}`);
  },
});

const listing = (changes: RawRequest = {}): RawRequest => ({
  ...operationRequest('ListStreams', {}, 'json'),
  ...changes,
});
const spoilt = (change: (headers: Record<string, string>) => void): RawRequest =>
  listing({
    sign: (signed) => {
      change(signed);
      return signed;
    },
  });

export function protocolCases(): Case[] {
  return [
    edge('GET', { method: 'GET' }, { status: 403, body: DENIED_XML }),
    edge(
      'PUT with a body',
      { method: 'PUT', body: '{}', headers: headers(JSON_TYPE, LIST) },
      { status: 403, body: DENIED_XML },
    ),
    edge(
      'no body, JSON, known operation',
      { headers: headers(JSON_TYPE, LIST) },
      { status: 400, type: JSON_TYPE, body: '{"__type":"SerializationException"}' },
    ),
    edge(
      'no body, JSON, unknown operation',
      { headers: headers(JSON_TYPE, 'Kinesis_20131202.Nothing') },
      { status: 400, type: JSON_TYPE, body: '{"__type":"UnknownOperationException"}' },
    ),
    edge(
      'no body, CBOR',
      { headers: headers(CBOR_TYPE, LIST) },
      { status: 400, type: CBOR_TYPE, body: typed('SerializationException') },
    ),
    edge(
      'no body, no content type',
      { headers: headers(undefined, LIST) },
      { status: 400, type: CBOR_TYPE, body: typed('SerializationException') },
    ),
    edge(
      'no body, no target',
      {},
      { status: 400, type: CBOR_TYPE, body: typed('UnknownOperationException') },
    ),
    edge(
      'a body of another type, no target',
      { body: '{}', headers: headers('text/plain', undefined) },
      { status: 403, body: DENIED_XML },
    ),
    edge(
      'a body of another type',
      { body: '{}', headers: headers('text/plain', LIST) },
      { status: 404, body: '<UnknownOperationException/>\n' },
    ),
    edge(
      'JSON that does not parse',
      { body: '{"a', headers: headers(JSON_TYPE, LIST) },
      { status: 400, type: JSON_TYPE, body: '{"__type":"SerializationException"}' },
    ),
    edge(
      'JSON that is no object',
      { body: '"hello"', headers: headers(JSON_TYPE, LIST) },
      { status: 400, type: JSON_TYPE, body: '{"__type":"SerializationException"}' },
    ),
    edge(
      'CBOR that does not parse',
      { body: Buffer.from('a1', 'hex'), headers: headers(CBOR_TYPE, LIST) },
      { status: 400, type: CBOR_TYPE, body: typed('SerializationException') },
    ),
    edge(
      'an unknown operation',
      { body: '{}', headers: headers(JSON_TYPE, 'Kinesis_20131202.Nothing') },
      { status: 400, type: JSON_TYPE, body: '{"__type":"UnknownOperationException"}' },
    ),
    edge(
      'an unknown service',
      { body: '{}', headers: headers(JSON_TYPE, 'Nothing_20131202.ListStreams') },
      { status: 400, type: JSON_TYPE, body: '{"__type":"UnknownOperationException"}' },
    ),
    edge(
      'no target',
      { body: '{}', headers: headers(JSON_TYPE, undefined) },
      { status: 400, type: JSON_TYPE, body: '{"__type":"UnknownOperationException"}' },
    ),
    edge(
      'application/json',
      { body: '{}', headers: headers('application/json', LIST) },
      {
        status: 404,
        type: 'application/json',
        body: '{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}',
      },
    ),
    edge(
      'application/json that does not parse',
      { body: '{', headers: headers('application/json', LIST) },
      {
        status: 400,
        type: 'application/json',
        body: '{"Output":{"__type":"com.amazon.coral.service#SerializationException"},"Version":"1.0"}',
      },
    ),
    unsigned(
      'no signature',
      listing({ sign: false }),
      'MissingAuthenticationTokenException',
      'Missing Authentication Token',
    ),
    unsigned(
      'a signature in header and query',
      listing({ target: '/?X-Amz-Algorithm=AWS4-HMAC-SHA256' }),
      'InvalidSignatureException',
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    ),
    unsigned(
      'an empty Authorization header',
      listing({
        sign: false,
        headers: { ...headers(JSON_TYPE, LIST), authorization: 'AWS4-HMAC-SHA256 a=b' },
      }),
      'IncompleteSignatureException',
      "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. " +
        "Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. " +
        'Authorization=AWS4-HMAC-SHA256 a=b',
    ),
    unsigned(
      'an empty presigned query',
      listing({ sign: false, target: '/?X-Amz-Algorithm=AWS4-HMAC-SHA256' }),
      'IncompleteSignatureException',
      "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include 'X-Amz-Signature'. " +
        "AWS query-string parameters must include 'X-Amz-SignedHeaders'. AWS query-string parameters must include 'X-Amz-Date'. " +
        'Re-examine the query-string parameters.',
    ),
    {
      name: 'protocol: a signature of an hour ago',
      covers: ['behaviour:8'],
      run: async ({ client }) => {
        const answer = await client.send(listing({ date: new Date(Date.now() - 3_600_000) }));
        const body = JSON.parse(answer.body.toString()) as { __type: string; message: string };
        if (
          answer.status !== 400 ||
          body.__type !== 'InvalidSignatureException' ||
          !body.message.startsWith('Signature expired: ')
        )
          throw new Error(`got ${answer.status} ${answer.body.toString()}`);
      },
    },
    {
      name: 'protocol: an altered signature',
      covers: ['behaviour:8'],
      run: async ({ client, skip }) => {
        const answer = await client.send(
          spoilt(
            (signed) =>
              (signed['authorization'] = String(signed['authorization']).replace(/.{64}$/, '0'.repeat(64))),
          ),
        );
        // An endpoint that takes any key has no secret to check a signature against.
        if (answer.status === 200) skip('signatures are not verified here');
        const body = JSON.parse(answer.body.toString()) as { __type: string; message: string };
        if (answer.status !== 400 || body.__type !== 'InvalidSignatureException')
          throw new Error(`got ${answer.status} ${answer.body.toString()}`);
      },
    },
    {
      name: 'protocol: CORS preflight',
      covers: ['behaviour:8'],
      run: async ({ client }) => {
        const answer = await client.send({
          method: 'OPTIONS',
          sign: false,
          headers: {
            origin: client.options.url.origin,
            'access-control-request-headers': 'x-amz-target',
            'access-control-request-method': 'POST',
          },
        });
        expectHeaders(answer, {
          'access-control-allow-origin': '*',
          'access-control-allow-headers': 'x-amz-target',
          'access-control-allow-methods': 'POST',
          'access-control-max-age': '172800',
        });
        if (answer.status !== 200 || answer.body.length > 0)
          throw new Error(`got ${answer.status} with ${answer.body.length} bytes`);
      },
    },
    {
      name: 'protocol: CORS headers of an answer',
      covers: ['behaviour:8'],
      run: async ({ client }) => {
        const answer = await client.send(
          listing({ headers: { ...headers(JSON_TYPE, LIST), origin: client.options.url.origin } }),
        );
        expectHeaders(answer, {
          'access-control-allow-origin': '*',
          'access-control-expose-headers':
            'x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,x-amzn-ErrorMessage,Date',
        });
      },
    },
    {
      name: 'protocol: JSON and CBOR say the same',
      covers: ['op:DescribeStreamSummary', 'behaviour:8', 'behaviour:21'],
      run: async ({ client, streams }) => {
        const name = await streams.shared();
        const json = await summary(client, name, 'json');
        const cbor = await summary(client, name, 'cbor');
        const created = json['StreamCreationTimestamp'] as number;
        const inCbor = cbor['StreamCreationTimestamp'] as Date;
        if (Math.abs(created * 1000 - inCbor.getTime()) >= 1000)
          throw new Error(`created ${created} in JSON and ${inCbor.toISOString()} in CBOR`);
        const rest = { StreamCreationTimestamp: 0 };
        if (!isDeepStrictEqual({ ...json, ...rest }, { ...cbor, ...rest }))
          throw new Error('JSON and CBOR answers differ');
      },
    },
    {
      name: 'protocol: an error in CBOR',
      covers: ['op:DescribeStreamSummary', 'behaviour:8'],
      run: async ({ client }) => {
        const answer = await client.send(
          operationRequest('DescribeStreamSummary', { StreamName: 'conformance-none' }, 'cbor'),
        );
        if (answer.headers['content-type'] !== CBOR_TYPE)
          throw new Error(`content-type is ${answer.headers['content-type']}`);
        const failure = await client.failure(
          'DescribeStreamSummary',
          { StreamName: 'conformance-none' },
          'cbor',
        );
        if (failure.code !== 'ResourceNotFoundException') throw new Error(`got ${failure.code}`);
      },
    },
  ];
}

async function summary(
  client: Client,
  name: string,
  protocol: 'json' | 'cbor',
): Promise<Record<string, unknown>> {
  const output = await client.call('DescribeStreamSummary', { StreamName: name }, protocol);
  return output['StreamDescriptionSummary'] as Record<string, unknown>;
}

function expectHeaders(answer: RawAnswer, expected: Record<string, string>): void {
  for (const [name, value] of Object.entries(expected)) {
    if (answer.headers[name] !== value)
      throw new Error(`expected ${name}: ${value}, got ${answer.headers[name]}`);
  }
}
