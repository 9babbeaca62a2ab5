/**
 * DestinationDescription of settings, member by member: a member is described exactly where the model has it, so HECToken is and a password and an
 * access key are not. ExtendedS3 is described twice, also as the older S3DestinationDescription (seen at AWS).
 */
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { DataFormatConversionConfiguration } from '../shapes/conversion.ts';
import type { DestinationDescription } from '../shapes/descriptions.ts';
import type { VpcConfigurationDescription } from '../shapes/names.ts';
import type { S3DestinationDescription } from '../shapes/s3.ts';
import type {
  ConversionSettings,
  DestinationSettings,
  ElasticsearchSettings,
  ExtendedS3Settings,
  OpenSearchServerlessSettings,
  S3Settings,
} from './destination-settings.ts';

/** There is one destination, and this is its id (seen at AWS). */
export const DESTINATION_ID = 'destinationId-000000000001';

export function describeDestination(destination: DestinationSettings): TypeOf<typeof DestinationDescription> {
  return { DestinationId: DESTINATION_ID, ...describe(destination) };
}

function describe(
  destination: DestinationSettings,
): Omit<TypeOf<typeof DestinationDescription>, 'DestinationId'> {
  switch (destination.kind) {
    case 'ExtendedS3':
      return {
        S3DestinationDescription: describeS3(destination.settings),
        ExtendedS3DestinationDescription: describeExtendedS3(destination.settings),
      };
    case 'Redshift': {
      const { S3Configuration, S3BackupConfiguration, Password: _, ...described } = destination.settings;
      return {
        RedshiftDestinationDescription: {
          ...described,
          S3DestinationDescription: describeS3(S3Configuration),
          S3BackupDescription: S3BackupConfiguration && describeS3(S3BackupConfiguration),
        },
      };
    }
    case 'Elasticsearch':
      return { ElasticsearchDestinationDescription: describeSearch(destination.settings) };
    case 'Amazonopensearchservice':
      return { AmazonopensearchserviceDestinationDescription: describeSearch(destination.settings) };
    case 'AmazonOpenSearchServerless':
      return { AmazonOpenSearchServerlessDestinationDescription: describeSearch(destination.settings) };
    case 'Splunk': {
      const { S3Configuration, ...described } = destination.settings;
      return {
        SplunkDestinationDescription: {
          ...described,
          S3DestinationDescription: describeS3(S3Configuration),
        },
      };
    }
    case 'HttpEndpoint': {
      const { S3Configuration, EndpointConfiguration, ...described } = destination.settings;
      return {
        HttpEndpointDestinationDescription: {
          ...described,
          EndpointConfiguration: { Url: EndpointConfiguration.Url, Name: EndpointConfiguration.Name },
          S3DestinationDescription: describeS3(S3Configuration),
        },
      };
    }
  }
}

function describeS3(settings: S3Settings): TypeOf<typeof S3DestinationDescription> {
  return {
    RoleARN: settings.RoleARN,
    BucketARN: settings.BucketARN,
    Prefix: settings.Prefix,
    ErrorOutputPrefix: settings.ErrorOutputPrefix,
    BufferingHints: settings.BufferingHints,
    CompressionFormat: settings.CompressionFormat,
    EncryptionConfiguration: settings.EncryptionConfiguration,
    CloudWatchLoggingOptions: settings.CloudWatchLoggingOptions,
  };
}

function describeExtendedS3(
  settings: ExtendedS3Settings,
): TypeOf<typeof DestinationDescription>['ExtendedS3DestinationDescription'] {
  const {
    S3BackupConfiguration: backup,
    DataFormatConversionConfiguration: conversion,
    ...described
  } = settings;
  return {
    ...described,
    S3BackupDescription: backup && describeS3(backup),
    DataFormatConversionConfiguration: conversion && describeConversion(conversion),
  };
}

function describeConversion(settings: ConversionSettings): TypeOf<typeof DataFormatConversionConfiguration> {
  const { InputFormatConfiguration: input, ...others } = settings;
  if (input === undefined) return others;
  const { OpenXJsonSerDe: openX, ...deserializer } = input.Deserializer ?? {};
  if (openX === undefined) {
    return {
      ...others,
      InputFormatConfiguration: input.Deserializer === undefined ? {} : { Deserializer: deserializer },
    };
  }
  const { ColumnToJsonKeyMappings: mappings, ...options } = openX;
  return {
    ...others,
    InputFormatConfiguration: {
      Deserializer: {
        ...deserializer,
        OpenXJsonSerDe: {
          ...options,
          ...(mappings === undefined ? {} : { ColumnToJsonKeyMappings: new Map(Object.entries(mappings)) }),
        },
      },
    },
  };
}

function describeSearch<S extends ElasticsearchSettings | OpenSearchServerlessSettings>(settings: S) {
  const { S3Configuration, VpcConfiguration: vpc, ...described } = settings;
  return {
    ...described,
    S3DestinationDescription: describeS3(S3Configuration),
    VpcConfigurationDescription: vpc && { ...vpc, VpcId: vpcIdOf(vpc) },
  };
}

/** No network of AWS's stands behind it. The model wants an id, so the first subnet gives it one that stays the same. */
function vpcIdOf(vpc: Omit<TypeOf<typeof VpcConfigurationDescription>, 'VpcId'>): string {
  return `vpc-${vpc.SubnetIds[0]!.replace(/^subnet-/, '')}`;
}
