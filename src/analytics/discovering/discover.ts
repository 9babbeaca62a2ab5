/** DiscoverInputSchema without its wire: the port that the operation knows. */
import type { Call } from '../../wire/shape/operation.ts';
import type { StartingPosition } from '../lifecycle/run.ts';
import type { Schema } from '../settings/settings.ts';

export type DiscoverRequest = {
  readonly ResourceARN?: string | undefined;
  readonly InputStartingPositionConfiguration?:
    | { readonly InputStartingPosition?: StartingPosition | undefined }
    | undefined;
  readonly S3Configuration?: { readonly BucketARN: string; readonly FileKey: string } | undefined;
  readonly InputProcessingConfiguration?:
    | { readonly InputLambdaProcessor: { readonly ResourceARN: string } }
    | undefined;
};

export type Discovered = {
  readonly InputSchema: Schema;
  readonly ParsedInputRecords: readonly (readonly string[])[];
  readonly ProcessedInputRecords: readonly string[] | undefined;
  readonly RawInputRecords: readonly string[];
};

/** Throws InvalidArgumentException, UnableToDetectSchemaException. */
export type Discover = (request: DiscoverRequest, call: Call) => Promise<Discovered>;
