/** Elasticsearch, OpenSearch and OpenSearch Serverless: defaults and checks. Texts: decision 0430. */
import type { TypeOf } from '../../wire/shape/shape.ts';
import type {
  AmazonOpenSearchServerlessDestinationConfiguration,
  AmazonopensearchserviceDestinationConfiguration,
  ElasticsearchDestinationConfiguration,
} from '../shapes/search.ts';
import type {
  BufferingSettings,
  ElasticsearchSettings,
  OpenSearchServerlessSettings,
  OpenSearchSettings,
} from './destination-settings.ts';
import { lambdaRoles } from './extended-s3.ts';
import { checkRoles, type Place } from './place.ts';
import { LAMBDA_BUFFER_MB_DEFAULT, settleProcessing } from './processors.ts';
import { invalidArgument } from './refusals.ts';
import { settleHints, settleLogging, settleS3 } from './s3.ts';

const HINTS: BufferingSettings = { SizeInMBs: 5, IntervalInSeconds: 300 };
const RETRY_S = 300;

type Given =
  | TypeOf<typeof ElasticsearchDestinationConfiguration>
  | TypeOf<typeof AmazonopensearchserviceDestinationConfiguration>
  | TypeOf<typeof AmazonOpenSearchServerlessDestinationConfiguration>;

/** Elasticsearch and OpenSearch have the same members, and AWS the same texts for both. */
export function settleSearch<
  G extends
    | TypeOf<typeof ElasticsearchDestinationConfiguration>
    | TypeOf<typeof AmazonopensearchserviceDestinationConfiguration>,
>(given: G, place: Place): ElasticsearchSettings & OpenSearchSettings {
  const { DomainARN, ClusterEndpoint } = given;
  if (DomainARN !== undefined && ClusterEndpoint !== undefined) {
    throw invalidArgument(
      'Cannot provide both Elasticsearch cluster endpoint and domain ARN. Provide either the cluster endpoint or domain arn.',
    );
  }
  if (DomainARN === undefined && ClusterEndpoint === undefined) {
    throw invalidArgument('Provide either the Elasticsearch cluster endpoint or domain arn.');
  }
  return {
    ...settleCommon(given, place),
    DomainARN,
    ClusterEndpoint,
    TypeName: given.TypeName,
    IndexRotationPeriod: given.IndexRotationPeriod ?? 'OneDay',
    S3BackupMode: given.S3BackupMode ?? 'FailedDocumentsOnly',
    DocumentIdOptions: given.DocumentIdOptions,
  };
}

export function settleServerless(
  given: TypeOf<typeof AmazonOpenSearchServerlessDestinationConfiguration>,
  place: Place,
): OpenSearchServerlessSettings {
  const { CollectionEndpoint } = given;
  if (CollectionEndpoint === undefined) {
    throw invalidArgument('Must specify collection endpoint for delivery to OpenSearch serverless.');
  }
  return {
    ...settleCommon(given, place),
    CollectionEndpoint,
    S3BackupMode: given.S3BackupMode ?? 'FailedDocumentsOnly',
  };
}

function settleCommon(given: Given, place: Place) {
  const processing = settleProcessing(given.ProcessingConfiguration, {
    roleArn: given.RoleARN,
    lambdaBufferMB: LAMBDA_BUFFER_MB_DEFAULT,
    partitioned: false,
  });
  const settings = {
    RoleARN: given.RoleARN,
    IndexName: given.IndexName,
    BufferingHints: settleHints(given.BufferingHints, HINTS),
    RetryOptions: { DurationInSeconds: given.RetryOptions?.DurationInSeconds ?? RETRY_S },
    S3Configuration: settleS3(given.S3Configuration, true),
    ProcessingConfiguration: processing,
    CloudWatchLoggingOptions: settleLogging(given.CloudWatchLoggingOptions),
    VpcConfiguration: given.VpcConfiguration,
  };
  checkRoles(
    [
      given.RoleARN,
      given.S3Configuration.RoleARN,
      given.VpcConfiguration?.RoleARN,
      ...lambdaRoles(processing),
    ],
    place,
  );
  return settings;
}
