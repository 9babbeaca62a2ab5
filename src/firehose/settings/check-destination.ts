/** From the one destination configuration of a CreateDeliveryStream to settings. */
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { HttpEndpointDestinationConfiguration } from '../shapes/http-endpoint.ts';
import type { IcebergDestinationConfiguration } from '../shapes/iceberg.ts';
import type { RedshiftDestinationConfiguration } from '../shapes/redshift.ts';
import type { ExtendedS3DestinationConfiguration, S3DestinationConfiguration } from '../shapes/s3.ts';
import type {
  AmazonOpenSearchServerlessDestinationConfiguration,
  AmazonopensearchserviceDestinationConfiguration,
  ElasticsearchDestinationConfiguration,
} from '../shapes/search.ts';
import type { SnowflakeDestinationConfiguration } from '../shapes/snowflake.ts';
import type { SplunkDestinationConfiguration } from '../shapes/splunk.ts';
import type { DestinationSettings } from './destination-settings.ts';
import { settleExtendedS3, type GivenExtendedS3 } from './extended-s3.ts';
import { settleHttpEndpoint } from './http-endpoint.ts';
import type { Place } from './place.ts';
import { settleRedshift } from './redshift.ts';
import { invalidArgument, notServed } from './refusals.ts';
import { settleSearch, settleServerless } from './search.ts';
import { settleSplunk } from './splunk.ts';

/** The members of CreateDeliveryStreamInput that name a destination. */
export type DestinationConfigurations = {
  readonly S3DestinationConfiguration?: TypeOf<typeof S3DestinationConfiguration> | undefined;
  readonly ExtendedS3DestinationConfiguration?: TypeOf<typeof ExtendedS3DestinationConfiguration> | undefined;
  readonly RedshiftDestinationConfiguration?: TypeOf<typeof RedshiftDestinationConfiguration> | undefined;
  readonly ElasticsearchDestinationConfiguration?:
    | TypeOf<typeof ElasticsearchDestinationConfiguration>
    | undefined;
  readonly AmazonopensearchserviceDestinationConfiguration?:
    | TypeOf<typeof AmazonopensearchserviceDestinationConfiguration>
    | undefined;
  readonly SplunkDestinationConfiguration?: TypeOf<typeof SplunkDestinationConfiguration> | undefined;
  readonly HttpEndpointDestinationConfiguration?:
    | TypeOf<typeof HttpEndpointDestinationConfiguration>
    | undefined;
  readonly AmazonOpenSearchServerlessDestinationConfiguration?:
    | TypeOf<typeof AmazonOpenSearchServerlessDestinationConfiguration>
    | undefined;
  readonly SnowflakeDestinationConfiguration?: TypeOf<typeof SnowflakeDestinationConfiguration> | undefined;
  readonly IcebergDestinationConfiguration?: TypeOf<typeof IcebergDestinationConfiguration> | undefined;
};

/** A configuration by kind: what was given, or settings merged with an update. */
export type GivenDestination =
  | { readonly kind: 'ExtendedS3'; readonly given: GivenExtendedS3 }
  | { readonly kind: 'Redshift'; readonly given: TypeOf<typeof RedshiftDestinationConfiguration> }
  | { readonly kind: 'Elasticsearch'; readonly given: TypeOf<typeof ElasticsearchDestinationConfiguration> }
  | {
      readonly kind: 'Amazonopensearchservice';
      readonly given: TypeOf<typeof AmazonopensearchserviceDestinationConfiguration>;
    }
  | {
      readonly kind: 'AmazonOpenSearchServerless';
      readonly given: TypeOf<typeof AmazonOpenSearchServerlessDestinationConfiguration>;
    }
  | { readonly kind: 'Splunk'; readonly given: TypeOf<typeof SplunkDestinationConfiguration> }
  | { readonly kind: 'HttpEndpoint'; readonly given: TypeOf<typeof HttpEndpointDestinationConfiguration> };

/** Throws `ServiceError` InvalidArgumentException, or AccessDeniedException for roles of another account. */
export function checkDestination(input: DestinationConfigurations, place: Place): DestinationSettings {
  const given = givenDestinations(input);
  const unserved = ['SnowflakeDestinationConfiguration', 'IcebergDestinationConfiguration'] as const;
  const refused = unserved.filter((member) => input[member] !== undefined);
  if (given.length + refused.length !== 1) {
    throw invalidArgument('Exactly one destination configuration is supported for a Firehose');
  }
  const [member] = refused;
  if (member !== undefined) throw notServed(member, 'it does not deliver there yet.');
  return settle(given[0]!, place);
}

export function settle(destination: GivenDestination, place: Place): DestinationSettings {
  const { kind } = destination;
  switch (kind) {
    case 'ExtendedS3':
      return { kind, settings: settleExtendedS3(destination.given, place) };
    case 'Redshift':
      return { kind, settings: settleRedshift(destination.given, place) };
    case 'Elasticsearch':
      return { kind, settings: settleSearch(destination.given, place) };
    case 'Amazonopensearchservice':
      return { kind, settings: settleSearch(destination.given, place) };
    case 'AmazonOpenSearchServerless':
      return { kind, settings: settleServerless(destination.given, place) };
    case 'Splunk':
      return { kind, settings: settleSplunk(destination.given, place) };
    case 'HttpEndpoint':
      return { kind, settings: settleHttpEndpoint(destination.given, place) };
  }
}

function givenDestinations(input: DestinationConfigurations): GivenDestination[] {
  const {
    S3DestinationConfiguration: s3,
    ExtendedS3DestinationConfiguration: extended,
    RedshiftDestinationConfiguration: redshift,
    ElasticsearchDestinationConfiguration: elasticsearch,
    AmazonopensearchserviceDestinationConfiguration: opensearch,
    AmazonOpenSearchServerlessDestinationConfiguration: serverless,
    SplunkDestinationConfiguration: splunk,
    HttpEndpointDestinationConfiguration: http,
  } = input;
  return [
    s3 && ({ kind: 'ExtendedS3', given: s3 } as const),
    extended && ({ kind: 'ExtendedS3', given: extended } as const),
    redshift && ({ kind: 'Redshift', given: redshift } as const),
    elasticsearch && ({ kind: 'Elasticsearch', given: elasticsearch } as const),
    opensearch && ({ kind: 'Amazonopensearchservice', given: opensearch } as const),
    serverless && ({ kind: 'AmazonOpenSearchServerless', given: serverless } as const),
    splunk && ({ kind: 'Splunk', given: splunk } as const),
    http && ({ kind: 'HttpEndpoint', given: http } as const),
  ].filter((one) => one !== undefined);
}
