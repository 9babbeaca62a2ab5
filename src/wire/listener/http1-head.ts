/**
 * The head of an HTTP/1.1 request: its request line and headers. As strict as llhttp's strict mode, which other servers and
 * proxies use too, so that no two of them can take one connection for different requests; the test beside it compares
 * the two. Stricter where that costs no client anything: only HTTP/1.0 and 1.1, no RTSP.
 *
 * The clients of one connection send nearly the same lines again and again, so a parser remembers those of its last head:
 * a line that comes again in its place is neither checked nor cut again.
 */
import { METHODS } from 'node:http';
import { HEADERS_TOO_LARGE, MALFORMED, type TransportError } from './transport-error.ts';

export type RequestHead = {
  readonly method: string;
  readonly target: string;
  readonly version: '1.0' | '1.1';
  /** Lower-case names; the values of a repeated one are joined by commas. Values are latin1. */
  readonly headers: ReadonlyMap<string, string>;
  /** Of the body; undefined when it is chunked. */
  readonly bodyBytes: number | undefined;
  readonly keepAlive: boolean;
  readonly expects: 'nothing' | 'continue' | 'unknown';
};

type LastHead = { readonly headers: Map<string, string>; head: RequestHead; readonly runs: readonly Run[] };

/** Lines that lie together and stay the same; or one that changes, which has a name and begins with it and a colon. */
type Run = { readonly name: string | undefined; readonly begin: string; text: string };

type RequestLine = Pick<RequestHead, 'method' | 'target' | 'version'>;

/** Node passes no more on either. */
const HEADERS_MAX = 1000;
/** Larger heads are not remembered, so that an idle connection holds little. */
const REMEMBERED_BYTES_MAX = 4096;
const NAMES_MAX = 256;
/** A request has two or three lines that change. */
const CHANGING_MAX = 32;
/** What `understood` looks at. */
const FRAMING_NAMES: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'expect',
  'connection',
  'proxy-connection',
]);

const METHOD_NAMES: ReadonlySet<string> = new Set(METHODS);
/** A path, `*`, or an absolute URL; characters as in llhttp. */
const TARGET = /^(?:[/*][\x21-\x7e]*|[A-Za-z]+:\/\/(?:(?!@@)[!$-.0-;=@-[\]_a-z~])*(?:[/?][\x21-\x7e]*)?)$/;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const NOT_IN_A_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
const TAB_INSIDE = /\S.*\t/;
const DIGITS = /^\d+$/;
/** Node's own test for it. */
const CONTINUE = /(?:^|\W)100-continue(?:$|\W)/i;
const LENGTH_OVERFLOW = 2 ** 64;

/** Names as they were sent, checked, and in lower case. */
const names = new Map<string, string>();

export class HeadParser {
  #requestLine = '';
  #request: RequestLine | undefined;
  /** With the line's end. */
  #lines: string[] = [];
  #names: string[] = [];
  #values: string[] = [];
  /** Of lines that did not come again. */
  readonly #changing = new Set<string>();
  /** The last head, when all of it is remembered and none of its names came twice. */
  #last: LastHead | undefined;

  /**
   * The head lies between `start` and `end`, its empty line included. `over`: nobody looks at the heads before it any
   * more, and so what the last one became may become this one.
   */
  parse(bytes: Buffer, start: number, end: number, over = false): RequestHead | TransportError {
    const text = bytes.toString('latin1', start, end);
    return (over ? this.#parseAgain(text) : undefined) ?? this.#parseAnew(text);
  }

  /** Undefined when the head has other lines than the last one, but for the values of those that change. */
  #parseAgain(text: string): RequestHead | TransportError | undefined {
    const last = this.#last;
    if (last === undefined) return undefined;
    const { headers } = last;
    let at = 0;
    let framed = false;
    for (const run of last.runs) {
      if (isAt(text, at, run.text)) {
        at += run.text.length;
        continue;
      }
      const { name, begin } = run;
      if (name === undefined || !isAt(text, at, begin)) return undefined;
      const next = text.indexOf('\r\n', at) + 2;
      const value = withoutSpace(text, at + begin.length, next - 2);
      if (NOT_IN_A_VALUE.test(value)) return undefined;
      framed ||= FRAMING_NAMES.has(name);
      run.text = text.slice(at, next);
      headers.set(name, value);
      at = next;
    }
    if (at !== text.length - 2) return undefined;
    if (!framed) return last.head;
    const head = understood(last.head, headers);
    if (!('status' in head)) last.head = head;
    return head;
  }

  #parseAnew(text: string): RequestHead | TransportError {
    this.#last = undefined;
    const remembers = text.length <= REMEMBERED_BYTES_MAX;
    const request = this.#readRequestLine(text, remembers);
    if (request === undefined) return MALFORMED;
    const headers = new Map<string, string>();
    const last = text.length - 2;
    let at = text.indexOf('\r\n') + 2;
    let count = 0;
    for (; at < last; count += 1) {
      const index = count;
      if (index === HEADERS_MAX) return HEADERS_TOO_LARGE;
      const remembered = this.#lines[index];
      let name: string | undefined;
      let value: string;
      if (remembered !== undefined && isAt(text, at, remembered)) {
        name = this.#names[index]!;
        value = this.#values[index]!;
        at += remembered.length;
      } else {
        const next = text.indexOf('\r\n', at) + 2;
        const colon = text.indexOf(':', at);
        if (colon === -1 || colon >= next) return MALFORMED;
        name = headerName(text.slice(at, colon));
        value = withoutSpace(text, colon + 1, next - 2);
        if (name === undefined || NOT_IN_A_VALUE.test(value)) return MALFORMED;
        // llhttp takes no tab behind the coding either.
        if (name === 'transfer-encoding' && TAB_INSIDE.test(text.slice(colon + 1, next))) return MALFORMED;
        if (remembers) {
          if (this.#names[index] === name && this.#changing.size < CHANGING_MAX) this.#changing.add(name);
          this.#lines[index] = text.slice(at, next);
          this.#names[index] = name;
          this.#values[index] = value;
        }
        at = next;
      }
      const before = headers.get(name);
      headers.set(name, before === undefined ? value : `${before},${value}`);
    }
    const head = understood(request, headers);
    if (remembers && !('status' in head)) {
      this.#lines.length = count;
      if (headers.size === count) this.#last = { headers, head, runs: this.#runsOf(text) };
    }
    return head;
  }

  /** The lines that come again and again are compared together, those that change each by itself. */
  #runsOf(text: string): Run[] {
    const runs: Run[] = [];
    let from = 0;
    let at = this.#requestLine.length;
    this.#lines.forEach((line, index) => {
      const name = this.#names[index]!;
      const next = at + line.length;
      // A tab behind a coding is told from the line as it was sent.
      if (this.#changing.has(name) && name !== 'transfer-encoding') {
        runs.push({ name: undefined, begin: '', text: text.slice(from, at) });
        runs.push({ name, begin: text.slice(at, at + name.length + 1), text: line });
        from = next;
      }
      at = next;
    });
    runs.push({ name: undefined, begin: '', text: text.slice(from, at) });
    return runs;
  }

  #readRequestLine(text: string, remembers: boolean): RequestLine | undefined {
    if (this.#request !== undefined && isAt(text, 0, this.#requestLine)) return this.#request;
    const line = text.slice(0, text.indexOf('\r\n') + 2);
    const request = requestLine(line);
    if (remembers && request !== undefined) {
      this.#requestLine = line;
      this.#request = request;
    }
    return request;
  }
}

/**
 * Looks at a head that has not wholly come: false when it cannot become one, so that a peer which speaks something else
 * is told at once. `from` is what was looked at before, where any of the head was.
 */
export function mayBecomeHead(bytes: Buffer, from: number, length: number): boolean {
  for (let at = from; at < length; at += 1) {
    const byte = bytes[at]!;
    if (byte === 0x0a) {
      if (at === 0 || bytes[at - 1] !== 0x0d) return false;
    } else if (at > 0 && bytes[at - 1] === 0x0d) return false;
    else if ((byte < 0x20 && byte !== 0x0d && byte !== 0x09) || byte === 0x7f) return false;
  }
  if (from > METHOD_BYTES_MAX) return true;
  const begin = bytes.toString('latin1', 0, Math.min(length, METHOD_BYTES_MAX + 1));
  const space = begin.indexOf(' ');
  return space === -1
    ? METHODS.some((method) => method.startsWith(begin))
    : METHOD_NAMES.has(begin.slice(0, space));
}

const METHOD_BYTES_MAX = Math.max(...METHODS.map((method) => method.length));

function requestLine(line: string): RequestLine | undefined {
  const space = line.indexOf(' ');
  const method = line.slice(0, space);
  if (space === -1 || !METHOD_NAMES.has(method)) return undefined;
  const lastSpace = line.lastIndexOf(' ');
  const version = line.slice(lastSpace + 1);
  if (version !== 'HTTP/1.1\r\n' && version !== 'HTTP/1.0\r\n') return undefined;
  // More than one space is taken on either side of the target, as llhttp does.
  const target = line.slice(space, lastSpace).replace(/^ +| +$/g, '');
  // There are no tunnels, so what a tunnel would lead to is not looked at.
  if (method !== 'CONNECT' && !TARGET.test(target)) return undefined;
  return { method, target, version: version === 'HTTP/1.1\r\n' ? '1.1' : '1.0' };
}

function headerName(raw: string): string | undefined {
  const known = names.get(raw);
  if (known !== undefined) return known;
  if (!TOKEN.test(raw)) return undefined;
  const name = raw.toLowerCase();
  if (names.size < NAMES_MAX && raw.length < 64) names.set(raw, name);
  return name;
}

/** As `startsWith`, which the engine compiles to a comparison of one character after another. */
function isAt(text: string, at: number, part: string): boolean {
  return text.slice(at, at + part.length) === part;
}

function withoutSpace(text: string, from: number, to: number): string {
  while (from < to && isSpace(text.charCodeAt(from))) from += 1;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** What the headers say of the message and the connection. */
function understood(line: RequestLine, headers: ReadonlyMap<string, string>): RequestHead | TransportError {
  const { method, target, version } = line;
  if (version === '1.1' && !headers.has('host')) return MALFORMED;
  const length = headers.get('content-length');
  const encoding = headers.get('transfer-encoding');
  let bodyBytes: number | undefined = 0;
  if (encoding !== undefined) {
    if (length !== undefined || !endsChunked(encoding)) return MALFORMED;
    bodyBytes = undefined;
  } else if (length !== undefined) {
    bodyBytes = Number(length);
    if (!DIGITS.test(length) || bodyBytes >= LENGTH_OVERFLOW) return MALFORMED;
  }
  const expect = version === '1.1' ? headers.get('expect') : undefined;
  return {
    method,
    target,
    version,
    headers,
    bodyBytes,
    keepAlive: keepsAlive(version, headers),
    expects: expect === undefined ? 'nothing' : CONTINUE.test(expect) ? 'continue' : 'unknown',
  };
}

function endsChunked(encoding: string): boolean {
  const codings = encoding.toLowerCase().split(',');
  return codings.findIndex((coding) => coding.trim() === 'chunked') === codings.length - 1;
}

function keepsAlive(version: string, headers: ReadonlyMap<string, string>): boolean {
  const connection = headers.get('connection');
  const proxied = headers.get('proxy-connection');
  if (connection === undefined && proxied === undefined) return version === '1.1';
  const options = `${connection},${proxied}`.toLowerCase().split(',');
  const says = (option: string): boolean => options.some((said) => said.trim() === option);
  return !says('close') && (version === '1.1' || says('keep-alive'));
}
