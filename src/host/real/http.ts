/** HTTP over Node's own client, with connections kept alive for each set of authorities and each rule about addresses. */
import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { HttpError, type HttpAnswer, type HttpClient, type HttpFailure, type HttpRequest } from '../http.ts';

const SOCKETS_PER_SERVER_MAX = 32;
const IDLE_SOCKETS_MAX = 32;

type Refusal = HttpRequest['refusesAddress'];

export function createRealHttpClient(): HttpClient {
  /** A kept connection must never serve a request whose rule would have refused it. */
  const agents = new Map<Refusal, Map<string | undefined, { http: http.Agent; https: https.Agent }>>();

  function agentOf({ certificateAuthority, refusesAddress }: HttpRequest, secure: boolean): http.Agent {
    let byAuthority = agents.get(refusesAddress);
    if (byAuthority === undefined) agents.set(refusesAddress, (byAuthority = new Map()));
    let pair = byAuthority.get(certificateAuthority);
    if (pair === undefined) {
      const options = {
        keepAlive: true,
        maxSockets: SOCKETS_PER_SERVER_MAX,
        maxFreeSockets: IDLE_SOCKETS_MAX,
        lookup: lookupWith(refusesAddress),
      };
      pair = {
        http: new http.Agent(options),
        https: new https.Agent(
          certificateAuthority === undefined ? options : { ...options, ca: certificateAuthority },
        ),
      };
      byAuthority.set(certificateAuthority, pair);
    }
    return secure ? pair.https : pair.http;
  }

  return {
    send: (request) => send(request, agentOf),
    close() {
      for (const pair of [...agents.values()].flatMap((byAuthority) => [...byAuthority.values()])) {
        pair.http.destroy();
        pair.https.destroy();
      }
      agents.clear();
    },
  };
}

function send(
  request: HttpRequest,
  agentOf: (request: HttpRequest, secure: boolean) => http.Agent,
): Promise<HttpAnswer> {
  const url = new URL(request.url);
  const secure = url.protocol === 'https:';
  const hostname = url.hostname.replaceAll(/[[\]]/g, '');
  if (isIP(hostname) !== 0 && request.refusesAddress?.(hostname)) {
    return Promise.reject(refusal(hostname));
  }
  const body = request.body ?? [];
  const length = body.reduce((total, piece) => total + piece.length, 0);
  const hasBody = request.method === 'PUT' || request.method === 'POST';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => outgoing.destroy(new HttpError('timeout', `No whole answer within ${request.timeoutMs} ms.`)),
      request.timeoutMs,
    );
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(request.signal?.aborted ? request.signal.reason : asHttpError(error));
    };
    const outgoing = (secure ? https : http).request(
      {
        protocol: url.protocol,
        hostname,
        port: url.port,
        method: request.method,
        // As written: the URL class would resolve dots that are signed and meant.
        path: pathOf(request.url),
        headers: { ...request.headers, ...(hasBody ? { 'content-length': length } : {}) },
        agent: agentOf(request, secure),
        ...(request.signal === undefined ? {} : { signal: request.signal }),
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        let received = 0;
        incoming.on('data', (chunk: Buffer) => {
          received += chunk.length;
          if (received > request.answerBytesMax) {
            incoming.destroy(
              new HttpError('too-long', `The answer exceeds ${request.answerBytesMax} bytes.`),
            );
          } else chunks.push(chunk);
        });
        incoming.on('error', fail);
        incoming.on('end', () => {
          clearTimeout(timer);
          const headers = new Map(
            Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const),
          );
          resolve({ status: incoming.statusCode!, headers, body: Buffer.concat(chunks) });
        });
      },
    );
    outgoing.on('error', fail);
    for (const piece of body) outgoing.write(piece);
    outgoing.end();
  });
}

function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  return start === -1 ? '/' : url.slice(start);
}

/**
 * Resolves names and has every address judged. What is handed on is what was judged, so a name that resolves differently a moment later
 * gains nothing. Names below localhost are this machine, as RFC 6761 asks and not every resolver does.
 */
function lookupWith(refusesAddress: Refusal): LookupFunction {
  return (hostname, options, callback) => {
    const name = /(^|\.)localhost$/.test(hostname) ? 'localhost' : hostname;
    dns.lookup(name, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const refused = addresses.find(({ address }) => refusesAddress?.(address));
      if (refused !== undefined) return callback(refusal(refused.address), []);
      if (options.all) return callback(null, addresses);
      return callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}

function refusal(address: string): HttpError {
  return new HttpError(
    'refused-address',
    `The address ${address} is private to this machine or network, and no endpoint is configured for it.`,
  );
}

const UNREACHABLE =
  /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_\w+|ETIMEDOUT|EHOSTDOWN|EADDRNOTAVAIL)$/;
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL/;

function asHttpError(error: Error): HttpError {
  if (error instanceof HttpError) return error;
  // Several addresses that all failed come as one error without a code of its own.
  const first = error instanceof AggregateError ? (error.errors[0] as Error) : error;
  const code = String((first as NodeJS.ErrnoException).code ?? '');
  const failure: HttpFailure = UNREACHABLE.test(code)
    ? 'unreachable'
    : UNTRUSTED.test(code)
      ? 'untrusted'
      : 'broken';
  return new HttpError(failure, first.message);
}
