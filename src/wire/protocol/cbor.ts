/** `application/x-amz-cbor-1.1`: awsJson in CBOR, which the Java SDK speaks to Kinesis unless told not to. Errors are CBOR too. */
import { compileCborDecoder } from '../shape/cbor-decoder.ts';
import { compileCborEncoder } from '../shape/cbor-encoder.ts';
import { ErrorBody, type Protocol, errorMembers } from './protocol.ts';

const encodeErrorBody = compileCborEncoder(ErrorBody);

export const awsCbor: Protocol = Object.freeze({
  contentType: 'application/x-amz-cbor-1.1',
  eventContentType: 'application/cbor',
  compileDecoder: (shape) => compileCborDecoder(shape, true),
  compileEncoder: compileCborEncoder,
  encodeError: (error) => encodeErrorBody(errorMembers(error)),
});
