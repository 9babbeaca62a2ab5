/**
 * The errors that AWS's model of `Firehose_20150804` names for every operation (model of 2026-08), and those that a client cannot provoke from
 * outside, with the reason. Facts, written apart from the server's own declarations so that the two can disagree.
 */
export const FIREHOSE_ERRORS: { readonly [operation: string]: readonly string[] } = {
  CreateDeliveryStream: [
    'InvalidArgumentException',
    'LimitExceededException',
    'ResourceInUseException',
    'InvalidKMSResourceException',
  ],
  DeleteDeliveryStream: ['ResourceInUseException', 'ResourceNotFoundException'],
  DescribeDeliveryStream: ['ResourceNotFoundException'],
  ListDeliveryStreams: [],
  ListTagsForDeliveryStream: [
    'ResourceNotFoundException',
    'InvalidArgumentException',
    'LimitExceededException',
  ],
  PutRecord: [
    'ResourceNotFoundException',
    'InvalidArgumentException',
    'InvalidKMSResourceException',
    'InvalidSourceException',
    'ServiceUnavailableException',
  ],
  PutRecordBatch: [
    'ResourceNotFoundException',
    'InvalidArgumentException',
    'InvalidKMSResourceException',
    'InvalidSourceException',
    'ServiceUnavailableException',
  ],
  StartDeliveryStreamEncryption: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'LimitExceededException',
    'InvalidKMSResourceException',
  ],
  StopDeliveryStreamEncryption: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'LimitExceededException',
  ],
  TagDeliveryStream: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'LimitExceededException',
  ],
  UntagDeliveryStream: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'LimitExceededException',
  ],
  UpdateDestination: [
    'InvalidArgumentException',
    'ResourceInUseException',
    'ResourceNotFoundException',
    'ConcurrentModificationException',
  ],
};

const BY_CONSTRAINTS = 'what a tag may hold is a constraint of the model, answered with ValidationException';
const NO_KEYS = 'needs a key that is disabled or gone: Millrace has no such keys yet';
const NO_LOGS =
  'only CloudWatch Logs may put where its records are decompressed; Millrace takes them from everybody';

export const FIREHOSE_UNPROVOKABLE: { readonly [operationAndError: string]: string } = {
  'CreateDeliveryStream/LimitExceededException': 'takes 5,000 delivery streams',
  'ListTagsForDeliveryStream/InvalidArgumentException': BY_CONSTRAINTS,
  'ListTagsForDeliveryStream/LimitExceededException':
    'the rate of calls is answered with ThrottlingException',
  'TagDeliveryStream/InvalidArgumentException': BY_CONSTRAINTS,
  'UntagDeliveryStream/InvalidArgumentException': BY_CONSTRAINTS,
  'UntagDeliveryStream/LimitExceededException': 'removing never exceeds a limit',
  'PutRecord/InvalidKMSResourceException': NO_KEYS,
  'PutRecordBatch/InvalidKMSResourceException': NO_KEYS,
  'PutRecord/InvalidSourceException': NO_LOGS,
  'PutRecordBatch/InvalidSourceException': NO_LOGS,
};
