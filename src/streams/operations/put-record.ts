import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
import {
  BooleanObject,
  Data,
  EncryptionType,
  HashKey,
  PartitionKey,
  SequenceNumber,
  ShardId,
  StreamARN,
  StreamId,
  StreamName,
} from '../shapes.ts';

export const PutRecord = operation({
  name: 'PutRecord',
  action: 'kinesis:PutRecord',
  resources: streamResource,
  input: structure('PutRecordInput', {
    StreamName: optional(StreamName),
    Data: required(Data),
    PartitionKey: optional(PartitionKey),
    ExplicitHashKey: optional(HashKey),
    SequenceNumberForOrdering: optional(SequenceNumber),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
    DryRun: optional(BooleanObject),
  }),
  output: structure('PutRecordOutput', {
    ShardId: required(ShardId),
    SequenceNumber: required(SequenceNumber),
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
