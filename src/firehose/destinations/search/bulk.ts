/** The bulk API of Elasticsearch and OpenSearch, which both kept as it was: lines of an action and a document each, and an answer with an item for each. */
import type { Clock } from '../../../host/host.ts';
import type { DeliveryError } from '../../delivery/destination.ts';
import { jsonObjectOf } from '../exchange.ts';

export type BulkDocument = {
  readonly index: string;
  /** Servers since version 8 of Elasticsearch, and OpenSearch since 2, take none. */
  readonly type: string | undefined;
  /** Undefined: the server gives it one. */
  readonly id: string | undefined;
  readonly line: Uint8Array;
};

/** What came of one document; `again` when it may go better later. */
export type BulkItem = { readonly error: DeliveryError; readonly again: boolean } | undefined;

const PIECE_BYTES = 512 * 1024;
const NEWLINE = Buffer.from('\n');

/** In pieces; the event loop has its turn after each. */
export async function bulkBody(
  documents: readonly BulkDocument[],
  clock: Pick<Clock, 'turn'>,
): Promise<readonly Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  let parts: Uint8Array[] = [];
  let bytes = 0;
  for (const { index, type, id, line } of documents) {
    const action = JSON.stringify({ index: { _index: index, _type: type, _id: id } });
    const head = Buffer.from(`${action}\n`);
    parts.push(head, line, NEWLINE);
    bytes += head.length + line.length + 1;
    if (bytes < PIECE_BYTES) continue;
    pieces.push(Buffer.concat(parts, bytes));
    parts = [];
    bytes = 0;
    await clock.turn();
  }
  if (bytes > 0) pieces.push(Buffer.concat(parts, bytes));
  return pieces;
}

/** One for each of `count` documents, in their order; undefined when the answer is none of the bulk API's. */
export function bulkItems(body: Uint8Array, count: number): readonly BulkItem[] | undefined {
  const items = jsonObjectOf(body)?.['items'];
  if (!Array.isArray(items) || items.length !== count) return undefined;
  const results: BulkItem[] = [];
  for (const item of items as readonly unknown[]) {
    const { status, error } = (asObject(asObject(item)?.['index']) ?? {}) as {
      status?: unknown;
      error?: unknown;
    };
    if (typeof status !== 'number') return undefined;
    results.push(
      status >= 200 && status < 300
        ? undefined
        : {
            error: { code: String(status), message: JSON.stringify(error ?? null) },
            again: isPassing(status, asObject(error)?.['type']),
          },
    );
  }
  return results;
}

/** Overload, failures within the cluster, and blocks, which someone lifts. What else is refused stays refused. */
function isPassing(status: number, type: unknown): boolean {
  return status === 429 || status >= 500 || type === 'cluster_block_exception';
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
