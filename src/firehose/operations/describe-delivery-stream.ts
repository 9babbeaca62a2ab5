import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure, type TypeOf } from '../../wire/shape/shape.ts';
import type { DeliveryStreamDirectory, DeliveryStreamState } from '../directory/delivery-stream-state.ts';
import { deliveryStreamResource, resolveDeliveryStream } from '../directory/resolve-delivery-stream.ts';
import { describeDestination } from '../settings/describe-destination.ts';
import {
  DeliveryStreamDescription,
  DescribeDeliveryStreamInputLimit,
  DestinationId,
} from '../shapes/descriptions.ts';
import { DeliveryStreamName } from '../shapes/names.ts';
import type { SourceDescription } from '../shapes/sources.ts';

export const DescribeDeliveryStream = operation({
  name: 'DescribeDeliveryStream',
  action: 'firehose:DescribeDeliveryStream',
  resources: deliveryStreamResource,
  input: structure('DescribeDeliveryStreamInput', {
    DeliveryStreamName: required(DeliveryStreamName),
    Limit: optional(DescribeDeliveryStreamInputLimit),
    ExclusiveStartDestinationId: optional(DestinationId),
  }),
  output: structure('DescribeDeliveryStreamOutput', {
    DeliveryStreamDescription: required(DeliveryStreamDescription),
  }),
  errors: ['ResourceNotFoundException'],
});

/** `Limit` says nothing: there is one destination. */
export function describeDeliveryStream(parts: {
  readonly directory: DeliveryStreamDirectory;
}): Handler<typeof DescribeDeliveryStream> {
  return (input, call) => {
    const stream = resolveDeliveryStream(parts.directory, input, call);
    const destination = describeDestination(stream.destination);
    const after = input.ExclusiveStartDestinationId;
    const source = describeSource(stream);
    const { keyType, keyArn, status } = stream.encryption;
    return {
      DeliveryStreamDescription: {
        DeliveryStreamName: stream.name,
        DeliveryStreamARN: stream.arn,
        DeliveryStreamStatus: stream.status,
        DeliveryStreamEncryptionConfiguration: { KeyARN: keyArn, KeyType: keyType, Status: status },
        DeliveryStreamType: stream.source.kind,
        VersionId: stream.versionId,
        CreateTimestamp: stream.createdMs,
        LastUpdateTimestamp: stream.lastUpdateMs,
        ...(source === undefined ? {} : { Source: source }),
        Destinations: after === undefined || after < destination.DestinationId ? [destination] : [],
        HasMoreDestinations: false,
      },
    };
  };
}

function describeSource({ source }: DeliveryStreamState): TypeOf<typeof SourceDescription> | undefined {
  if (source.kind === 'KinesisStreamAsSource') {
    return {
      KinesisStreamSourceDescription: {
        KinesisStreamARN: source.streamArn,
        RoleARN: source.roleArn,
        DeliveryStartTimestamp: source.startMs,
      },
    };
  }
  if (source.throughputHintMBs === undefined) return undefined;
  return { DirectPutSourceDescription: { ThroughputHintInMBs: source.throughputHintMBs } };
}
