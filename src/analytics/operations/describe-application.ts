import { operation, type Handler } from '../../wire/shape/operation.ts';
import {
  applicationResource,
  resolveApplication,
  resolveApplicationV1,
} from '../directory/resolve-application.ts';
import { boolean, optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationName } from '../shapes/both.ts';
import { ApplicationDetail as ApplicationDetailV1 } from '../shapes/v1/application.ts';
import { ApplicationDetail as ApplicationDetailV2 } from '../shapes/v2/application.ts';
import type { OperationParts } from './parts.ts';
import { detailV1, detailV2 } from '../settings/describe.ts';

export const DescribeApplicationV1 = operation({
  name: 'DescribeApplication',
  action: 'kinesisanalytics:DescribeApplication',
  resources: applicationResource,
  input: structure('DescribeApplicationRequest', { ApplicationName: required(ApplicationName) }),
  output: structure('DescribeApplicationResponse', { ApplicationDetail: required(ApplicationDetailV1) }),
  errors: ['ResourceNotFoundException', 'UnsupportedOperationException'],
});

export const DescribeApplicationV2 = operation({
  name: 'DescribeApplication',
  action: 'kinesisanalytics:DescribeApplication',
  resources: applicationResource,
  input: structure('DescribeApplicationRequest', {
    ApplicationName: required(ApplicationName),
    IncludeAdditionalDetails: optional(boolean()),
  }),
  output: structure('DescribeApplicationResponse', { ApplicationDetail: required(ApplicationDetailV2) }),
  errors: ['ResourceNotFoundException', 'InvalidArgumentException', 'InvalidRequestException'],
});

export function describeApplicationV1({ directory }: OperationParts): Handler<typeof DescribeApplicationV1> {
  return (input, call) => ({ ApplicationDetail: detailV1(resolveApplicationV1(directory, input, call)) });
}

export function describeApplicationV2({ directory }: OperationParts): Handler<typeof DescribeApplicationV2> {
  return (input, call) => ({ ApplicationDetail: detailV2(resolveApplication(directory, input, call)) });
}
