/** HTTP over Node's own client, with connections kept alive for each set of authorities and each rule about addresses. */
import http from 'node:http';
import https from 'node:https';
import { HttpError, type HttpAnswer, type HttpClient, type HttpRequest } from '../http.ts';
import { connectionFailureOf, lookupWith, refusalOf } from './connecting.ts';

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
  const refusal = refusalOf(hostname, request.refusesAddress);
  if (refusal !== undefined) return Promise.reject(asHttpError(refusal));
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

function asHttpError(error: Error): HttpError {
  if (error instanceof HttpError) return error;
  const { failure, message } = connectionFailureOf(error);
  return new HttpError(failure, message);
}
