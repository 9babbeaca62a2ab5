/**
 * The first two checks of the road: is it a POST in a protocol of ours, and does it name an operation of ours. The refusals, their
 * order and their odd bodies are AWS's, recorded by kinesalite. AWS does not look at the path.
 */
import type { WireRequest, WireResponse } from './message.ts';
import { awsJson10, awsJson11 } from './protocol/aws-json.ts';
import { awsCbor } from './protocol/cbor.ts';
import type { Protocol } from './protocol/protocol.ts';
import type { Route, Routes } from './routes.ts';
import { compileJsonDecoder } from './shape/json-decoder.ts';
import { ServiceError } from './shape/service-error.ts';
import { structure } from './shape/shape.ts';

export type Transport =
  | { readonly kind: 'accepted'; readonly route: Route; readonly protocol: Protocol }
  | { readonly kind: 'refused'; readonly errorCode: string; readonly response: WireResponse };

const PROTOCOLS: ReadonlyMap<string, Protocol> = new Map(
  [awsJson11, awsJson10, awsCbor].map((protocol) => [protocol.contentType, protocol]),
);

export function readTransport(request: WireRequest, routes: Routes): Transport {
  if (request.method !== 'POST') return accessDenied();
  const givenType = request.headers.get('content-type') ?? '';
  const target = request.headers.get('x-amz-target') ?? '';
  const route = routes.get(target);
  const known = PROTOCOLS.get(givenType);
  if (known !== undefined && route !== undefined && request.body.length > 0) {
    return { kind: 'accepted', route, protocol: known };
  }
  const contentType = givenType.split(';')[0]!.trim().toLowerCase();
  const protocol = PROTOCOLS.get(contentType);
  if (request.body.length === 0) {
    const code = route === undefined ? 'UnknownOperationException' : 'SerializationException';
    return refused(protocol ?? awsCbor, code);
  }
  if (contentType === 'application/json') return plainJson(request.body);
  if (protocol === undefined) {
    const dot = target.indexOf('.');
    return dot > 0 && dot < target.length - 1 ? markup(404, 'UnknownOperationException') : accessDenied();
  }
  if (route === undefined) return refused(protocol, 'UnknownOperationException');
  return { kind: 'accepted', route, protocol };
}

function refused(protocol: Protocol, code: string): Transport {
  return {
    kind: 'refused',
    errorCode: code,
    response: {
      status: 400,
      headers: { 'content-type': protocol.contentType },
      body: protocol.encodeError(new ServiceError(code, '')),
    },
  };
}

function accessDenied(): Transport {
  const text = 'Unable to determine service/operation name to be authorized';
  return markup(403, 'AccessDeniedException', text);
}

function markup(status: number, code: string, message?: string): Transport {
  const body =
    message === undefined ? `<${code}/>\n` : `<${code}>\n  <Message>${message}</Message>\n</${code}>\n`;
  return { kind: 'refused', errorCode: code, response: { status, headers: {}, body: Buffer.from(body) } };
}

const decodeAnyObject = compileJsonDecoder(structure('Any', {}));

/** AWS's other front end answers `application/json`; it knows no operation. */
function plainJson(body: Uint8Array): Transport {
  let code = 'UnknownOperationException';
  try {
    decodeAnyObject(body);
  } catch {
    code = 'SerializationException';
  }
  return {
    kind: 'refused',
    errorCode: code,
    response: {
      status: code === 'SerializationException' ? 400 : 404,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(`{"Output":{"__type":"com.amazon.coral.service#${code}"},"Version":"1.0"}`),
    },
  };
}
