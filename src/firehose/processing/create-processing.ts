/** Puts the steps of a delivery stream in a row; each says in its own file what it does. */
import type { Functions } from '../../functions/functions.ts';
import type { Clock, Dice } from '../../host/host.ts';
import type { Workers } from '../../host/workers.ts';
import type { PrefixExpression } from '../object-keys/prefix-expression.ts';
import type { ProcessingSettings } from '../settings/destination-settings.ts';
import { createDeAggregation } from './de-aggregation.ts';
import { createDecompression } from './decompression.ts';
import { createDelimiter } from './delimiter.ts';
import type { LambdaSource } from './lambda-event.ts';
import { createLambdaTransform } from './lambda-transform.ts';
import { createMetadataExtraction } from './metadata-extraction.ts';
import { processingPlan } from './processing-plan.ts';
import { deliveryRecordOf, type Item, type ProcessingRun, type ProcessingStep } from './processing-run.ts';
import type { Processing } from './processing.ts';

export type ProcessingParts = {
  readonly functions: Functions;
  readonly clock: Clock;
  readonly dice: Dice;
  readonly workers: Workers;
  readonly deliveryStream: { readonly arn: string; readonly region: string };
  readonly source: LambdaSource;
};

export type ProcessingChoice = {
  /** Undefined is none. */
  readonly processing: ProcessingSettings | undefined;
  /** The prefix, when dynamic partitioning is on: the keys that it names are what each record must have. */
  readonly partitionedBy: PrefixExpression | undefined;
};

/** The query was checked when it was set: one that is no program throws `JqSyntaxError` at the first record. */
export function createProcessing(
  { processing, partitionedBy }: ProcessingChoice,
  parts: ProcessingParts,
): Processing {
  const plan = processingPlan(processing);
  const steps: ProcessingStep[] = [];
  if (plan.decompresses) steps.push(createDecompression(plan.extractsMessages, parts));
  // It numbers its parts, so that it knows itself what is to be left out.
  steps.push(plan.deAggregation === undefined ? leaveOut : createDeAggregation(plan.deAggregation));
  if (plan.lambda !== undefined) steps.push(createLambdaTransform(plan.lambda, parts));
  if (partitionedBy !== undefined) {
    const named = (namespace: 'partitionKeyFromQuery' | 'partitionKeyFromLambda'): readonly string[] => [
      ...new Set(partitionedBy.flatMap((part) => (part.kind === namespace ? [part.key] : []))),
    ];
    const keys = {
      query: plan.query,
      fromQuery: named('partitionKeyFromQuery'),
      fromLambda: named('partitionKeyFromLambda'),
    };
    steps.push(createMetadataExtraction(keys, parts));
  }
  if (plan.delimiter !== undefined) steps.push(createDelimiter(plan.delimiter));

  return {
    batching: plan.lambda && { bytes: plan.lambda.bufferBytes, intervalMs: plan.lambda.bufferIntervalMs },
    async process(records, skip, signal) {
      const run: ProcessingRun = { skip, signal, failed: [], dropped: [] };
      const sources: Item[] = [];
      let items: readonly Item[] = records.map((source) => {
        const { unit, position, sub, data } = source;
        const item = { source, identity: { unit, position, sub }, rawData: data, data };
        if (!skip(item.identity)) sources.push({ ...item });
        return item;
      });
      for (const step of steps) {
        if (items.length === 0) break;
        items = await step(items, run);
        signal.throwIfAborted();
      }
      return {
        records: items.map((item) => ({ ...deliveryRecordOf(item), keys: item.keys })),
        failed: run.failed.filter(({ identity }) => !skip(identity)),
        dropped: run.dropped,
        sources: sources.map(deliveryRecordOf),
      };
    },
  };
}

const leaveOut: ProcessingStep = async (items, { skip }) => items.filter(({ identity }) => !skip(identity));
