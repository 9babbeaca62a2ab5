/**
 * What a delivery stream's destination is set to, checked and with its defaults: one of the model's destination configurations, by kind. It is what
 * the catalog keeps (as JSON, so there are no maps in it), what descriptions are made from, and what deliveries are built from.
 */
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { DataFormatConversionConfiguration, OpenXJsonSerDe } from '../shapes/conversion.ts';
import type { HttpEndpointDestinationConfiguration } from '../shapes/http-endpoint.ts';
import type { CloudWatchLoggingOptions } from '../shapes/names.ts';
import type { Processor } from '../shapes/processing.ts';
import type { RedshiftDestinationConfiguration } from '../shapes/redshift.ts';
import type { ExtendedS3DestinationConfiguration, S3DestinationConfiguration } from '../shapes/s3.ts';
import type {
  AmazonOpenSearchServerlessDestinationConfiguration,
  AmazonopensearchserviceDestinationConfiguration,
  ElasticsearchDestinationConfiguration,
} from '../shapes/search.ts';
import type { SplunkDestinationConfiguration } from '../shapes/splunk.ts';

/** A delivery stream made by S3DestinationConfiguration, the older one, is an ExtendedS3 too. */
export type DestinationSettings =
  | { readonly kind: 'ExtendedS3'; readonly settings: ExtendedS3Settings }
  | { readonly kind: 'Redshift'; readonly settings: RedshiftSettings }
  | { readonly kind: 'Elasticsearch'; readonly settings: ElasticsearchSettings }
  | { readonly kind: 'Amazonopensearchservice'; readonly settings: OpenSearchSettings }
  | { readonly kind: 'AmazonOpenSearchServerless'; readonly settings: OpenSearchServerlessSettings }
  | { readonly kind: 'Splunk'; readonly settings: SplunkSettings }
  | { readonly kind: 'HttpEndpoint'; readonly settings: HttpEndpointSettings };

export type DestinationKind = DestinationSettings['kind'];

/** Of a kind. */
export type SettingsOf<K extends DestinationKind> = Extract<
  DestinationSettings,
  { readonly kind: K }
>['settings'];

/** The members `K` have their defaults; members that are settled in a form of their own are left out. */
type Settled<C, K extends keyof C, Own extends keyof C = never> = Omit<C, K | Own> & {
  readonly [P in K]-?: NonNullable<C[P]>;
};

/** Both, always. */
export type BufferingSettings = { readonly SizeInMBs: number; readonly IntervalInSeconds: number };

export type RetrySettings = { readonly DurationInSeconds: number };

export type LoggingSettings = TypeOf<typeof CloudWatchLoggingOptions> & { readonly Enabled: boolean };

export type ProcessingSettings = {
  readonly Enabled: boolean;
  /** Lambda's parameters are in AWS's order and with its defaults. */
  readonly Processors: readonly TypeOf<typeof Processor>[];
};

export type S3Settings = Settled<
  TypeOf<typeof S3DestinationConfiguration>,
  'CompressionFormat' | 'EncryptionConfiguration',
  'BufferingHints' | 'CloudWatchLoggingOptions'
> & {
  readonly BufferingHints: BufferingSettings;
  readonly CloudWatchLoggingOptions: LoggingSettings;
};

type Conversion = TypeOf<typeof DataFormatConversionConfiguration>;
type InputFormat = NonNullable<Conversion['InputFormatConfiguration']>;
type Deserializer = NonNullable<InputFormat['Deserializer']>;

/** The model's, but for the mappings, which are an object here. */
export type OpenXSettings = Omit<TypeOf<typeof OpenXJsonSerDe>, 'ColumnToJsonKeyMappings'> & {
  readonly ColumnToJsonKeyMappings?: Readonly<Record<string, string>> | undefined;
};

export type DeserializerSettings = Omit<Deserializer, 'OpenXJsonSerDe'> & {
  readonly OpenXJsonSerDe?: OpenXSettings | undefined;
};

export type ConversionSettings = Omit<Conversion, 'InputFormatConfiguration' | 'Enabled'> & {
  readonly Enabled: boolean;
  readonly InputFormatConfiguration?:
    | { readonly Deserializer?: DeserializerSettings | undefined }
    | undefined;
};

export type PartitioningSettings = {
  readonly Enabled: boolean;
  readonly RetryOptions?: RetrySettings | undefined;
};

export type ExtendedS3Settings = S3Settings &
  Settled<
    Omit<TypeOf<typeof ExtendedS3DestinationConfiguration>, keyof S3Settings>,
    'S3BackupMode',
    | 'ProcessingConfiguration'
    | 'S3BackupConfiguration'
    | 'DataFormatConversionConfiguration'
    | 'DynamicPartitioningConfiguration'
  > & {
    readonly ProcessingConfiguration?: ProcessingSettings | undefined;
    /** Always there when S3BackupMode is Enabled. */
    readonly S3BackupConfiguration?: S3Settings | undefined;
    readonly DataFormatConversionConfiguration?: ConversionSettings | undefined;
    readonly DynamicPartitioningConfiguration?: PartitioningSettings | undefined;
  };

/** What all destinations but ExtendedS3 have. `S3Configuration` is where the backup, failed records or what COPY reads go. */
type Common = {
  readonly RetryOptions: RetrySettings;
  readonly S3Configuration: S3Settings;
  readonly CloudWatchLoggingOptions: LoggingSettings;
  readonly ProcessingConfiguration?: ProcessingSettings | undefined;
};

type WithHints = Common & { readonly BufferingHints: BufferingSettings };

/** Its buffering is that of its S3Configuration. */
export type RedshiftSettings = Common &
  Settled<
    Omit<TypeOf<typeof RedshiftDestinationConfiguration>, keyof Common>,
    'Username' | 'Password' | 'S3BackupMode',
    'S3BackupConfiguration'
  > & {
    /** Always there when S3BackupMode is Enabled. */
    readonly S3BackupConfiguration?: S3Settings | undefined;
  };

/** Exactly one of DomainARN and ClusterEndpoint is there. */
export type ElasticsearchSettings = WithHints &
  Settled<
    Omit<TypeOf<typeof ElasticsearchDestinationConfiguration>, keyof WithHints>,
    'IndexRotationPeriod' | 'S3BackupMode'
  >;

/** Exactly one of DomainARN and ClusterEndpoint is there. */
export type OpenSearchSettings = WithHints &
  Settled<
    Omit<TypeOf<typeof AmazonopensearchserviceDestinationConfiguration>, keyof WithHints>,
    'IndexRotationPeriod' | 'S3BackupMode'
  >;

export type OpenSearchServerlessSettings = WithHints &
  Settled<
    Omit<TypeOf<typeof AmazonOpenSearchServerlessDestinationConfiguration>, keyof WithHints>,
    'CollectionEndpoint' | 'S3BackupMode'
  >;

export type SplunkSettings = WithHints &
  Settled<
    Omit<TypeOf<typeof SplunkDestinationConfiguration>, keyof WithHints>,
    'HECToken' | 'HECAcknowledgmentTimeoutInSeconds' | 'S3BackupMode'
  >;

export type HttpEndpointSettings = WithHints &
  Settled<
    Omit<TypeOf<typeof HttpEndpointDestinationConfiguration>, keyof WithHints>,
    'S3BackupMode',
    'RequestConfiguration'
  > & {
    readonly RequestConfiguration: {
      readonly ContentEncoding: 'NONE' | 'GZIP';
      readonly CommonAttributes?:
        | readonly { readonly AttributeName: string; readonly AttributeValue: string }[]
        | undefined;
    };
  };
