import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import {
  InputStartingPositionConfiguration,
  ParsedInputRecords,
  ProcessedInputRecords,
  RawInputRecords,
  ResourceARN,
} from '../shapes/both.ts';
import { S3Configuration as S3ConfigurationV1 } from '../shapes/v1/discovery.ts';
import { InputProcessingConfiguration as InputProcessingConfigurationV1 } from '../shapes/v1/inputs.ts';
import { RoleARN as RoleARNV1 } from '../shapes/v1/names.ts';
import { SourceSchema as SourceSchemaV1 } from '../shapes/v1/record-format.ts';
import { S3Configuration as S3ConfigurationV2 } from '../shapes/v2/discovery.ts';
import { InputProcessingConfiguration as InputProcessingConfigurationV2 } from '../shapes/v2/inputs.ts';
import { RoleARN as RoleARNV2 } from '../shapes/v2/names.ts';
import { SourceSchema as SourceSchemaV2 } from '../shapes/v2/record-format.ts';
import type { Discover } from '../discovering/discover.ts';
import type { OperationParts } from './parts.ts';

function discoveredResource(input: {
  readonly ResourceARN?: string | undefined;
  readonly S3Configuration?: { readonly BucketARN: string } | undefined;
}): readonly string[] {
  return [input.ResourceARN ?? input.S3Configuration?.BucketARN ?? '*'];
}

export const DiscoverInputSchemaV1 = operation({
  name: 'DiscoverInputSchema',
  action: 'kinesisanalytics:DiscoverInputSchema',
  resources: discoveredResource,
  input: structure('DiscoverInputSchemaRequest', {
    ResourceARN: optional(ResourceARN),
    RoleARN: optional(RoleARNV1),
    InputStartingPositionConfiguration: optional(InputStartingPositionConfiguration),
    S3Configuration: optional(S3ConfigurationV1),
    InputProcessingConfiguration: optional(InputProcessingConfigurationV1),
  }),
  output: structure('DiscoverInputSchemaResponse', {
    InputSchema: optional(SourceSchemaV1),
    ParsedInputRecords: optional(ParsedInputRecords),
    ProcessedInputRecords: optional(ProcessedInputRecords),
    RawInputRecords: optional(RawInputRecords),
  }),
  errors: [
    'InvalidArgumentException',
    'UnableToDetectSchemaException',
    'ResourceProvisionedThroughputExceededException',
    'ServiceUnavailableException',
  ],
});

export const DiscoverInputSchemaV2 = operation({
  name: 'DiscoverInputSchema',
  action: 'kinesisanalytics:DiscoverInputSchema',
  resources: discoveredResource,
  input: structure('DiscoverInputSchemaRequest', {
    ResourceARN: optional(ResourceARN),
    ServiceExecutionRole: required(RoleARNV2),
    InputStartingPositionConfiguration: optional(InputStartingPositionConfiguration),
    S3Configuration: optional(S3ConfigurationV2),
    InputProcessingConfiguration: optional(InputProcessingConfigurationV2),
  }),
  output: structure('DiscoverInputSchemaResponse', {
    InputSchema: optional(SourceSchemaV2),
    ParsedInputRecords: optional(ParsedInputRecords),
    ProcessedInputRecords: optional(ProcessedInputRecords),
    RawInputRecords: optional(RawInputRecords),
  }),
  errors: [
    'InvalidArgumentException',
    'UnableToDetectSchemaException',
    'ResourceProvisionedThroughputExceededException',
    'ServiceUnavailableException',
    'InvalidRequestException',
    'UnsupportedOperationException',
  ],
});

type DiscoverParts = Pick<OperationParts, 'clock'> & { readonly discover: Discover };

/** Reads some records of the source and tells what they seem to be. Throws UnableToDetectSchemaException with what was read. */
export function discoverInputSchemaV1({ discover }: DiscoverParts): Handler<typeof DiscoverInputSchemaV1> {
  return (input, call) => discover(input, call);
}

export function discoverInputSchemaV2({ discover }: DiscoverParts): Handler<typeof DiscoverInputSchemaV2> {
  return (input, call) => discover(input, call);
}
