/**
 * What a function's answer says of each record. Texts and codes are the service's, as others have seen them from it (decision 0462): what is wrong
 * with one record fails that one, what is wrong with the shape of the answer fails all, and neither is asked again.
 */

/** `data` and `keys` of a record that goes on. */
export type Verdict =
  | { readonly kind: 'ok'; readonly data: Uint8Array; readonly keys: ReadonlyMap<string, string> | undefined }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'failed'; readonly error: LambdaError };

export type LambdaError = { readonly code: string; readonly message: string };

const ERRORS = Object.freeze({
  notJson: {
    code: 'Lambda.JsonProcessingException',
    message:
      'There was an error parsing returned records from the Lambda function. Ensure that the returned records follow the status model required by Firehose.',
  },
  badFormat: {
    code: 'Lambda.FunctionError',
    message:
      'Check your function and make sure the output is in required format. In addition to that, make sure the processed records contain valid result status of Dropped, Ok, or ProcessingFailed',
  },
  missing: {
    code: 'Lambda.MissingRecordId',
    message:
      'One or more record Ids were not returned. Ensure that the Lambda function returns all received record Ids.',
  },
  duplicated: {
    code: 'Lambda.DuplicatedRecordId',
    message:
      'Multiple records were returned with the same record Id. Ensure that the Lambda function returns a unique record Id for each record.',
  },
  processingFailed: {
    code: 'Lambda.ProcessingFailedStatus',
    message: 'ProcessingFailed status set for record',
  },
  noData: {
    code: 'Lambda.InvalidReturnFormat',
    message:
      'The data field cannot be null when the SourceType is DirectPut or KinesisStreamAsSource and processing result is Ok. The value field cannot be null when the SourceType is MSKAsSource and processing result is Ok.',
  },
} as const satisfies Record<string, LambdaError>);

/** A verdict for each of `ids`, in their order. */
export function readLambdaAnswer(payload: Uint8Array, ids: readonly string[]): readonly Verdict[] {
  let answer: unknown;
  try {
    answer = JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return ids.map(() => failed(ERRORS.notJson));
  }
  const records = (answer as { records?: unknown } | null)?.records;
  // Without any records all are missing.
  const verdicts = new Map<string, Verdict>();
  for (const record of Array.isArray(records) ? (records as readonly unknown[]) : []) {
    const id = (record as { recordId?: unknown } | null)?.recordId;
    if (typeof id !== 'string') continue;
    const verdict = verdicts.has(id) ? failed(ERRORS.duplicated) : verdictOf(record as ReturnedRecord);
    if (verdict === undefined) return ids.map(() => failed(ERRORS.badFormat));
    verdicts.set(id, verdict);
  }
  // Ids that were not asked about are not looked at.
  return ids.map((id) => verdicts.get(id) ?? failed(ERRORS.missing));
}

type ReturnedRecord = {
  readonly result?: unknown;
  readonly data?: unknown;
  readonly metadata?: { readonly partitionKeys?: unknown } | null;
};

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Undefined when the answer as a whole is not of the form that it must have. */
function verdictOf({ result, data, metadata }: ReturnedRecord): Verdict | undefined {
  if (result === 'Dropped') return { kind: 'dropped' };
  if (result === 'ProcessingFailed') return failed(ERRORS.processingFailed);
  if (result !== 'Ok') return undefined;
  if (data === undefined || data === null) return failed(ERRORS.noData);
  if (typeof data !== 'string' || data.length % 4 !== 0 || !BASE64.test(data)) return undefined;
  return { kind: 'ok', data: Buffer.from(data, 'base64'), keys: keysOf(metadata?.partitionKeys) };
}

/** Texts as they are, numbers and booleans as JSON writes them; what is neither is no key. */
function keysOf(keys: unknown): ReadonlyMap<string, string> | undefined {
  if (typeof keys !== 'object' || keys === null) return undefined;
  return new Map(
    Object.entries(keys).flatMap(([name, value]) =>
      ['string', 'number', 'boolean'].includes(typeof value) ? [[name, String(value)] as const] : [],
    ),
  );
}

function failed(error: LambdaError): Verdict {
  return { kind: 'failed', error };
}
