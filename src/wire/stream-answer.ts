/** Sends what an operation yields as messages of an event stream, one at a time as the client takes them. */
import type { WireResponse } from './message.ts';
import { EVENT_STREAM_CONTENT_TYPE, eventMessage, exceptionMessage } from './protocol/event-stream.ts';
import type { Protocol } from './protocol/protocol.ts';
import type { Route } from './routes.ts';
import type { Encode } from './shape/json-encoder.ts';
import { ServiceError } from './shape/service-error.ts';
import { type StructureShape, structure } from './shape/shape.ts';

type OnFailure = (error: unknown, where: { readonly requestId: string; readonly operation: string }) => void;

export function answerStream(
  route: Route,
  protocol: Protocol,
  output: unknown,
  { onFailure }: { readonly onFailure: OnFailure },
  requestId: string,
  signal: AbortSignal,
): WireResponse {
  const { member, shape } = route.events!;
  const events = (output as Record<string, AsyncIterable<object>>)[member]!;
  const encoders = new Map<string, Encode>(
    Object.entries(shape.events).map(([name, event]) => [
      name,
      protocol.compileEncoder(event.shape as StructureShape),
    ]),
  );
  return {
    status: 200,
    headers: { 'content-type': EVENT_STREAM_CONTENT_TYPE },
    body: encoded(),
  };

  async function* encoded(): AsyncGenerator<Uint8Array> {
    const type = protocol.eventContentType;
    yield eventMessage('initial-response', type, protocol.compileEncoder(NOTHING)({}));
    try {
      for await (const event of events) {
        for (const [name, value] of Object.entries(event)) {
          yield sharedMessage(protocol, value, () => eventMessage(name, type, encoders.get(name)!(value)));
        }
      }
    } catch (error) {
      if (isAbort(error, signal)) return;
      const failure = error instanceof ServiceError ? error.cause : error;
      if (failure !== undefined) onFailure(failure, { requestId, operation: route.name });
      const told = error instanceof ServiceError ? error : INTERNAL_FAILURE;
      yield exceptionMessage(told.code, type, protocol.encodeError(told));
    }
  }
}

type Message = { readonly protocol: Protocol; readonly bytes: Uint8Array };
const messages = new WeakMap<object, Message>();

/** What several streams yield is encoded once. */
function sharedMessage(protocol: Protocol, event: object, encode: () => Uint8Array): Uint8Array {
  let message = messages.get(event);
  if (message?.protocol !== protocol) {
    message = { protocol, bytes: encode() };
    messages.set(event, message);
  }
  return message.bytes;
}

/** True when a handler gave up because the client went away or the server drains: nobody's fault. */
export function isAbort(error: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}

const NOTHING = structure('InitialResponse', {});

/** The stream has no InternalFailure; this is the member that its model has for a failure of the service. */
const INTERNAL_FAILURE = new ServiceError('InternalFailureException', '', { fault: 'server' });
