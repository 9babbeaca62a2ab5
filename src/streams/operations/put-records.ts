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
