import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { PassThrough, type Duplex } from 'node:stream';
import { test } from 'node:test';
import { Http1Input } from './http1-input.ts';

/** Whether a chunk still has its memory after it was looked at and forgotten. */
function keeps(socket: Duplex, chunk: Buffer, use: (input: Http1Input) => void = () => {}): boolean {
  const { buffer } = chunk;
  const before = buffer.byteLength;
  const input = new Http1Input(socket);
  input.add(chunk);
  use(input);
  input.at = chunk.length;
  input.clear();
  assert.ok(input.empty);
  return buffer.byteLength === before;
}

const LARGE_BYTES = 64 * 1024;
const whole = (bytes: number): Buffer => Buffer.from(new ArrayBuffer(bytes));

test('the memory of large chunks of a socket is given back, and nothing else', () => {
  const socket = new Socket();
  assert.equal(keeps(socket, whole(LARGE_BYTES)), false);
  assert.equal(keeps(socket, whole(1000)), true);
  assert.equal(keeps(socket, whole(LARGE_BYTES).subarray(1)), true);
  assert.equal(keeps(new PassThrough(), whole(LARGE_BYTES)), true);
  assert.equal(
    keeps(socket, whole(LARGE_BYTES), (input) => input.lend()),
    true,
  );
});

test('what was lent is kept, and the chunk after it is not', () => {
  const socket = new Socket();
  const input = new Http1Input(socket);
  const lent = whole(LARGE_BYTES);
  input.add(lent);
  input.lend();
  input.at = lent.length;
  input.clear();
  const next = whole(LARGE_BYTES);
  input.add(next);
  input.at = next.length;
  input.clear();
  assert.equal(lent.length, LARGE_BYTES);
  assert.equal(next.length, 0);
});
