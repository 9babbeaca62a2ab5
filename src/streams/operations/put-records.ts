import type { Handler } from '../../wire/shape/operation.ts';
import { dryRunOperation, INTERNAL_FAILURE_TEXT, isInternalFailure } from '../data-errors.ts';
import { checkRecords } from '../record-rules.ts';
import { resolveStream } from '../resolve-stream.ts';
import type { ShardWriter } from '../shard-writer.ts';
import type { StreamDirectory } from '../stream.ts';
import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
import {
  BooleanObject,
  EncryptionType,
  PositiveIntegerObject,
  PutRecordsRequestEntryList,
  PutRecordsResultEntryList,
  StreamARN,
  StreamId,
  StreamName,
} from '../shapes.ts';

export const PutRecords = operation({
  name: 'PutRecords',
  action: 'kinesis:PutRecords',
  resources: streamResource,
  input: structure('PutRecordsInput', {
    Records: required(PutRecordsRequestEntryList),
    StreamName: optional(StreamName),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
    DryRun: optional(BooleanObject),
  }),
  output: structure('PutRecordsOutput', {
    FailedRecordCount: optional(PositiveIntegerObject),
    Records: required(PutRecordsResultEntryList),
    EncryptionType: optional(EncryptionType),
  }),
  errors: [
    'ResourceNotFoundException',
    'InvalidArgumentException',
    'ProvisionedThroughputExceededException',
    'KMSDisabledException',
    'KMSInvalidStateException',
    'KMSAccessDeniedException',
    'KMSNotFoundException',
    'KMSOptInRequired',
    'KMSThrottlingException',
    'AccessDeniedException',
    'InternalFailureException',
    'DryRunOperationException',
  ],
});

export function putRecords(parts: {
  readonly directory: StreamDirectory;
  readonly writer: ShardWriter;
}): Handler<typeof PutRecords> {
  const { directory, writer } = parts;
  return async (input, call) => {
    const stream = resolveStream(directory, input, call);
    const keyBytes = checkRecords(
      stream,
      input.Records,
      (entry, member) => `records.${entry + 1}.member.${member}`,
    );
    if (input.DryRun === true) throw dryRunOperation();
    let results;
    try {
      results = await writer.put(stream, input.Records, keyBytes);
    } catch (error) {
      if (!isInternalFailure(error)) throw error;
      const failure = { ErrorCode: 'InternalFailure', ErrorMessage: INTERNAL_FAILURE_TEXT };
      results = input.Records.map(() => failure);
    }
    let failed = 0;
    for (const result of results) if (result.ErrorCode !== undefined) failed++;
    return {
      FailedRecordCount: failed,
      Records: results,
      ...(stream.encryptionType === 'KMS' ? { EncryptionType: 'KMS' } : {}),
    };
  };
}
