/** Errors that the model names and that a client cannot provoke from outside, with the reason. They are listed, never faked. */
const NO_KEYS =
  "needs a key of one's own that is disabled, deleted, forbidden or throttled: Millrace has no such keys yet";
const NO_RATE = 'AWS documents no rate for this operation';
const NO_STATE =
  'AWS does not say in which state of the stream it answers this; it works on a stream that is being created or changed';

export const UNPROVOKABLE: { readonly [operationAndError: string]: string } = {
  '*/InternalFailureException': 'a fault of the server, which no request may cause',
  '*/KMSAccessDeniedException': NO_KEYS,
  '*/KMSDisabledException': NO_KEYS,
  '*/KMSInvalidStateException': NO_KEYS,
  '*/KMSNotFoundException': NO_KEYS,
  '*/KMSOptInRequired': NO_KEYS,
  '*/KMSThrottlingException': NO_KEYS,

  'AddTagsToStream/ResourceInUseException': NO_STATE,
  'DeleteResourcePolicy/ResourceInUseException': NO_STATE,
  'GetResourcePolicy/ResourceInUseException': NO_STATE,
  'ListStreamConsumers/ResourceInUseException': NO_STATE,
  'ListTagsForResource/ResourceInUseException': NO_STATE,
  'PutResourcePolicy/ResourceInUseException': NO_STATE,
  'RemoveTagsFromStream/ResourceInUseException': NO_STATE,
  'TagResource/ResourceInUseException': NO_STATE,
  'UntagResource/ResourceInUseException': NO_STATE,

  'UpdateStreamWarmThroughput/ResourceInUseException':
    "comes after the check of the account's throughput commitment, which costs money on AWS and lasts a day",

  'UpdateMaxRecordSize/LimitExceededException': NO_RATE,
  'UpdateStreamRecordDistributionStrategy/LimitExceededException': NO_RATE,
  'ListShards/LimitExceededException': 'takes over 1,000 calls a second',
  'StopStreamEncryption/LimitExceededException': 'only changes to another key are counted',
  'SubscribeToShard/LimitExceededException':
    'a second call on the same shard and consumer is answered with ResourceInUseException',

  'UpdateAccountSettings/InvalidArgumentException':
    'needs a throughput commitment, which costs money on AWS and lasts a day',
};
