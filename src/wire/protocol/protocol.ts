/** A protocol turns bodies into typed inputs, and typed outputs, errors and events into bytes. */
import type { Decode } from '../shape/json-decoder.ts';
import type { Encode } from '../shape/json-encoder.ts';
import type { ServiceError } from '../shape/service-error.ts';
import { type StructureShape, optional, string, structure } from '../shape/shape.ts';

export type Protocol = {
  /** Of requests and answers alike: AWS answers in the request's type. */
  readonly contentType: string;
  /** Of the payload of an event. */
  readonly eventContentType: string;
  compileDecoder(shape: StructureShape): Decode;
  compileEncoder(shape: StructureShape): Encode;
  encodeError(error: ServiceError): Uint8Array;
};

/**
 * An error's body has its code as `__type`. The model's errors have a `message`; what AWS's framework says before the service
 * is reached, of types and of access, a `Message` (kinesalite, recorded; AccessDeniedException as every AWS CLI user sees it).
 */
const CAPITAL_MESSAGE: ReadonlySet<string> = new Set(['SerializationException', 'AccessDeniedException']);

/** What `errorMembers` gives. */
export const ErrorBody = structure('Error', {
  __type: optional(string()),
  message: optional(string()),
  Message: optional(string()),
});

export function errorMembers(error: ServiceError): Readonly<Record<string, string | undefined>> {
  const text = error.message === '' ? undefined : error.message;
  return CAPITAL_MESSAGE.has(error.code)
    ? { __type: error.code, Message: text }
    : { __type: error.code, message: text };
}
