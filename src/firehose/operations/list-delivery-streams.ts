import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import type { DeliveryStreamDirectory } from '../directory/delivery-stream-state.ts';
import {
  DeliveryStreamNameList,
  DeliveryStreamType,
  ListDeliveryStreamsInputLimit,
} from '../shapes/descriptions.ts';
import { BooleanObject, DeliveryStreamName } from '../shapes/names.ts';

export const ListDeliveryStreams = operation({
  name: 'ListDeliveryStreams',
  action: 'firehose:ListDeliveryStreams',
  resources: () => ['*'],
  input: structure('ListDeliveryStreamsInput', {
    Limit: optional(ListDeliveryStreamsInputLimit),
    DeliveryStreamType: optional(DeliveryStreamType),
    ExclusiveStartDeliveryStreamName: optional(DeliveryStreamName),
  }),
  output: structure('ListDeliveryStreamsOutput', {
    DeliveryStreamNames: required(DeliveryStreamNameList),
    HasMoreDeliveryStreams: required(BooleanObject),
  }),
  errors: [],
});

const LIMIT_DEFAULT = 10;

export function listDeliveryStreams(parts: {
  readonly directory: DeliveryStreamDirectory;
}): Handler<typeof ListDeliveryStreams> {
  return (input, call) => {
    const { DeliveryStreamType: type, ExclusiveStartDeliveryStreamName: after } = input;
    const listed = parts.directory
      .list(call.caller.account, call.region)
      .filter(({ name }) => after === undefined || name > after)
      .filter(({ source }) => type === undefined || source.kind === type);
    const page = listed.slice(0, input.Limit ?? LIMIT_DEFAULT);
    return {
      DeliveryStreamNames: page.map(({ name }) => name),
      HasMoreDeliveryStreams: page.length < listed.length,
    };
  };
}
