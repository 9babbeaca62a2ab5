/**
 * The five Channel operations: a stream delivers itself to S3 or Iceberg tables. They are declared whole, so that requests are
 * decoded and authorized as all others; until the delivery engine is there they answer one clear error (decision 0184).
 */
import { operation, type Handler } from '../../wire/shape/operation.ts';
import {
  CreateChannelInput,
  CreateChannelOutput,
  DeleteChannelInput,
  DeleteChannelOutput,
  DescribeChannelInput,
  DescribeChannelOutput,
  ListChannelsInput,
  ListChannelsOutput,
  UpdateChannelInput,
  UpdateChannelOutput,
} from '../channel-shapes.ts';
import { anyResource } from '../directory/resources.ts';
import { invalidArgument } from '../directory/stream-errors.ts';

export const CreateChannel = operation({
  name: 'CreateChannel',
  action: 'kinesis:CreateChannel',
  resources: anyResource,
  input: CreateChannelInput,
  output: CreateChannelOutput,
  errors: [
    'AccessDeniedException',
    'InvalidArgumentException',
    'KMSAccessDeniedException',
    'KMSDisabledException',
    'KMSInvalidStateException',
    'KMSNotFoundException',
    'KMSOptInRequired',
    'KMSThrottlingException',
    'LimitExceededException',
    'ResourceInUseException',
    'ResourceNotFoundException',
    'ValidationException',
  ],
});

export const DeleteChannel = operation({
  name: 'DeleteChannel',
  action: 'kinesis:DeleteChannel',
  resources: (input) => [input.ChannelARN],
  input: DeleteChannelInput,
  output: DeleteChannelOutput,
  errors: [
    'AccessDeniedException',
    'InvalidArgumentException',
    'LimitExceededException',
    'ResourceNotFoundException',
    'ValidationException',
  ],
});

export const DescribeChannel = operation({
  name: 'DescribeChannel',
  action: 'kinesis:DescribeChannel',
  resources: (input) => [input.ChannelARN],
  input: DescribeChannelInput,
  output: DescribeChannelOutput,
  errors: [
    'AccessDeniedException',
    'InvalidArgumentException',
    'LimitExceededException',
    'ResourceNotFoundException',
    'ValidationException',
  ],
});

export const ListChannels = operation({
  name: 'ListChannels',
  action: 'kinesis:ListChannels',
  resources: anyResource,
  input: ListChannelsInput,
  output: ListChannelsOutput,
  errors: [
    'AccessDeniedException',
    'ExpiredNextTokenException',
    'InvalidArgumentException',
    'LimitExceededException',
    'ValidationException',
  ],
});

export const UpdateChannel = operation({
  name: 'UpdateChannel',
  action: 'kinesis:UpdateChannel',
  resources: (input) => [input.ChannelARN],
  input: UpdateChannelInput,
  output: UpdateChannelOutput,
  errors: [
    'AccessDeniedException',
    'InvalidArgumentException',
    'LimitExceededException',
    'ResourceInUseException',
    'ResourceNotFoundException',
    'ValidationException',
  ],
});

/** Serves all five: InvalidArgumentException, which the model names for each, and which no client retries. */
export const channelsNotOffered: Handler<typeof CreateChannel> &
  Handler<typeof DeleteChannel> &
  Handler<typeof DescribeChannel> &
  Handler<typeof ListChannels> &
  Handler<typeof UpdateChannel> = () => {
  throw invalidArgument('Channels are not offered by this version of Millrace yet.');
};
