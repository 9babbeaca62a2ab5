/**
 * What a delivery stream's destination is set to, checked and with its defaults: one of the model's destination configurations, by kind. It is what
 * the catalog keeps (as JSON), what descriptions are made from, and what deliveries are built from.
 */
export type DestinationKind =
  | 'ExtendedS3'
  | 'Redshift'
  | 'Elasticsearch'
  | 'Amazonopensearchservice'
  | 'AmazonOpenSearchServerless'
  | 'Splunk'
  | 'HttpEndpoint';

/** `settings` becomes the type of the model's configuration shape of that kind. */
export type DestinationSettings = { readonly kind: DestinationKind; readonly settings: unknown };
