/**
 * Why one record could not be converted, as it stands in the error record: `lastErrorCode` and `lastErrorMessage`.
 * It is the fault of the data and never of the whole object: other records go on.
 */
export class RecordFault extends Error {
  override readonly name = 'RecordFault';
  readonly code: 'DataFormatConversion.ParseError' | 'DataFormatConversion.MalformedData';

  constructor(code: RecordFault['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** The record is no JSON. `message` is in Jackson's words. */
export function parseFault(message: string): RecordFault {
  return new RecordFault('DataFormatConversion.ParseError', message);
}

/** The value at fault may be the whole record, which stands in the error record anyway. */
const REASON_MAX = 1000;

/** AWS says so of a string in a double: "Data does not match the schema. For input string: \"oops\"". */
export function schemaFault(reason: string): RecordFault {
  return new RecordFault(
    'DataFormatConversion.MalformedData',
    `Data does not match the schema. ${reason.slice(0, REASON_MAX)}`,
  );
}
