import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChunkedFraming, LengthFraming, type BodyFraming } from './body-framing.ts';

/** The body that `framing` finds in the pieces, and how much of the last was not its; undefined when it is refused. */
function read(framing: BodyFraming, pieces: readonly string[]) {
  let body = '';
  let rest = 0;
  for (const piece of pieces) {
    const bytes = Buffer.from(piece, 'latin1');
    let at = 0;
    while (at < bytes.length && !framing.done) {
      at = framing.next(bytes, at);
      if (at === -1) return undefined;
      if (framing.piece !== undefined) body += framing.piece.toString('latin1');
    }
    rest = bytes.length - at;
  }
  return { body, rest, done: framing.done };
}

test('a body of a known length ends after it', () => {
  assert.deepEqual(read(new LengthFraming(5), ['he', 'lloPOST']), { body: 'hello', rest: 4, done: true });
  assert.deepEqual(read(new LengthFraming(5), ['he']), { body: 'he', rest: 0, done: false });
});

test('chunks are the same however they are cut', () => {
  const text = '3\r\nabc\r\n00A;a=b;c="d;\\""\r\n0123456789\r\n0;z\r\nx: y\r\nz:\r\n\r\nPOST';
  const whole = { body: 'abc0123456789', rest: 4, done: true };
  assert.deepEqual(read(new ChunkedFraming(100), [text]), whole);
  assert.deepEqual(read(new ChunkedFraming(100), [...text.slice(0, -4)]), { ...whole, rest: 0 });
  for (let cut = 1; cut < text.length - 4; cut += 1)
    assert.deepEqual(read(new ChunkedFraming(100), [text.slice(0, cut), text.slice(cut)]), whole, `${cut}`);
});

test('extensions and trailers are bounded, of all chunks together', () => {
  const extended = (count: number) => `1;${'e'.repeat(999)}\r\nx\r\n`.repeat(count);
  assert.equal(read(new ChunkedFraming(100), [`${extended(16)}0\r\n\r\n`])?.done, true);
  assert.equal(read(new ChunkedFraming(100), [extended(17)]), undefined);
  assert.equal(read(new ChunkedFraming(100), [`1;${'e'.repeat(20_000)}`]), undefined);
  assert.equal(read(new ChunkedFraming(100), [`${'0'.repeat(33)}\r\n`]), undefined);
  assert.equal(read(new ChunkedFraming(100), [`0\r\n${'a: b\r\n'.repeat(15)}\r\n`])?.done, true);
  assert.equal(read(new ChunkedFraming(100), [`0\r\n${'a: b\r\n'.repeat(20)}\r\n`]), undefined);
  assert.equal(read(new ChunkedFraming(100), ['fffffffffffffffff\r\n']), undefined);
});
