/**
 * Elasticsearch, OpenSearch and its Serverless: documents by the bulk API. What the server takes is delivered, what it will never take goes to the
 * error output at once, and the rest is sent again by itself. Sources: "Data Delivery Failure Handling" and "Index Rotation for the OpenSearch Service
 * Destination", Firehose developer guide; decisions 0471 and 0473.
 */
import type { Clock } from '../../../host/host.ts';
import { HttpError, type HttpClient } from '../../../host/http.ts';
import type { DeliveryStream } from '../../delivery-stream.ts';
import type { DeliveryRecord } from '../../delivery/delivery-record.ts';
import type { DeliveryError, Destination, Outcome, RefusedRecord } from '../../delivery/destination.ts';
import type { DestinationSettings } from '../../settings/destination-settings.ts';
import { exchange, quoted, type Addresses } from '../exchange.ts';
import { failedAttempt, rawDataOf } from '../failed-attempt.ts';
import { bulkBody, bulkItems, type BulkDocument, type BulkItem } from './bulk.ts';
import { documentId, documentLine } from './document.ts';
import { domainOf, domainRequest } from './domain.ts';
import { kindOf } from './kinds.ts';

export type SearchSettings = Extract<
  DestinationSettings,
  { readonly kind: 'Elasticsearch' | 'Amazonopensearchservice' | 'AmazonOpenSearchServerless' }
>;

export type SearchParts = Addresses & {
  readonly http: HttpClient;
  readonly clock: Pick<Clock, 'now' | 'turn'>;
  readonly deliveryStream: Pick<DeliveryStream, 'id' | 'region'>;
  readonly responseTimeoutMs?: number;
};

/** AWS publishes none. */
const RESPONSE_TIMEOUT_MS = 120_000;
/** For the answer, which has an item for each document. */
const RECORDS_MAX = 20_000;
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
/** Servers take 100 MB at most, small ones of AWS 10 MB; what is too much for one is sent in halves. */
const DATA_BYTES_MAX = 32 * 1024 * 1024;
const RETRY_PAUSE_MS = 300_000;
const MESSAGE_CHARACTERS_MAX = 2_048;

const NO_OBJECT: DeliveryError = {
  code: '400',
  message: '{"type":"mapper_parsing_exception","reason":"The record is not a JSON object in UTF-8."}',
};

export function createSearchDestination(destination: SearchSettings, parts: SearchParts): Destination {
  const { clock, deliveryStream } = parts;
  const kind = kindOf(destination, deliveryStream.region);
  const domain = domainOf(kind.address, kind.scope, parts);
  const credentials = domain?.credentials;
  const secrets = credentials && ('password' in credentials ? [credentials.password] : []);
  const idOf = (record: DeliveryRecord): string | undefined =>
    kind.givesIds ? documentId(deliveryStream.id, record.identity) : undefined;

  /** What came of each document, or of all of them alike. */
  async function index(
    documents: readonly BulkDocument[],
    signal: AbortSignal,
  ): Promise<readonly BulkItem[] | DeliveryError> {
    if (domain === undefined) {
      return failure(`no endpoint is configured for ${kind.address}, see --endpoints`);
    }
    const body = await bulkBody(documents, clock);
    const answer = await exchange(parts.http, {
      ...(await domainRequest(domain, '/_bulk', body, clock)),
      timeoutMs: parts.responseTimeoutMs ?? RESPONSE_TIMEOUT_MS,
      answerBytesMax: ANSWER_BYTES_MAX,
      signal,
    });
    if (answer instanceof HttpError) return failure(answer.message);
    const said = quoted(answer.body, secrets ?? [], MESSAGE_CHARACTERS_MAX);
    if (answer.status !== 200) return { code: String(answer.status), message: said || 'No message.' };
    return (
      bulkItems(answer.body, documents.length) ?? {
        code: 'InvalidResponse',
        message: `The response is none of the bulk API: ${said}`,
      }
    );
  }

  return {
    recordsMax: RECORDS_MAX,
    bytesMax: DATA_BYTES_MAX,
    errorOutputType: kind.errorOutputType,
    retry: {
      durationMs: kind.retrySeconds * 1000,
      // One that is shorter than the pause still gets its one retry, at its end.
      pauseMs: () => Math.min(RETRY_PAUSE_MS, kind.retrySeconds * 1000 || RETRY_PAUSE_MS),
    },
    async attempt({ batch, remaining }, signal): Promise<Outcome> {
      signal.throwIfAborted();
      const refused: RefusedRecord[] = [];
      const sendable: { readonly place: number; readonly document: BulkDocument }[] = [];
      for (const place of remaining) {
        const record = batch.at(place);
        const line = documentLine(record.data);
        if (line === undefined) {
          refused.push({ index: place, error: NO_OBJECT });
          continue;
        }
        const document = { index: kind.indexOf(record.arrivalMs), type: kind.type, id: idOf(record), line };
        sendable.push({ place, document });
      }

      const again: number[] = [];
      let error: DeliveryError | undefined;
      const waiting = sendable.length === 0 ? [] : [sendable];
      for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
        const items = await index(
          part.map(({ document }) => document),
          signal,
        );
        if (!('code' in items)) {
          for (const [number, item] of items.entries()) {
            const { place } = part[number]!;
            if (item?.again) {
              error ??= item.error;
              again.push(place);
            } else if (item) refused.push({ index: place, error: item.error });
          }
        } else if (items.code === '413' && part.length > 1) {
          const half = Math.ceil(part.length / 2);
          waiting.push(part.slice(half), part.slice(0, half));
        } else if (items.code === '413') {
          refused.push({ index: part[0]!.place, error: items });
        } else {
          // The server is not well: what waits is not tried either.
          error ??= items;
          again.push(...[part, ...waiting.splice(0)].flat().map(({ place }) => place));
        }
      }
      if (error === undefined) return { kind: 'done', refused };
      return { kind: 'retry', error, remaining: again.toSorted((left, right) => left - right), refused };
    },
    errorRecord(failed) {
      const { record } = failed;
      return {
        ...failedAttempt(failed),
        ...kind.errorMembers(idOf(record) ?? null, kind.indexOf(record.arrivalMs)),
        rawData: rawDataOf(failed),
      };
    },
  };
}

function failure(why: string): DeliveryError {
  return { code: 'ConnectionFailed', message: `Unable to connect to the cluster: ${why}` };
}
