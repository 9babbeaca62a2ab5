/** The destination of a delivery stream, from its settings; those that put objects are made with what their objects need (delivery-plan.ts). */
import type { Clock, Dice } from '../../host/host.ts';
import type { HttpClient } from '../../host/http.ts';
import type { DeliveryStream } from '../delivery-stream.ts';
import type { Destination } from '../delivery/destination.ts';
import type { DestinationSettings } from '../settings/destination-settings.ts';
import type { Addresses } from './exchange.ts';
import { createHttpEndpointDestination } from './http-endpoint/http-endpoint-destination.ts';
import { createSearchDestination } from './search/search-destination.ts';
import { createSplunkDestination } from './splunk/splunk-destination.ts';

export type DestinationParts = Addresses & {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly dice: Dice;
  readonly deliveryStream: Pick<DeliveryStream, 'id' | 'arn' | 'region'>;
};

export function createDestination(
  destination: Exclude<DestinationSettings, { readonly kind: 'ExtendedS3' | 'Redshift' }>,
  parts: DestinationParts,
): Destination {
  switch (destination.kind) {
    case 'HttpEndpoint':
      return createHttpEndpointDestination(destination.settings, parts);
    case 'Splunk':
      return createSplunkDestination(destination.settings, parts);
    case 'Elasticsearch':
    case 'Amazonopensearchservice':
    case 'AmazonOpenSearchServerless':
      return createSearchDestination(destination, parts);
  }
}
