import type { Handler } from '../../wire/shape/operation.ts';
import { dryRunOperation, INTERNAL_FAILURE_TEXT, isInternalFailure } from '../records/data-errors.ts';
import { packEntries } from '../records/entries.ts';
import { checkRecords } from '../records/record-rules.ts';
import { resolveStream } from '../directory/resolve-stream.ts';
import type { ShardWriter } from '../writing/shard-writer.ts';
import type { Results } from '../writing/written.ts';
import type { StreamDirectory } from '../directory/stream.ts';
import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
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
    const entries = packEntries(input.Records);
    checkRecords(stream, entries, (entry, member) => `records.${entry + 1}.member.${member}`);
    if (input.DryRun === true) throw dryRunOperation();
    let refused = 0;
    let results: Results;
    try {
      const written = await writer.put(stream, entries);
      refused = written.refused;
      results = written.results();
    } catch (error) {
      if (!isInternalFailure(error)) throw error;
      const failure = { ErrorCode: 'InternalFailure', ErrorMessage: INTERNAL_FAILURE_TEXT };
      refused = entries.length;
      results = Array.from({ length: refused }, () => failure);
    }
    return {
      FailedRecordCount: refused,
      Records: results,
      ...(stream.encryptionType === 'KMS' ? { EncryptionType: 'KMS' } : {}),
    };
  };
}
