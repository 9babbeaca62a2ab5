import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { HeadParser, mayBecomeHead } from './http1-head.ts';
import { HeadPieces } from './http1-head-reader.ts';
import { HEADERS_TOO_LARGE, MALFORMED } from './transport-error.ts';

function parse(text: string, parser = new HeadParser(), over = false) {
  const bytes = Buffer.from(`junk${text}more`, 'latin1');
  return parser.parse(bytes, 4, bytes.length - 4, over);
}

test('a parser that remembers the lines before understands each head as a fresh one does', () => {
  const dice = createSimulatedDice(5);
  const pick = <T>(from: readonly T[]): T => from[dice.integer(from.length)]!;
  const parser = new HeadParser();
  for (let round = 0; round < 2000; round += 1) {
    const line = pick([
      'POST / HTTP/1.1',
      'POST / HTTP/1.0',
      'POST /a HTTP/1.1',
      'GET / HTTP/1.1',
      'POST / HTTP/1.12',
    ]);
    const headers = Array.from({ length: dice.integer(5) }, () =>
      pick([
        'host: a',
        'Host: a',
        'host: ab',
        'host:a',
        'x-a: 1',
        'content-length: 1',
        'content-length: 12',
        'bad',
        'bad: \x00',
        `long: ${'l'.repeat(4096)}`,
      ]),
    );
    const text = `${[line, 'host: h', ...headers].join('\r\n')}\r\n\r\n`;
    assert.deepEqual(parse(text, parser), parse(text), JSON.stringify(text));
  }
});

test('a head that becomes the next one is as a fresh one', () => {
  const dice = createSimulatedDice(6);
  const pick = <T>(from: readonly T[]): T => from[dice.integer(from.length)]!;
  const parser = new HeadParser();
  const usual = ['X-A', 'x-b', 'x-d'];
  let again = 0;
  let last: unknown;
  for (let round = 0; round < 5000; round += 1) {
    const names = [...usual];
    if (dice.integer(4) === 0) {
      names[dice.integer(names.length)] = pick([
        'x-a',
        'X-B',
        'host',
        'X-c',
        'a:b',
        'expect',
        'content-length',
        'connection',
      ]);
    }
    const odd = dice.integer(9) === 0 ? ['\0', 'close', '4:4', ''] : [];
    const lines = names.map(
      (name) => `${name}:${pick([' ', '', '\t'])}${pick(['1', '1', '1', '22 ', ...odd])}`,
    );
    if (dice.integer(10) === 0) lines.splice(dice.integer(lines.length), 1);
    if (dice.integer(10) === 0) lines.push(pick(['x-d: 1', 'x-a: 1', 'bad', `long: ${'l'.repeat(4096)}`]));
    const line = dice.integer(12) === 0 ? 'GET / HTTP/1.1' : 'POST / HTTP/1.1';
    const text = `${[line, 'Host: h', ...lines].join('\r\n')}\r\n\r\n`;
    const head = parse(text, parser, true);
    assert.deepEqual(head, parse(text), JSON.stringify(text));
    if (head === last) again += 1;
    last = 'method' in head ? head : undefined;
  }
  assert.ok(again > 100, `${again} heads became the next`);
});

test('what a head says of its connection, its body and what it expects', () => {
  const said = (line: string, version = '1.1') => {
    const head = parse(`POST / HTTP/${version}\r\nhost: a\r\n${line}\r\n\r\n`);
    assert.ok('method' in head);
    return head;
  };
  assert.equal(said('a: b').keepAlive, true);
  assert.equal(said('Connection: Foo, CLOSE ').keepAlive, false);
  assert.equal(said('connection: closed').keepAlive, true);
  assert.equal(said('a: b', '1.0').keepAlive, false);
  assert.equal(said('connection: keep-alive', '1.0').keepAlive, true);
  assert.equal(said('content-length: 007').bodyBytes, 7);
  assert.equal(said('transfer-encoding: chunked').bodyBytes, undefined);
  assert.equal(said('expect: 100-Continue').expects, 'continue');
  assert.equal(said('expect: 100-continued').expects, 'unknown');
  assert.equal(said('expect: 100-continue', '1.0').expects, 'nothing');
});

test('only HTTP/1.0 and 1.1, with a host in 1.1, and no more than a thousand headers', () => {
  for (const version of ['HTTP/0.9', 'HTTP/2.0', 'RTSP/1.0', 'HTTP/1.1 ', 'http/1.1', ''])
    assert.equal(parse(`GET / ${version}\r\nhost: a\r\n\r\n`), MALFORMED, version);
  assert.equal(parse('GET / HTTP/1.1\r\n\r\n'), MALFORMED);
  assert.ok('method' in parse('GET / HTTP/1.0\r\n\r\n'));
  assert.ok('method' in parse(`GET / HTTP/1.1\r\nhost: a\r\n${'a:\r\n'.repeat(999)}\r\n`));
  assert.equal(parse(`GET / HTTP/1.1\r\nhost: a\r\n${'a:\r\n'.repeat(1000)}\r\n`), HEADERS_TOO_LARGE);
});

test('what cannot become a head is known before its end', () => {
  const may = (text: string) => mayBecomeHead(Buffer.from(text, 'latin1'), 0, text.length);
  for (const text of ['P', 'POST', 'POST /', 'GET / HTTP/1.1\r', 'M-SEARCH / HTTP/1.1\r\na: \xff\t'])
    assert.ok(may(text), text);
  for (const text of ['\0', 'post', 'POSTER', 'HELLO ', 'GET / HTTP/1.1\n', 'GET / HTTP/1.1\ra', 'GET /\x7f'])
    assert.ok(!may(text), text);
});

test('a head that comes in pieces is gathered, and what follows it is left', () => {
  const text = Buffer.from('GET / HTTP/1.1\r\nhost: a\r\n\r\nGET');
  for (let cut = 1; cut < text.length - 3; cut += 1) {
    const pieces = new HeadPieces();
    assert.equal(pieces.take(text.subarray(0, cut), 0, 1000), cut);
    const complete = cut === text.length - 3;
    assert.equal(pieces.complete, complete);
    assert.equal(pieces.take(text.subarray(cut), 0, 1000), text.length - 3 - cut);
    assert.ok(pieces.complete);
    assert.equal(pieces.whole().toString(), text.subarray(0, -3).toString());
    assert.equal(pieces.length, 0);
  }
});
