/**
 * AWS's codes for what Splunk's HTTP event collector answers. Sources: "Splunk Data Delivery Errors", Firehose developer guide; "Possible error
 * codes", Troubleshoot HTTP Event Collector, Splunk's "Getting Data In".
 */
import type { HttpError } from '../../../host/http.ts';
import type { DeliveryError } from '../../delivery/destination.ts';

const MESSAGES = {
  ProxyWithoutStickySessions:
    'If you have a proxy (ELB or other) between Kinesis Data Firehose and the HEC node, you must enable sticky sessions to support HEC ACKs.',
  DisabledToken: 'The HEC token is disabled. Enable the token to allow data delivery to Splunk.',
  InvalidToken: 'The HEC token is invalid. Update Kinesis Data Firehose with a valid HEC token.',
  InvalidDataFormat:
    'The data is not formatted correctly. To see how to properly format data for Raw or Event HEC endpoints, see Splunk Event Data (http://dev.splunk.com/view/event-collector/SP-CAAAE6P#data).',
  InvalidIndex:
    'The HEC token or input is configured with an invalid index. Check your index configuration and try again.',
  ServerError:
    'Data delivery to Splunk failed due to a server error from the HEC node. Kinesis Data Firehose will retry sending the data if the retry duration in your Kinesis Data Firehose is greater than 0. If all the retries fail, Kinesis Data Firehose backs up the data to Amazon S3.',
  DisabledAck:
    'Indexer acknowledgement is disabled for the HEC token. Enable indexer acknowledgement and try again. For more info, see Enable indexer acknowledgement (http://dev.splunk.com/view/event-collector/SP-CAAAE8X#enable).',
  AckTimeout:
    "Did not receive an acknowledgement from HEC before the HEC acknowledgement timeout expired. Despite the acknowledgement timeout, it's possible the data was indexed successfully in Splunk. Kinesis Data Firehose backs up in Amazon S3 data for which the acknowledgement timeout expired.",
  MaxRetriesFailed:
    'Failed to deliver data to Splunk or to receive acknowledgment. Check your HEC health and try again.',
  ConnectionTimeout:
    'The connection to Splunk timed out. This might be a transient error and the request will be retried. Kinesis Data Firehose backs up the data to Amazon S3 if all retries fail.',
  InvalidEndpoint:
    'Could not connect to the HEC endpoint. Make sure that the HEC endpoint URL is valid and reachable from Kinesis Data Firehose.',
  ConnectionClosed:
    'Unable to send data to Splunk due to a connection failure. This might be a transient error. Increasing the retry duration in your Kinesis Data Firehose configuration might guard against such transient failures.',
  SSLUnverified:
    'Could not connect to the HEC endpoint. The host does not match the certificate provided by the peer. Make sure that the certificate and the host are valid.',
  SSLHandshake:
    'Could not connect to the HEC endpoint. Make sure that the certificate and the host are valid.',
} as const;

type Code = keyof typeof MESSAGES;

export function splunkError(code: Code): DeliveryError {
  return { code: `Splunk.${code}`, message: MESSAGES[code] };
}

/** The collector's own `code` beside its `text`. */
const CODES: Readonly<Record<number, Code>> = {
  1: 'DisabledToken',
  2: 'InvalidToken',
  3: 'InvalidToken',
  4: 'InvalidToken',
  5: 'InvalidDataFormat',
  6: 'InvalidDataFormat',
  7: 'InvalidIndex',
  8: 'ServerError',
  9: 'ServerError',
  // It does not know the channel that another node was told of.
  10: 'ProxyWithoutStickySessions',
  11: 'ProxyWithoutStickySessions',
  12: 'InvalidDataFormat',
  13: 'InvalidDataFormat',
  14: 'DisabledAck',
  15: 'InvalidDataFormat',
  18: 'ServerError',
  19: 'ServerError',
  20: 'ServerError',
  21: 'InvalidToken',
  22: 'DisabledToken',
  23: 'ServerError',
};

/** `code` is undefined when the answer is none of the collector's. */
export function errorOfAnswer(status: number, code: number | undefined): DeliveryError {
  const known = code === undefined ? undefined : CODES[code];
  if (known !== undefined) return splunkError(known);
  if (status >= 500 || status === 429) return splunkError('ServerError');
  if (status === 404 || status === 405 || (status >= 300 && status < 400))
    return splunkError('InvalidEndpoint');
  return splunkError('MaxRetriesFailed');
}

export function errorOfFailure({ failure, message }: HttpError): DeliveryError {
  switch (failure) {
    case 'timeout':
      return splunkError('ConnectionTimeout');
    case 'unreachable':
      return splunkError('InvalidEndpoint');
    case 'refused-address':
      return {
        code: 'Splunk.InvalidEndpoint',
        message:
          'Could not connect to the HEC endpoint: its address is private to this server, and no endpoint is configured for it.',
      };
    case 'untrusted':
      // Node's text for a name that is not among those of the certificate.
      return splunkError(/altnames/.test(message) ? 'SSLUnverified' : 'SSLHandshake');
    case 'broken':
      return splunkError('ConnectionClosed');
    case 'too-long':
      return splunkError('ServerError');
  }
}
