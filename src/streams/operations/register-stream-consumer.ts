import type { Clock } from '../../host/host.ts';
import type { CatalogTransaction } from '../../catalog/catalog.ts';
import type { StreamRow } from '../../catalog/tables.ts';
import type { Limits } from '../../config/limits.ts';
import { changeStream, type ChangeParts } from '../directory/change-stream.ts';
import { resolveStream } from '../directory/resolve-stream.ts';
import { limitExceeded, requireUsable, resourceInUse } from '../directory/stream-errors.ts';
import { checkTags, putTags } from '../settings/tags.ts';
import { describeConsumer } from '../directory/describe.ts';
import { hasThroughputCommitment } from '../settings/account-settings.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
import { Consumer, ConsumerName, StreamARN, StreamId, TagMap } from '../shapes.ts';

export const RegisterStreamConsumer = operation({
  name: 'RegisterStreamConsumer',
  action: 'kinesis:RegisterStreamConsumer',
  resources: streamResource,
  input: structure('RegisterStreamConsumerInput', {
    StreamARN: required(StreamARN),
    ConsumerName: required(ConsumerName),
    StreamId: optional(StreamId),
    Tags: optional(TagMap),
  }),
  output: structure('RegisterStreamConsumerOutput', {
    Consumer: required(Consumer),
  }),
  errors: [
    'InvalidArgumentException',
    'LimitExceededException',
    'ResourceInUseException',
    'ResourceNotFoundException',
  ],
});

export function registerStreamConsumer(
  parts: ChangeParts & {
    readonly clock: Clock;
    readonly limits: Limits;
    readonly stateDurationMs: number;
  },
): Handler<typeof RegisterStreamConsumer> {
  return async (input, call) => {
    const { limits } = parts;
    const stream = resolveStream(parts.directory, input, call);
    const nowMs = parts.clock.now();
    const name = input.ConsumerName;
    const arn = `${stream.arn}/consumer/${name}:${Math.floor(nowMs / 1000)}`;
    const failed = `Failed to add tags to consumer ${name} of stream ${stream.name} under account ${stream.account}`;
    checkTags(input.Tags, failed);
    await changeStream(parts, stream, async (row, transaction) => {
      requireUsable(row);
      const consumers = await transaction
        .selectFrom('consumers')
        .select(['name', 'status'])
        .where('stream_id', '=', stream.id)
        .execute();
      if (consumers.some((consumer) => consumer.name === name)) {
        throw resourceInUse(
          `Consumer ${name} of stream ${stream.name} under account ${stream.account} already exists.`,
        );
      }
      const creating = consumers.filter((consumer) => consumer.status === 'CREATING').length;
      if (creating >= limits.consumersCreatingPerStream) {
        throw limitExceeded(
          `Stream ${stream.name} under account ${stream.account} already has ${creating} consumers in the CREATING state.`,
        );
      }
      if (consumers.length >= (await consumersMax(transaction, row, limits, nowMs))) {
        throw limitExceeded(
          `Stream ${stream.name} under account ${stream.account} already has ${consumers.length} registered consumers.`,
        );
      }
      await transaction
        .insertInto('consumers')
        .values({
          consumer_arn: arn,
          stream_id: stream.id,
          name,
          status: 'CREATING',
          created_ms: nowMs,
          due_ms: nowMs + parts.stateDurationMs,
        })
        .execute();
      await putTags(transaction, arn, input.Tags, limits, failed);
      return {};
    });
    return { Consumer: describeConsumer({ arn, name, status: 'CREATING', createdMs: nowMs }) };
  };
}

/** On-demand streams of accounts with a throughput commitment ("On-demand Advantage") may have more. */
async function consumersMax(
  transaction: CatalogTransaction,
  row: StreamRow,
  limits: Limits,
  nowMs: number,
): Promise<number> {
  const advantage = row.mode === 'ON_DEMAND' && (await hasThroughputCommitment(transaction, row, nowMs));
  return advantage ? limits.consumersPerAdvantageStream : limits.consumersPerStream;
}
