/** An HTTP endpoint that speaks AWS's delivery protocol. */
import { gunzipSync } from 'node:zlib';
import { HttpError, type HttpAnswer, type HttpRequest } from '../../src/host/http.ts';
import { never, type Around } from './around.ts';

export const ENDPOINT = 'https://collector.example.com';

export const ENDPOINT_TROUBLES = [
  'down',
  '401',
  '413',
  '500',
  'nonsense',
  'broken',
  'answer lost',
  'slow',
  'hangs',
] as const;

const SLOW_MS_MAX = 5_000;

export async function answerAsEndpoint(
  around: Around<(typeof ENDPOINT_TROUBLES)[number]>,
  request: HttpRequest,
): Promise<HttpAnswer> {
  const { clock, dice, observer, latency } = around;
  const trouble = dice.integer(4) === 0 ? undefined : around.trouble();
  if (trouble === 'down') throw new HttpError('unreachable', 'connection refused');
  const path = new URL(request.url).pathname.slice(1);
  const { requestId, records } = JSON.parse(textOf(request)) as {
    readonly requestId: string;
    readonly records: readonly { readonly data: string }[];
  };
  observer.requestSent(
    path,
    requestId,
    records.map(({ data }) => Buffer.from(data, 'base64')),
  );
  await latency();
  switch (trouble) {
    case '401':
    case '500':
      return jsonAnswer(Number(trouble), '{"errorMessage":"no"}');
    case '413':
      observer.requestTooLarge(path, requestId);
      return jsonAnswer(413, 'too large');
    case 'nonsense':
      observer.requestAccepted(path, requestId, false);
      return jsonAnswer(200, '<html>welcome</html>');
    case 'broken':
      throw new HttpError('broken', 'the connection was reset');
    case 'answer lost':
      observer.requestAccepted(path, requestId, false);
      return never();
    case 'hangs':
      return never();
    case 'slow':
      await clock.sleep(dice.integer(SLOW_MS_MAX));
      break;
    default:
  }
  observer.requestAccepted(path, requestId, true);
  await latency();
  return jsonAnswer(200, `{"requestId":"${requestId}","timestamp":${clock.now()}}`);
}

export function textOf({ headers, body = [] }: HttpRequest): string {
  const sent = Buffer.concat(body);
  return (headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent).toString();
}

export function jsonAnswer(status: number, json: string): HttpAnswer {
  return {
    status,
    headers: new Map([
      ['content-type', 'application/json'],
      ['content-length', String(json.length)],
    ]),
    body: Buffer.from(json),
  };
}
