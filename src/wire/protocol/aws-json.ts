/** awsJson 1.0 and 1.1: the same bodies under two content types. */
import { compileJsonDecoder } from '../shape/json-decoder.ts';
import { compileJsonEncoder } from '../shape/json-encoder.ts';
import { ErrorBody, type Protocol, errorMembers } from './protocol.ts';

const encodeErrorBody = compileJsonEncoder(ErrorBody);

function awsJson(contentType: string): Protocol {
  return Object.freeze({
    contentType,
    eventContentType: 'application/json',
    compileDecoder: (shape) => compileJsonDecoder(shape, true),
    compileEncoder: compileJsonEncoder,
    encodeError: (error) =>
      error.members === undefined
        ? encodeErrorBody(errorMembers(error))
        : Buffer.from(JSON.stringify({ ...errorMembers(error), ...error.members })),
  });
}

export const awsJson10: Protocol = awsJson('application/x-amz-json-1.0');
export const awsJson11: Protocol = awsJson('application/x-amz-json-1.1');
