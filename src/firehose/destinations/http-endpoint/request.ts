/** The request of AWS's delivery protocol. Source: "HTTP Endpoint Delivery Request and Response Specifications", Firehose developer guide. */
import type { Clock } from '../../../host/host.ts';
import { createCompressor } from '../../compression/compressor.ts';
import type { Delivery } from '../../delivery/destination.ts';
import type { SettingsOf } from '../../settings/destination-settings.ts';
import { headerValue } from '../exchange.ts';

type Settings = Pick<SettingsOf<'HttpEndpoint'>, 'EndpointConfiguration' | 'RequestConfiguration'>;

/** After so many characters of Base64 the event loop gets its turn. */
const PIECE_CHARACTERS = 512 * 1024;
/** zlib's own; AWS does not say. */
const GZIP_LEVEL = 6;

/** Undefined when the access key holds what no header can. */
export function headersOf(
  settings: Settings,
  delivery: Pick<Delivery, 'id'>,
  deliveryStreamArn: string,
): Record<string, string> | undefined {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-amz-firehose-protocol-version': '1.0',
    'x-amz-firehose-request-id': delivery.id,
    'x-amz-firehose-source-arn': deliveryStreamArn,
  };
  if (settings.RequestConfiguration.ContentEncoding === 'GZIP') headers['content-encoding'] = 'gzip';
  const accessKey = settings.EndpointConfiguration.AccessKey;
  if (accessKey !== undefined && accessKey !== '') {
    const value = headerValue(accessKey);
    if (value === undefined) return undefined;
    headers['x-amz-firehose-access-key'] = value;
  }
  const attributes = settings.RequestConfiguration.CommonAttributes ?? [];
  if (attributes.length > 0) {
    const commonAttributes = Object.fromEntries(
      attributes.map(({ AttributeName, AttributeValue }) => [AttributeName, AttributeValue]),
    );
    headers['x-amz-firehose-common-attributes'] = asciiJson({ commonAttributes });
  }
  return headers;
}

function asciiJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The body in pieces, compressed when the settings say so. */
export async function bodyOf(
  settings: Pick<Settings, 'RequestConfiguration'>,
  { id, batch, remaining }: Pick<Delivery, 'id' | 'batch' | 'remaining'>,
  clock: Pick<Clock, 'now' | 'turn'>,
): Promise<readonly Uint8Array[]> {
  const format = settings.RequestConfiguration.ContentEncoding === 'GZIP' ? 'GZIP' : 'UNCOMPRESSED';
  const compressor = createCompressor(format, { level: GZIP_LEVEL, entryName: '', timeMs: 0 });
  let text = `{"requestId":"${id}","timestamp":${clock.now()},"records":[`;
  for (const [place, index] of remaining.entries()) {
    const { data } = batch.at(index);
    const base64 = Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64');
    text += `${place === 0 ? '' : ','}{"data":"${base64}"}`;
    if (text.length < PIECE_CHARACTERS) continue;
    compressor.add(Buffer.from(text, 'latin1'));
    text = '';
    await clock.turn();
  }
  compressor.add(Buffer.from(`${text}]}`, 'latin1'));
  return compressor.finish();
}
