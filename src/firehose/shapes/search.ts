/** Elasticsearch, OpenSearch and OpenSearch Serverless: three destinations that differ in few members. */
import { enumeration, integer, optional, required, string, structure } from '../../wire/shape/shape.ts';
import { CloudWatchLoggingOptions, RoleARN, VpcConfiguration, VpcConfigurationDescription } from './names.ts';
import { ProcessingConfiguration } from './processing.ts';
import { S3DestinationConfiguration, S3DestinationDescription, S3DestinationUpdate } from './s3.ts';

export const AmazonOpenSearchServerlessBufferingIntervalInSeconds = integer({ min: 0, max: 900 });

export const AmazonOpenSearchServerlessBufferingSizeInMBs = integer({ min: 1, max: 100 });

export const AmazonOpenSearchServerlessBufferingHints = structure(
  'AmazonOpenSearchServerlessBufferingHints',
  {
    IntervalInSeconds: optional(AmazonOpenSearchServerlessBufferingIntervalInSeconds),
    SizeInMBs: optional(AmazonOpenSearchServerlessBufferingSizeInMBs),
  },
);

export const AmazonOpenSearchServerlessCollectionEndpoint = string({ min: 1, max: 512, pattern: 'https:.*' });

export const AmazonOpenSearchServerlessIndexName = string({ min: 1, max: 80, pattern: '.*' });

export const AmazonOpenSearchServerlessRetryDurationInSeconds = integer({ min: 0, max: 7200 });

export const AmazonOpenSearchServerlessRetryOptions = structure('AmazonOpenSearchServerlessRetryOptions', {
  DurationInSeconds: optional(AmazonOpenSearchServerlessRetryDurationInSeconds),
});

export const AmazonOpenSearchServerlessS3BackupMode = enumeration('FailedDocumentsOnly', 'AllDocuments');

export const AmazonOpenSearchServerlessDestinationConfiguration = structure(
  'AmazonOpenSearchServerlessDestinationConfiguration',
  {
    RoleARN: required(RoleARN),
    CollectionEndpoint: optional(AmazonOpenSearchServerlessCollectionEndpoint),
    IndexName: required(AmazonOpenSearchServerlessIndexName),
    BufferingHints: optional(AmazonOpenSearchServerlessBufferingHints),
    RetryOptions: optional(AmazonOpenSearchServerlessRetryOptions),
    S3BackupMode: optional(AmazonOpenSearchServerlessS3BackupMode),
    S3Configuration: required(S3DestinationConfiguration),
    ProcessingConfiguration: optional(ProcessingConfiguration),
    CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
    VpcConfiguration: optional(VpcConfiguration),
  },
);

export const AmazonOpenSearchServerlessDestinationDescription = structure(
  'AmazonOpenSearchServerlessDestinationDescription',
  {
    RoleARN: optional(RoleARN),
    CollectionEndpoint: optional(AmazonOpenSearchServerlessCollectionEndpoint),
    IndexName: optional(AmazonOpenSearchServerlessIndexName),
    BufferingHints: optional(AmazonOpenSearchServerlessBufferingHints),
    RetryOptions: optional(AmazonOpenSearchServerlessRetryOptions),
    S3BackupMode: optional(AmazonOpenSearchServerlessS3BackupMode),
    S3DestinationDescription: optional(S3DestinationDescription),
    ProcessingConfiguration: optional(ProcessingConfiguration),
    CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
    VpcConfigurationDescription: optional(VpcConfigurationDescription),
  },
);

export const AmazonOpenSearchServerlessDestinationUpdate = structure(
  'AmazonOpenSearchServerlessDestinationUpdate',
  {
    RoleARN: optional(RoleARN),
    CollectionEndpoint: optional(AmazonOpenSearchServerlessCollectionEndpoint),
    IndexName: optional(AmazonOpenSearchServerlessIndexName),
    BufferingHints: optional(AmazonOpenSearchServerlessBufferingHints),
    RetryOptions: optional(AmazonOpenSearchServerlessRetryOptions),
    S3Update: optional(S3DestinationUpdate),
    ProcessingConfiguration: optional(ProcessingConfiguration),
    CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
  },
);

export const AmazonopensearchserviceBufferingIntervalInSeconds = integer({ min: 0, max: 900 });

export const AmazonopensearchserviceBufferingSizeInMBs = integer({ min: 1, max: 100 });

export const AmazonopensearchserviceBufferingHints = structure('AmazonopensearchserviceBufferingHints', {
  IntervalInSeconds: optional(AmazonopensearchserviceBufferingIntervalInSeconds),
  SizeInMBs: optional(AmazonopensearchserviceBufferingSizeInMBs),
});

export const AmazonopensearchserviceClusterEndpoint = string({ min: 1, max: 512, pattern: 'https:.*' });

export const AmazonopensearchserviceDomainARN = string({
  min: 1,
  max: 512,
  pattern: 'arn:.*:es:[a-zA-Z0-9\\-]+:\\d{12}:domain/[a-z][-0-9a-z]{2,27}',
});

export const AmazonopensearchserviceIndexName = string({ min: 1, max: 80, pattern: '.*' });

export const AmazonopensearchserviceTypeName = string({ min: 0, max: 100, pattern: '.*' });

export const AmazonopensearchserviceIndexRotationPeriod = enumeration(
  'NoRotation',
  'OneHour',
  'OneDay',
  'OneWeek',
  'OneMonth',
);

export const AmazonopensearchserviceRetryDurationInSeconds = integer({ min: 0, max: 7200 });

export const AmazonopensearchserviceRetryOptions = structure('AmazonopensearchserviceRetryOptions', {
  DurationInSeconds: optional(AmazonopensearchserviceRetryDurationInSeconds),
});

export const AmazonopensearchserviceS3BackupMode = enumeration('FailedDocumentsOnly', 'AllDocuments');

export const DefaultDocumentIdFormat = enumeration('FIREHOSE_DEFAULT', 'NO_DOCUMENT_ID');

export const DocumentIdOptions = structure('DocumentIdOptions', {
  DefaultDocumentIdFormat: required(DefaultDocumentIdFormat),
});

export const AmazonopensearchserviceDestinationConfiguration = structure(
  'AmazonopensearchserviceDestinationConfiguration',
  {
    RoleARN: required(RoleARN),
    DomainARN: optional(AmazonopensearchserviceDomainARN),
    ClusterEndpoint: optional(AmazonopensearchserviceClusterEndpoint),
    IndexName: required(AmazonopensearchserviceIndexName),
    TypeName: optional(AmazonopensearchserviceTypeName),
    IndexRotationPeriod: optional(AmazonopensearchserviceIndexRotationPeriod),
    BufferingHints: optional(AmazonopensearchserviceBufferingHints),
    RetryOptions: optional(AmazonopensearchserviceRetryOptions),
    S3BackupMode: optional(AmazonopensearchserviceS3BackupMode),
    S3Configuration: required(S3DestinationConfiguration),
    ProcessingConfiguration: optional(ProcessingConfiguration),
    CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
    VpcConfiguration: optional(VpcConfiguration),
    DocumentIdOptions: optional(DocumentIdOptions),
  },
);

export const AmazonopensearchserviceDestinationDescription = structure(
  'AmazonopensearchserviceDestinationDescription',
  {
    RoleARN: optional(RoleARN),
    DomainARN: optional(AmazonopensearchserviceDomainARN),
    ClusterEndpoint: optional(AmazonopensearchserviceClusterEndpoint),
    IndexName: optional(AmazonopensearchserviceIndexName),
    TypeName: optional(AmazonopensearchserviceTypeName),
    IndexRotationPeriod: optional(AmazonopensearchserviceIndexRotationPeriod),
    BufferingHints: optional(AmazonopensearchserviceBufferingHints),
    RetryOptions: optional(AmazonopensearchserviceRetryOptions),
    S3BackupMode: optional(AmazonopensearchserviceS3BackupMode),
    S3DestinationDescription: optional(S3DestinationDescription),
    ProcessingConfiguration: optional(ProcessingConfiguration),
    CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
    VpcConfigurationDescription: optional(VpcConfigurationDescription),
    DocumentIdOptions: optional(DocumentIdOptions),
  },
);

export const AmazonopensearchserviceDestinationUpdate = structure(
  'AmazonopensearchserviceDestinationUpdate',
  {
    RoleARN: optional(RoleARN),
    DomainARN: optional(AmazonopensearchserviceDomainARN),
    ClusterEndpoint: optional(AmazonopensearchserviceClusterEndpoint),
    IndexName: optional(AmazonopensearchserviceIndexName),
    TypeName: optional(AmazonopensearchserviceTypeName),
    IndexRotationPeriod: optional(AmazonopensearchserviceIndexRotationPeriod),
    BufferingHints: optional(AmazonopensearchserviceBufferingHints),
    RetryOptions: optional(AmazonopensearchserviceRetryOptions),
    S3Update: optional(S3DestinationUpdate),
    ProcessingConfiguration: optional(ProcessingConfiguration),
    CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
    DocumentIdOptions: optional(DocumentIdOptions),
  },
);

export const ElasticsearchBufferingIntervalInSeconds = integer({ min: 0, max: 900 });

export const ElasticsearchBufferingSizeInMBs = integer({ min: 1, max: 100 });

export const ElasticsearchBufferingHints = structure('ElasticsearchBufferingHints', {
  IntervalInSeconds: optional(ElasticsearchBufferingIntervalInSeconds),
  SizeInMBs: optional(ElasticsearchBufferingSizeInMBs),
});

export const ElasticsearchClusterEndpoint = string({ min: 1, max: 512, pattern: 'https:.*' });

export const ElasticsearchDomainARN = string({
  min: 1,
  max: 512,
  pattern: 'arn:.*:es:[a-zA-Z0-9\\-]+:\\d{12}:domain/[a-z][-0-9a-z]{2,27}',
});

export const ElasticsearchIndexName = string({ min: 1, max: 80, pattern: '.*' });

export const ElasticsearchTypeName = string({ min: 0, max: 100, pattern: '.*' });

export const ElasticsearchIndexRotationPeriod = enumeration(
  'NoRotation',
  'OneHour',
  'OneDay',
  'OneWeek',
  'OneMonth',
);

export const ElasticsearchRetryDurationInSeconds = integer({ min: 0, max: 7200 });

export const ElasticsearchRetryOptions = structure('ElasticsearchRetryOptions', {
  DurationInSeconds: optional(ElasticsearchRetryDurationInSeconds),
});

export const ElasticsearchS3BackupMode = enumeration('FailedDocumentsOnly', 'AllDocuments');

export const ElasticsearchDestinationConfiguration = structure('ElasticsearchDestinationConfiguration', {
  RoleARN: required(RoleARN),
  DomainARN: optional(ElasticsearchDomainARN),
  ClusterEndpoint: optional(ElasticsearchClusterEndpoint),
  IndexName: required(ElasticsearchIndexName),
  TypeName: optional(ElasticsearchTypeName),
  IndexRotationPeriod: optional(ElasticsearchIndexRotationPeriod),
  BufferingHints: optional(ElasticsearchBufferingHints),
  RetryOptions: optional(ElasticsearchRetryOptions),
  S3BackupMode: optional(ElasticsearchS3BackupMode),
  S3Configuration: required(S3DestinationConfiguration),
  ProcessingConfiguration: optional(ProcessingConfiguration),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
  VpcConfiguration: optional(VpcConfiguration),
  DocumentIdOptions: optional(DocumentIdOptions),
});

export const ElasticsearchDestinationDescription = structure('ElasticsearchDestinationDescription', {
  RoleARN: optional(RoleARN),
  DomainARN: optional(ElasticsearchDomainARN),
  ClusterEndpoint: optional(ElasticsearchClusterEndpoint),
  IndexName: optional(ElasticsearchIndexName),
  TypeName: optional(ElasticsearchTypeName),
  IndexRotationPeriod: optional(ElasticsearchIndexRotationPeriod),
  BufferingHints: optional(ElasticsearchBufferingHints),
  RetryOptions: optional(ElasticsearchRetryOptions),
  S3BackupMode: optional(ElasticsearchS3BackupMode),
  S3DestinationDescription: optional(S3DestinationDescription),
  ProcessingConfiguration: optional(ProcessingConfiguration),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
  VpcConfigurationDescription: optional(VpcConfigurationDescription),
  DocumentIdOptions: optional(DocumentIdOptions),
});

export const ElasticsearchDestinationUpdate = structure('ElasticsearchDestinationUpdate', {
  RoleARN: optional(RoleARN),
  DomainARN: optional(ElasticsearchDomainARN),
  ClusterEndpoint: optional(ElasticsearchClusterEndpoint),
  IndexName: optional(ElasticsearchIndexName),
  TypeName: optional(ElasticsearchTypeName),
  IndexRotationPeriod: optional(ElasticsearchIndexRotationPeriod),
  BufferingHints: optional(ElasticsearchBufferingHints),
  RetryOptions: optional(ElasticsearchRetryOptions),
  S3Update: optional(S3DestinationUpdate),
  ProcessingConfiguration: optional(ProcessingConfiguration),
  CloudWatchLoggingOptions: optional(CloudWatchLoggingOptions),
  DocumentIdOptions: optional(DocumentIdOptions),
});
