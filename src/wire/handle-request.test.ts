import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode as decodeCbor } from 'cborg';
import { ByteBudget } from '../base/byte-budget.ts';
import { createSimulatedClock } from '../host/simulated/clock.ts';
import { createSimulatedDice } from '../host/simulated/dice.ts';
import { type RoadParts, type Served, createHandleRequest } from './handle-request.ts';
import type { WireRequest, WireResponse } from './message.ts';
import { type Handler, type Service, operation } from './shape/operation.ts';
import { ServiceError } from './shape/service-error.ts';
import {
  blob,
  eventStream,
  integer,
  list,
  optional,
  required,
  string,
  structure,
  timestamp,
} from './shape/shape.ts';

const Grind = operation({
  name: 'Grind',
  action: 'mill:Grind',
  resources: (input) => [`arn:aws:mill:::${input.Grain}`],
  input: structure('GrindInput', {
    Grain: required(string({ min: 1, max: 8 })),
    Turns: optional(integer({ min: 1 })),
    At: optional(timestamp()),
  }),
  output: structure('GrindOutput', { Flour: optional(string()), At: optional(timestamp()) }),
  errors: ['JammedException'],
});
const Stop = operation({
  name: 'Stop',
  action: 'mill:Stop',
  resources: () => ['*'],
  input: structure('StopInput', {}),
  output: structure('StopOutput', {}),
  errors: [],
});
const Fetch = operation({
  name: 'Fetch',
  action: 'mill:Fetch',
  resources: () => ['*'],
  input: structure('FetchInput', {}),
  output: structure('FetchOutput', { Sacks: required(list(blob())) }),
  errors: [],
});
const Watch = operation({
  name: 'Watch',
  action: 'mill:Watch',
  resources: () => ['*'],
  input: structure('WatchInput', {}),
  output: structure('WatchOutput', {
    Stream: required(
      eventStream('Turns', { Turn: optional(structure('Turn', { Count: required(integer()) })) }),
    ),
  }),
  errors: [],
});
const operations = { Grind, Stop, Fetch, Watch };
type Mill = Service<typeof operations>;

type Road = {
  readonly send: (request?: Partial<Sent>) => Promise<WireResponse & { readonly text: string }>;
  readonly failures: unknown[];
  readonly answers: Served[];
  readonly served: unknown[][];
  readonly budget: ByteBudget;
  readonly steps: string[];
};
type Sent = {
  method: string;
  target: string;
  type: string;
  body: string | Uint8Array;
  headers: Record<string, string>;
  signal: AbortSignal;
};

const MIB = 1024 * 1024;

function road(handlers: Partial<Mill['handlers']> = {}, changed: Partial<RoadParts> = {}): Road {
  const failures: unknown[] = [];
  const answers: Served[] = [];
  const served: unknown[][] = [];
  const steps: string[] = [];
  const clock = createSimulatedClock();
  const budget = new ByteBudget({
    bytesMax: 32 * MIB,
    timer: (delayMs, callback) => clock.timer(delayMs, callback),
  });
  const grind: Handler<typeof Grind> = (input) => {
    steps.push('operation');
    return { Flour: `${input.Grain} flour`, At: input.At };
  };
  const service: Mill = {
    targetPrefix: 'Mill_20260101',
    signingName: 'mill',
    operations,
    handlers: {
      Grind: grind,
      Stop: () => ({}),
      Fetch: () => ({ Sacks: [Buffer.from('sack')] }),
      Watch: () => ({ Stream: turns() }),
      ...handlers,
    },
  };
  const handle = createHandleRequest({
    services: [service],
    authenticate: () => {
      steps.push('authenticate');
      return {
        caller: { account: '000000000000', arn: 'arn:aws:iam::000000000000:root', accessKeyId: 'AKID' },
        region: 'us-east-1',
        service: 'mill',
      };
    },
    authorize: (_caller, action, resources) => {
      steps.push(`authorize ${action} ${resources.join()}`);
    },
    dice: createSimulatedDice(1),
    clock,
    budget,
    onFailure: (error) => failures.push(error),
    onAnswer: (answer) => answers.push(answer),
    onServed: (...call) => served.push(call),
    ...changed,
  });
  const send: Road['send'] = async ({
    method = 'POST',
    target = 'Mill_20260101.Grind',
    type = 'application/x-amz-json-1.1',
    body = '{"Grain":"rye"}',
    headers = {},
    signal = new AbortController().signal,
  } = {}) => {
    const named = {
      ...(type === '' ? {} : { 'content-type': type }),
      ...(target === '' ? {} : { 'x-amz-target': target }),
    };
    const request: WireRequest = {
      method,
      target: '/',
      headers: new Map(Object.entries({ ...named, ...headers })),
      body: Buffer.from(body as string),
      loopback: true,
      httpVersion: '1.1',
      secure: false,
      signal,
    };
    const response = await handle(request);
    const text = response.body instanceof Uint8Array ? Buffer.from(response.body).toString() : '';
    return { ...response, text };
  };
  return { send, failures, answers, served, budget, steps };
}

async function* turns(): AsyncGenerator<{ Turn: { Count: number } }> {
  yield { Turn: { Count: 1 } };
  yield { Turn: { Count: 2 } };
}

const UNDETERMINED =
  '<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be authorized</Message>\n</AccessDeniedException>\n';

test('a call goes the whole road and is answered in its own protocol', async () => {
  const { send, steps, answers, served } = road();
  const response = await send({ body: '{"Grain":"rye","At":1.441215410867E9}' });
  assert.equal(response.status, 200);
  assert.equal(response.text, '{"Flour":"rye flour","At":1.441215410867E9}');
  assert.equal(response.headers['content-type'], 'application/x-amz-json-1.1');
  assert.match(
    response.headers['x-amzn-requestid']!,
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  assert.match(response.headers['x-amz-id-2']!, /^[A-Za-z0-9+/]{96}$/);
  assert.deepEqual(steps, ['authenticate', 'authorize mill:Grind arn:aws:mill:::rye', 'operation']);
  assert.deepEqual(answers, [
    {
      requestId: response.headers['x-amzn-requestid'],
      service: 'mill',
      operation: 'Grind',
      status: 200,
      errorCode: undefined,
      account: '000000000000',
      durationMs: 0,
      requestBytes: 37,
      responseBytes: response.text.length,
    },
  ]);
  assert.deepEqual(served, [['mill', 'Grind', 200, 0, response.text.length]]);
  const older = await send({ type: 'application/x-amz-json-1.0; charset=utf-8' });
  assert.equal(older.headers['content-type'], 'application/x-amz-json-1.0');
});

test('CBOR is answered in CBOR, errors too', async () => {
  const { send } = road();
  const type = 'application/x-amz-cbor-1.1';
  const response = await send({ type, body: Buffer.from('bf65477261696e63727965ff', 'hex') });
  assert.equal(response.headers['content-type'], type);
  assert.equal(
    Buffer.from(response.body as Uint8Array).toString('hex'),
    'bf65466c6f757269727965 20666c6f7572ff'.replace(' ', ''),
  );
  const refused = await send({ type, body: Buffer.from('a0', 'hex') });
  assert.equal(refused.status, 400);
  assert.deepEqual(decodeCbor(refused.body as Uint8Array), {
    __type: 'ValidationException',
    message:
      "1 validation error detected: Value null at 'grain' failed to satisfy constraint: Member must not be null",
  });
});

test('an operation whose output has no members is answered without a body', async () => {
  const response = await road().send({ target: 'Mill_20260101.Stop', body: '{}' });
  assert.equal(response.status, 200);
  assert.equal(response.text, '');
  assert.equal(response.headers['content-type'], 'application/x-amz-json-1.1');
});

test('what does not name an operation in a known protocol is refused as by AWS', async () => {
  const json = 'application/x-amz-json-1.1';
  const cbor = 'application/x-amz-cbor-1.1';
  const unknown = '{"__type":"UnknownOperationException"}';
  const unreadable = '{"__type":"SerializationException"}';
  const cases: [Partial<Sent>, number, string | undefined, string][] = [
    [{ method: 'GET', body: '' }, 403, undefined, UNDETERMINED],
    [{ method: 'PUT' }, 403, undefined, UNDETERMINED],
    [{ method: 'OPTIONS', body: '' }, 403, undefined, UNDETERMINED],
    [{ method: 'HEAD', body: '' }, 403, undefined, ''],
    [{ target: 'Mill_20260101.Bake' }, 400, json, unknown],
    [{ target: 'Other_20260101.Grind' }, 400, json, unknown],
    [{ target: 'Mill_20260101.toString' }, 400, json, unknown],
    [{ target: 'Mill_20260101.Grind.More' }, 400, json, unknown],
    [{ target: 'Grind' }, 400, json, unknown],
    [{ target: '' }, 400, json, unknown],
    [{ body: '' }, 400, json, unreadable],
    [{ body: '', target: '' }, 400, json, unknown],
    [{ type: 'text/plain' }, 404, undefined, '<UnknownOperationException/>\n'],
    [{ type: '' }, 404, undefined, '<UnknownOperationException/>\n'],
    [{ type: 'text/plain', target: '' }, 403, undefined, UNDETERMINED],
    [{ type: 'text/plain', target: 'Grind' }, 403, undefined, UNDETERMINED],
    [
      { type: 'application/json' },
      404,
      'application/json',
      '{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}',
    ],
    [
      { type: 'application/json', body: '{' },
      400,
      'application/json',
      '{"Output":{"__type":"com.amazon.coral.service#SerializationException"},"Version":"1.0"}',
    ],
  ];
  for (const [request, status, type, body] of cases) {
    const { send, steps, served } = road();
    const response = await send(request);
    const told = JSON.stringify(request);
    assert.equal(response.status, status, told);
    assert.equal(response.headers['content-type'], type, told);
    assert.equal(response.text, body, told);
    assert.deepEqual([steps, served], [[], []], told);
  }
  for (const type of ['text/plain', cbor, '']) {
    const response = await road().send({ type, body: '' });
    assert.equal(response.headers['content-type'], cbor);
    assert.deepEqual(decodeCbor(response.body as Uint8Array), { __type: 'SerializationException' });
  }
});

test('checks come in order: authentication, types, constraints, authorization', async () => {
  const denied = new ServiceError(
    'AccessDeniedException',
    'User: u is not authorized to perform: mill:Grind',
  );
  const unsigned = new ServiceError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  const refuses = (error: Error) => () => {
    throw error;
  };
  const first = road({}, { authenticate: refuses(unsigned), authorize: refuses(denied) });
  assert.equal(
    (await first.send({ body: '{"Grain":' })).text,
    '{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}',
  );
  const second = road({}, { authorize: refuses(denied) });
  assert.equal((await second.send({ body: '{"Grain":' })).text, '{"__type":"SerializationException"}');
  assert.equal(
    (await second.send({ body: '{"Grain":1,"Turns":0}' })).text,
    '{"__type":"SerializationException","Message":"class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String"}',
  );
  assert.equal(
    (await second.send({ body: '{"Grain":"","Turns":0}' })).text,
    '{"__type":"ValidationException","message":"2 validation errors detected: ' +
      "Value '' at 'grain' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
      "Value '0' at 'turns' failed to satisfy constraint: Member must have value greater than or equal to 1\"}",
  );
  assert.equal(
    (await second.send()).text,
    '{"__type":"AccessDeniedException","Message":"User: u is not authorized to perform: mill:Grind"}',
  );
  assert.deepEqual(second.steps.includes('operation'), false);
  assert.deepEqual(second.failures, []);
});

test('a signature for another service is refused', async () => {
  const authenticated = {
    caller: { account: '0', arn: 'a', accessKeyId: 'k' },
    region: 'r',
    service: 'kinesis',
  };
  const response = await road({}, { authenticate: () => authenticated }).send();
  assert.equal(
    response.text,
    '{"__type":"InvalidSignatureException","message":"Credential should be scoped to correct service: \'mill\'. "}',
  );
});

test('errors of the model are told, ours are hidden and reported', async () => {
  const told = road({
    Grind: () => Promise.reject(new ServiceError('JammedException', 'Stone "1" is jammed.')),
  });
  const jammed = await told.send();
  assert.deepEqual(
    [jammed.status, jammed.text],
    [400, '{"__type":"JammedException","message":"Stone \\"1\\" is jammed."}'],
  );
  assert.equal(told.answers[0]!.errorCode, 'JammedException');
  const bug = new TypeError('secret path /etc');
  const hidden = road({
    Grind: () => {
      throw bug;
    },
  });
  const failed = await hidden.send();
  assert.deepEqual([failed.status, failed.text], [500, '{"__type":"InternalFailure"}']);
  assert.deepEqual(hidden.failures, [bug]);
  assert.deepEqual([told.failures, hidden.answers[0]!.errorCode], [[], 'InternalFailure']);
});

test('browsers on other sites may ask', async () => {
  const { send } = road();
  const headers = {
    origin: 'http://example.org',
    'access-control-request-headers': 'x-amz-target,authorization',
    'access-control-request-method': 'POST',
  };
  const asked = await send({ method: 'OPTIONS', body: '', type: '', target: '', headers });
  const { 'x-amzn-requestid': requestId, ...rest } = asked.headers;
  assert.ok(requestId);
  assert.deepEqual(rest, {
    'access-control-allow-origin': '*',
    'access-control-allow-headers': 'x-amz-target,authorization',
    'access-control-allow-methods': 'POST',
    'access-control-max-age': '172800',
  });
  assert.deepEqual([asked.status, asked.text], [200, '']);
  const answered = await send({ headers });
  assert.equal(answered.headers['access-control-allow-origin'], '*');
  assert.equal(
    answered.headers['access-control-expose-headers'],
    'x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,x-amzn-ErrorMessage,Date',
  );
});

test('an answer that may be large holds bytes of the budget until it is written', async () => {
  const { send, budget } = road();
  const response = await send({ target: 'Mill_20260101.Fetch', body: '{}' });
  assert.equal(response.text, '{"Sacks":["c2Fjaw=="]}');
  assert.equal(budget.held, response.text.length);
  response.release!();
  assert.equal(budget.held, 0);
  const failing = road({ Fetch: () => Promise.reject(new ServiceError('JammedException', '')) });
  await failing.send({ target: 'Mill_20260101.Fetch', body: '{}' });
  assert.equal(failing.budget.held, 0);
});

test('without bytes in the budget the client is told to come again', async () => {
  const clock = createSimulatedClock();
  const budget = new ByteBudget({
    bytesMax: 32 * MIB,
    timer: (delayMs, callback) => clock.timer(delayMs, callback),
  });
  budget.take(28 * MIB);
  const { send, failures } = road({}, { budget });
  const answer = send({ target: 'Mill_20260101.Fetch', body: '{}' });
  await clock.advance(20_000);
  const { status, text } = await answer;
  assert.equal(status, 503);
  assert.equal(
    text,
    '{"__type":"ServiceUnavailable","message":"The request has failed due to a temporary failure of the server."}',
  );
  assert.deepEqual(failures, []);
});

test('a handler that gives up because the client went away is no bug', async () => {
  const gone = new AbortController();
  const { send, failures } = road({
    Grind: (_input, { signal }) => {
      gone.abort(new Error('gone'));
      signal.throwIfAborted();
      return {};
    },
    Watch: (_input, { signal }) => ({ Stream: untilGone(signal) }),
  });
  async function* untilGone(signal: AbortSignal): AsyncGenerator<{ Turn: { Count: number } }> {
    yield { Turn: { Count: 1 } };
    signal.throwIfAborted();
  }
  assert.equal((await send({ signal: gone.signal })).status, 503);
  const stream = await send({ target: 'Mill_20260101.Watch', body: '{}', signal: gone.signal });
  assert.equal((await messagesOf(stream)).length, 2);
  assert.deepEqual(failures, []);
});

async function messagesOf(response: WireResponse): Promise<string[]> {
  const messages: string[] = [];
  for await (const message of response.body as AsyncIterable<Uint8Array>) {
    messages.push(Buffer.from(message).toString('latin1').slice(12, -4));
  }
  return messages;
}

const header = (name: string, value: string): string =>
  `${String.fromCharCode(name.length)}${name}\u0007\0${String.fromCharCode(value.length)}${value}`;

test('events are messages after the initial response', async () => {
  const { send, served } = road();
  const response = await send({ target: 'Mill_20260101.Watch', body: '{}' });
  assert.equal(response.headers['content-type'], 'application/vnd.amazon.eventstream');
  const event = (type: string): string =>
    header(':message-type', 'event') +
    header(':event-type', type) +
    header(':content-type', 'application/json');
  assert.deepEqual(await messagesOf(response), [
    `${event('initial-response')}{}`,
    `${event('Turn')}{"Count":1}`,
    `${event('Turn')}{"Count":2}`,
  ]);
  assert.equal(served.length, 1);
});

test('a stream that fails ends with an exception', async () => {
  async function* failing(error: Error): AsyncGenerator<{ Turn: { Count: number } }> {
    yield { Turn: { Count: 1 } };
    throw error;
  }
  const ends = async (error: Error): Promise<[string, unknown[]]> => {
    const { send, failures } = road({ Watch: () => ({ Stream: failing(error) }) });
    const messages = await messagesOf(await send({ target: 'Mill_20260101.Watch', body: '{}' }));
    return [messages.at(-1)!, failures];
  };
  const exception = (type: string): string =>
    header(':message-type', 'exception') +
    header(':exception-type', type) +
    header(':content-type', 'application/json');
  assert.deepEqual(await ends(new ServiceError('JammedException', 'stone')), [
    `${exception('JammedException')}{"__type":"JammedException","message":"stone"}`,
    [],
  ]);
  const bug = new TypeError('secret');
  assert.deepEqual(await ends(bug), [
    `${exception('InternalFailureException')}{"__type":"InternalFailureException"}`,
    [bug],
  ]);
});

test('a client that goes away ends the stream', async () => {
  let ended = false;
  async function* endless(): AsyncGenerator<{ Turn: { Count: number } }> {
    try {
      for (;;) yield { Turn: { Count: 1 } };
    } finally {
      ended = true;
    }
  }
  const response = await road({ Watch: () => ({ Stream: endless() }) }).send({
    target: 'Mill_20260101.Watch',
    body: '{}',
  });
  let messages = 0;
  for await (const _ of response.body as AsyncIterable<Uint8Array>) {
    messages += 1;
    if (messages === 5) break;
  }
  assert.equal(ended, true);
});
