import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { NO_ENDPOINTS } from '../config/endpoints.ts';
import { createRealHost } from '../host/real/host.ts';
import type { Call } from '../wire/shape/operation.ts';
import { FunctionFailure } from './functions.ts';
import { createFunctionPool, type FunctionPool } from './local/function-pool.ts';
import { openFunctionStore, type FunctionStore } from './local/function-store.ts';
import { openFunctions } from './open-functions.ts';

const host = createRealHost();
const WHERE = { account: '123456789012', region: 'us-east-1' };
const arnOf = (name: string): string => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;
const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const parsed = (payload: Uint8Array): Record<string, unknown> =>
  JSON.parse(Buffer.from(payload).toString()) as Record<string, unknown>;

describe('local functions', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'millrace-functions-'));
  // A data directory is often reached by a link, and permissions are asked for where it leads.
  const directory = path.join(folder, 'link');
  mkdirSync(path.join(folder, 'there'));
  symlinkSync('there', directory);
  const lines: string[] = [];
  let store: FunctionStore;
  let pool: FunctionPool;
  let hasty: FunctionPool;
  before(async () => {
    store = await openFunctionStore(host.disk, directory);
    const onLine = (_: unknown, line: string): void => void lines.push(line);
    const parts = { ...host, processes: host.functionProcesses, onLine, memoryMb: 64 };
    pool = createFunctionPool(parts);
    hasty = createFunctionPool({ ...parts, timeoutMs: 1500 });
  });
  after(async () => {
    await pool[Symbol.asyncDispose]();
    await hasty[Symbol.asyncDispose]();
    host.http.close();
    rmSync(folder, { recursive: true });
  });

  async function invoke(
    name: string,
    code: string,
    event: unknown = {},
    signal?: AbortSignal,
    chosen = pool,
  ) {
    const local = await store.add({ ...WHERE, name }, Buffer.from(code));
    const answer = await chosen.invoke(local, arnOf(name), json(event), signal);
    return { kind: answer.kind, answer: parsed(answer.payload) };
  }

  it('answer, of an async handler and of one that is not, and keep their process', async () => {
    const code =
      'let calls = 0; export const handler = async (event, context) => ({ event, calls: ++calls, arn: context.invokedFunctionArn });';
    const expected = { event: { a: 'é' }, calls: 1, arn: arnOf('echo') };
    assert.deepEqual(await invoke('echo', code, { a: 'é' }), { kind: 'ok', answer: expected });
    assert.equal((await invoke('echo', code)).answer['calls'], 2);
    const plain = 'export function handler(event) { return [event.a]; }';
    assert.deepEqual(await invoke('plain', plain, { a: 1 }), { kind: 'ok', answer: [1] as never });
    assert.deepEqual(await invoke('nothing', 'export const handler = () => {};'), {
      kind: 'ok',
      answer: null as never,
    });
  });

  it('take and give whole payloads', async () => {
    const code = 'export const handler = ({ text }) => ({ text: text + text.slice(0, 1) });';
    const text = 'x'.repeat(5_000_000);
    assert.equal(((await invoke('big', code, { text })).answer['text'] as string).length, text.length + 1);
    const long = await invoke('long', 'export const handler = () => "x".repeat(7_000_000);');
    assert.deepEqual(
      [long.kind, long.answer['errorType']],
      ['function-error', 'Function.ResponseSizeTooLarge'],
    );
  });

  it('tell what they threw, in the form of Lambda', async () => {
    const { kind, answer } = await invoke(
      'throws',
      'export const handler = async () => { throw new TypeError("no good"); };',
    );
    assert.equal(kind, 'function-error');
    assert.deepEqual([answer['errorType'], answer['errorMessage']], ['TypeError', 'no good']);
    assert.equal((answer['trace'] as string[])[0], 'TypeError: no good');
  });

  for (const [what, code, errorType] of [
    ['no handler', 'export const other = 1;', 'Runtime.HandlerNotFound'],
    ['a fault of syntax', 'export const handler = (', 'Runtime.UserCodeSyntaxError'],
    [
      'an import that is not there',
      'import "no-such-package"; export const handler = () => 1;',
      'Runtime.ImportModuleError',
    ],
    ['an end in the middle', 'export const handler = () => process.exit(7);', 'Runtime.ExitError'],
    [
      'an error that nobody awaits',
      'export const handler = () => new Promise(() => { Promise.reject(new Error("x")); });',
      'Runtime.ExitError',
    ],
    ['a loop without end', 'export const handler = () => { for (;;); };', 'Sandbox.Timedout'],
    [
      'a promise that is never kept',
      'export const handler = () => new Promise(() => setInterval(() => {}, 1000));',
      'Sandbox.Timedout',
    ],
    [
      'a heap without end',
      'export const handler = () => { const kept = []; for (;;) kept.push({ a: kept.length }); };',
      'Runtime.ExitError',
    ],
    [
      'buffers without end',
      'export const handler = async () => { const kept = []; for (;;) { kept.push(Buffer.alloc(10_000_000, 1)); await new Promise((r) => setTimeout(r, 10)); } };',
      'Runtime.ExitError',
    ],
  ] as const) {
    it(`survive ${what}, and work again with a better module`, async () => {
      const { kind, answer } = await invoke(
        'bad',
        code,
        {},
        undefined,
        errorType === 'Sandbox.Timedout' ? hasty : pool,
      );
      assert.deepEqual([kind, answer['errorType']], ['function-error', errorType], JSON.stringify(answer));
      assert.deepEqual((await invoke('bad', 'export const handler = () => "good";')).answer, 'good' as never);
    });
  }

  it('may read no other file, write none, and reach no network, process or thread', async () => {
    const code = `
      import fs from 'node:fs'; import net from 'node:net'; import cp from 'node:child_process';
      import workers from 'node:worker_threads';
      export async function handler() {
        const tries = {
          read: () => fs.readFileSync('/etc/hostname'), list: () => fs.readdirSync('..'),
          data: () => fs.readdirSync(new URL('.', import.meta.url)), write: () => fs.writeFileSync('x', 'y'),
          spawn: () => cp.spawnSync('id').error, worker: () => new workers.Worker('1', { eval: true }),
          kill: () => process.kill(process.ppid, 0), debug: () => process._debugProcess(process.ppid),
          environment: () => { if (Object.keys(process.env).some((name) => /PATH|HOME|MILLRACE/.test(name))) return 1; throw new Error('empty'); },
          connect: () => new Promise((resolve, reject) => net.connect(9, '127.0.0.1').on('connect', resolve).on('error', ({ code }) => code === 'ECONNREFUSED' ? resolve() : reject(new Error(code)))),
        };
        const allowed = [];
        for (const [name, attempt] of Object.entries(tries)) {
          try { await attempt(); allowed.push(name); } catch {}
        }
        return allowed;
      }`;
    // Node 24 has no permission for the network yet.
    const expected = process.allowedNodeEnvironmentFlags.has('--allow-net') ? [] : ['connect'];
    assert.deepEqual((await invoke('curious', code)).answer, expected as never);
  });

  it('work at once, a bounded number of processes, and the rest in turn', async () => {
    const local = await store.add(
      { ...WHERE, name: 'pids' },
      Buffer.from(
        'export const handler = async () => { await new Promise((r) => setTimeout(r, 20)); return process.pid; };',
      ),
    );
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => pool.invoke(local, arnOf('pids'), json({}))),
    );
    const pids = new Set(answers.map(({ payload }) => Buffer.from(payload).toString()));
    assert.ok(pids.size > 1 && pids.size <= 4, `${pids.size} processes`);
  });

  it('are ended when nobody waits any more', async () => {
    const stop = new AbortController();
    const waiting = invoke(
      'slow',
      'console.log("it began"); export const handler = () => { for (;;); };',
      {},
      stop.signal,
    );
    while (!lines.includes('it began')) await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error('enough'));
    await assert.rejects(waiting, { message: 'enough' });
  });

  it('print into the log, so much and no more', async () => {
    await invoke(
      'loud',
      'export const handler = () => { for (let i = 0; i < 1000; i++) console.log("loud " + i); };',
    );
    await invoke(
      'loud',
      'export const handler = () => { for (let i = 0; i < 1000; i++) console.log("loud " + i); };',
    );
    const loud = lines.filter((line) => line.startsWith('loud'));
    assert.ok(loud.length > 0 && loud.length <= 100);
  });

  it('are there after a restart, one of each name', async () => {
    await store.add({ ...WHERE, name: 'twice' }, Buffer.from('export const handler = () => 1;'));
    await store.add({ ...WHERE, name: 'twice' }, Buffer.from('export const handler = () => 2;'));
    const again = await openFunctionStore(host.disk, directory);
    assert.deepEqual(
      again.list(WHERE.account, WHERE.region).map(({ name, hash }) => [name, hash]),
      store.list(WHERE.account, WHERE.region).map(({ name, hash }) => [name, hash]),
    );
    const files = readdirSync(path.join(directory, WHERE.account, WHERE.region));
    assert.equal(files.filter((file) => file.startsWith('twice.')).length, 1);
    assert.ok(await again.remove({ ...WHERE, name: 'twice' }));
    assert.equal(await again.remove({ ...WHERE, name: 'twice' }), false);
  });

  it('are added, listed and removed by operations', async () => {
    const place = path.join(directory, 'service');
    await using opened = await openFunctions({
      host,
      endpoints: NO_ENDPOINTS,
      directory: place,
      onLine: () => {},
    });
    const { functions, service } = opened;
    const call = { caller: { account: WHERE.account }, region: WHERE.region } as Call;
    assert.match(functions.unavailable(arnOf('op'))!, /function add/);
    await assert.rejects(functions.invoke(arnOf('op'), json({})), {
      code: 'ResourceNotFoundException',
      retryable: false,
    });
    const Code = Buffer.from('export const handler = () => "op";');
    const added = await service.handlers.AddFunction({ FunctionName: 'op', Code }, call);
    assert.equal(added.FunctionArn, arnOf('op'));
    assert.deepEqual((await service.handlers.ListFunctions({}, call)).Functions, [added]);
    assert.equal(functions.unavailable(`${arnOf('op')}:live`), undefined);
    assert.deepEqual(parsed((await functions.invoke(`${arnOf('op')}:$LATEST`, json({}))).payload), 'op');
    await service.handlers.RemoveFunction({ FunctionName: 'op' }, call);
    assert.throws(() => {
      throw functions.unavailable(arnOf('op'))!;
    });
    await assert.rejects(async () => service.handlers.RemoveFunction({ FunctionName: 'op' }, call), {
      code: 'ResourceNotFoundException',
    });
  });
});

describe('a Lambda endpoint', () => {
  const seen: { readonly request: IncomingMessage; readonly body: string }[] = [];
  let answer: { status?: number; headers?: Record<string, string>; body: string } = { body: '{}' };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      seen.push({ request, body });
      response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
    });
  });
  before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  after(() => {
    host.http.close();
    server.close();
  });

  async function invoke(arn: string, credentials = true) {
    const { port } = server.address() as AddressInfo;
    const endpoint = {
      url: `http://127.0.0.1:${port}`,
      certificateAuthority: undefined,
      region: 'us-east-1',
      credentials: credentials
        ? { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: undefined }
        : undefined,
    };
    const endpoints = { ...NO_ENDPOINTS, functions: new Map([['*', endpoint]]) };
    await using opened = await openFunctions({ host, endpoints, directory: undefined, onLine: () => {} });
    assert.equal(opened.functions.unavailable(arn), undefined);
    return opened.functions.invoke(arn, json({ a: 1 }));
  }

  it('is asked as Lambda is', async () => {
    answer = { body: '{"records":[]}' };
    const { kind, payload } = await invoke(`${arnOf('transform')}:live`);
    assert.deepEqual([kind, parsed(payload)], ['ok', { records: [] }]);
    const { request, body } = seen.at(-1)!;
    assert.equal(request.method, 'POST');
    assert.equal(request.url, '/2015-03-31/functions/transform/invocations?Qualifier=live');
    assert.equal(body, '{"a":1}');
    assert.equal(request.headers['x-amz-invocation-type'], 'RequestResponse');
    assert.equal(request.headers['x-amz-log-type'], 'None');
    assert.match(
      request.headers.authorization!,
      /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/us-east-1\/lambda\/aws4_request, SignedHeaders=/,
    );
    await invoke(arnOf('transform'), false);
    assert.equal(seen.at(-1)!.request.headers.authorization, undefined);
    assert.equal(seen.at(-1)!.request.url, '/2015-03-31/functions/transform/invocations');
  });

  it('tells by a header that the function failed', async () => {
    answer = { headers: { 'X-Amz-Function-Error': 'Unhandled' }, body: '{"errorMessage":"no"}' };
    assert.equal((await invoke(arnOf('f'))).kind, 'function-error');
  });

  for (const [status, headers, body, code, retryable] of [
    [
      404,
      { 'x-amzn-ErrorType': 'ResourceNotFoundException' },
      '{"Message":"Function not found","Type":"User"}',
      'ResourceNotFoundException',
      false,
    ],
    [
      429,
      {},
      '{"__type":"com.amazonaws#TooManyRequestsException:x","message":"Rate"}',
      'TooManyRequestsException',
      true,
    ],
    [429, {}, 'busy', 'TooManyRequestsException', true],
    [500, { 'x-amzn-errortype': 'ServiceException:http://x' }, '{}', 'ServiceException', true],
    [502, {}, '<html>', 'Http502', true],
    [403, {}, '{"__type":"AccessDeniedException"}', 'AccessDeniedException', false],
    [302, { location: 'http://127.0.0.1:9/' }, 'null', 'Http302', false],
  ] as const) {
    it(`refuses with status ${status}: ${code}`, async () => {
      answer = { status, headers, body };
      await assert.rejects(invoke(arnOf('f')), (error: FunctionFailure) => {
        assert.ok(error instanceof FunctionFailure);
        assert.deepEqual([error.code, error.retryable], [code, retryable]);
        return true;
      });
    });
  }
});
