/**
 * A strict HTTP event collector, written from Splunk's documents because no real one can be had: tokens, channels, raw and event data, indexer
 * acknowledgement, and the code of each refusal. It is no Splunk: it indexes nothing, and it is stricter (it checks what Splunk would forgive).
 * Sources: "Format events for HTTP Event Collector", "About HTTP Event Collector Indexer Acknowledgment", "Troubleshoot HTTP Event Collector" and
 * "HTTP Event Collector REST API endpoints", Splunk's "Getting Data In".
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';

export type Token = {
  readonly isEnabled: boolean;
  readonly acknowledges: boolean;
  /** The first is the default. */
  readonly indexes: readonly string[];
};

/** What was taken with one request. */
export type Taken = {
  readonly endpoint: 'raw' | 'event';
  readonly channel: string | undefined;
  readonly ackId: number | undefined;
  readonly body: string;
  /** Of `event`: its members. */
  readonly events: readonly Readonly<Record<string, unknown>>[];
};

export type HecReceiver = {
  readonly server: Server;
  readonly taken: Taken[];
  /** Whether what was taken counts as indexed when it is asked for; true at first. */
  indexes: boolean;
  /** Answers the next requests in place of the collector, one each. */
  readonly refusals: { readonly status: number; readonly text: string; readonly code: number }[];
};

class Refusal extends Error {
  readonly status: number;
  readonly answer: Readonly<Record<string, unknown>>;
  constructor(status: number, code: number, text: string, more: Readonly<Record<string, unknown>> = {}) {
    super(text);
    this.status = status;
    this.answer = { text, code, ...more };
  }
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const EVENT_MEMBERS = new Set(['time', 'host', 'source', 'sourcetype', 'index', 'fields', 'event']);

export function createHecReceiver(tokens: Readonly<Record<string, Token>>): HecReceiver {
  /** By token and channel: each acknowledgement that was not yet told. */
  const channels = new Map<string, { next: number; readonly untold: Set<number> }>();
  const receiver: HecReceiver = {
    server: createServer((request, response) => void serve(request, response)),
    taken: [],
    indexes: true,
    refusals: [],
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = (status: number, value: unknown): void => {
      const body = JSON.stringify(value);
      response.writeHead(status, {
        'content-type': 'application/json; charset=UTF-8',
        'content-length': Buffer.byteLength(body),
      });
      response.end(body);
    };
    try {
      const body = Buffer.concat(chunks);
      const gzipped = request.headers['content-encoding'] === 'gzip';
      answer(200, handle(request, (gzipped ? gunzipSync(body) : body).toString('utf8')));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      answer(error.status, error.answer);
    }
  }

  function handle(request: IncomingMessage, body: string): unknown {
    const url = new URL(request.url!, 'http://receiver');
    const route = /^\/services\/collector(?:\/(event|raw|ack|health)(?:\/1\.0)?)?$/.exec(url.pathname);
    if (route === null) throw new Refusal(404, 404, 'The requested URL was not found on this server.');
    const what = route[1] ?? 'event';
    if (what === 'health') return { text: 'HEC is healthy', code: 17 };
    if (request.method !== 'POST') throw new Refusal(405, 405, 'The requested method is not allowed.');
    const refusal = receiver.refusals.shift();
    if (refusal !== undefined) throw new Refusal(refusal.status, refusal.code, refusal.text);
    const { name, token } = tokenOf(request.headers.authorization);
    const channel =
      request.headers['x-splunk-request-channel'] ?? url.searchParams.get('channel') ?? undefined;
    if (token.acknowledges && what !== 'ack' && channel === undefined) {
      throw new Refusal(400, 10, 'Data channel is missing');
    }
    if (channel !== undefined && !GUID.test(String(channel)))
      throw new Refusal(400, 11, 'Invalid data channel');
    if (what === 'ack') return told(token, name, channel, body);

    if (body.trim() === '') throw new Refusal(400, 5, 'No data');
    const events = what === 'event' ? eventsOf(body, token) : [];
    let ackId: number | undefined;
    if (token.acknowledges) {
      const key = `${name} ${String(channel)}`;
      let place = channels.get(key);
      if (place === undefined) channels.set(key, (place = { next: 0, untold: new Set() }));
      place.untold.add((ackId = place.next++));
    }
    receiver.taken.push({
      endpoint: what as 'raw' | 'event',
      channel: channel === undefined ? undefined : String(channel),
      ackId,
      body,
      events,
    });
    return { text: 'Success', code: 0, ...(ackId === undefined ? {} : { ackId }) };
  }

  function tokenOf(authorization: string | undefined): { readonly name: string; readonly token: Token } {
    if (authorization === undefined) throw new Refusal(401, 2, 'Token is required');
    const [, scheme, value] = /^(Splunk|Basic) (.+)$/.exec(authorization) ?? [];
    const name =
      scheme === 'Basic'
        ? Buffer.from(value!, 'base64')
            .toString()
            .replace(/^[^:]*:/, '')
        : value;
    if (name === undefined) throw new Refusal(401, 3, 'Invalid authorization');
    const token = Object.hasOwn(tokens, name) ? tokens[name] : undefined;
    if (token === undefined) throw new Refusal(403, 4, 'Invalid token');
    if (!token.isEnabled) throw new Refusal(403, 1, 'Token disabled');
    return { name, token };
  }

  function told(token: Token, name: string, channel: unknown, body: string): unknown {
    if (!token.acknowledges) throw new Refusal(400, 14, 'ACK is disabled');
    if (channel === undefined) throw new Refusal(400, 10, 'Data channel is missing');
    const asked = parse(body) as { acks?: unknown } | undefined;
    const acks = asked?.acks;
    if (!Array.isArray(acks) || !acks.every((id) => Number.isInteger(id))) {
      throw new Refusal(400, 6, 'Invalid data format');
    }
    const untold = channels.get(`${name} ${String(channel)}`)?.untold;
    // Each is told once, and then forgotten.
    const isIndexed = (id: number): boolean => receiver.indexes && untold?.delete(id) === true;
    return { acks: Object.fromEntries((acks as number[]).map((id) => [id, isIndexed(id)])) };
  }

  return receiver;
}

function eventsOf(body: string, token: Token): readonly Readonly<Record<string, unknown>>[] {
  const texts = objectsOf(body);
  return texts.map((text, number) => {
    const refuse = (code: number, why: string): Refusal =>
      new Refusal(400, code, why, { 'invalid-event-number': number });
    const event = parse(text) as Readonly<Record<string, unknown>> | undefined;
    if (event === undefined || Object.keys(event).some((name) => !EVENT_MEMBERS.has(name))) {
      throw refuse(6, 'Invalid data format');
    }
    if (!('event' in event)) throw refuse(12, 'Event field is required');
    if (event['event'] === '' || event['event'] === null) throw refuse(13, 'Event field cannot be blank');
    const { index, fields } = event;
    if (index !== undefined && !token.indexes.includes(String(index))) throw refuse(7, 'Incorrect index');
    if (
      fields !== undefined &&
      (typeof fields !== 'object' || Object.values(fields as object).some(isNested))
    ) {
      throw refuse(15, 'Error in handling indexed fields');
    }
    return event;
  });
}

function isNested(value: unknown): boolean {
  return (
    typeof value === 'object' && !(Array.isArray(value) && value.every((item) => typeof item === 'string'))
  );
}

/** Splits objects that follow one another, with or without white space. */
function objectsOf(body: string): readonly string[] {
  const texts: string[] = [];
  let depth = 0;
  let start = -1;
  for (let at = 0; at < body.length; at++) {
    const character = body[at]!;
    if (depth > 0 && character === '"') {
      for (at++; at < body.length && body[at] !== '"'; at++) if (body[at] === '\\') at++;
    } else if (character === '{' || character === '[') {
      if (depth++ === 0) start = at;
    } else if (character === '}' || character === ']') {
      if (--depth === 0) texts.push(body.slice(start, at + 1));
    } else if (depth === 0 && !/\s/.test(character)) depth = -1;
    if (depth < 0) break;
  }
  if (depth !== 0) {
    throw new Refusal(400, 6, 'Invalid data format', { 'invalid-event-number': texts.length });
  }
  return texts;
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
