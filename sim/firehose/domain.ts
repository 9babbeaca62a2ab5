/** A domain of OpenSearch: its bulk API, which takes some documents, never takes others, and takes some only later. */
import { HttpError, type HttpAnswer, type HttpRequest } from '../../src/host/http.ts';
import { jsonAnswer, textOf } from './endpoint.ts';
import { never, type Around } from './around.ts';
import { isUnfit, nameOf } from './sent-records.ts';

export const DOMAIN = 'https://search.example.com';

export const DOMAIN_TROUBLES = ['down', '503', '403', 'busy', 'nonsense', 'short', 'hangs'] as const;

type Item = { readonly status: number; readonly error?: { readonly type: string; readonly reason: string } };

export async function answerAsDomain(
  around: Around<(typeof DOMAIN_TROUBLES)[number]>,
  request: HttpRequest,
): Promise<HttpAnswer> {
  const { dice, observer, latency } = around;
  const trouble = dice.integer(4) === 0 ? undefined : around.trouble();
  if (trouble === 'down') throw new HttpError('unreachable', 'connection refused');
  const path = new URL(request.url).pathname.slice(1);
  const lines = textOf(request).trimEnd().split('\n');
  const documents = Array.from({ length: lines.length / 2 }, (_, number) => {
    const { index } = JSON.parse(lines[2 * number]!) as { readonly index: { readonly _id: string } };
    return { id: index._id, line: lines[2 * number + 1]! };
  });
  for (const { id, line } of documents) observer.documentSent(path, id, line);
  await latency();
  if (trouble === 'hangs') return never();
  if (trouble === '503' || trouble === '403') return jsonAnswer(Number(trouble), '{"error":"no"}');
  const items = documents.map(({ id, line }): { readonly index: Item } => {
    if (isUnfit(nameOf(line)))
      return {
        index: { status: 400, error: { type: 'mapper_parsing_exception', reason: 'It does not fit.' } },
      };
    if (trouble === 'busy' && dice.integer(2) === 0)
      return { index: { status: 429, error: { type: 'rejected_execution_exception', reason: 'Busy.' } } };
    observer.documentIndexed(path, id);
    return { index: { status: 201 } };
  });
  await latency();
  if (trouble === 'nonsense') return jsonAnswer(200, '<html>welcome</html>');
  return jsonAnswer(200, JSON.stringify({ items: trouble === 'short' ? items.slice(1) : items }));
}
