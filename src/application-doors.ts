/** Where applications read from and write to: streams and delivery streams of the same server, as an account's root, because roles are not evaluated yet. */
import { resourceOfArn, type PortParts } from './analytics/ports.ts';
import { putLogSource } from './firehose/intake/put-log-source.ts';
import type { Firehose } from './firehose/open-firehose.ts';
import type { Clock } from './host/host.ts';
import type { RecordLog } from './log/log.ts';
import type { Streams } from './streams/open-streams.ts';
import { openStreamSource } from './streams/reading/stream-source.ts';
import type { Call } from './wire/shape/operation.ts';
import { Packed } from './wire/shape/packed.ts';

type Doors = Pick<PortParts, 'exists' | 'openSource' | 'putToStream' | 'putToDeliveryStream'>;

export function applicationDoors({
  clock,
  log,
  streams,
  firehose,
}: {
  readonly clock: Clock;
  readonly log: RecordLog;
  readonly streams: Streams;
  readonly firehose: Firehose;
}): Doors {
  const { directory } = streams;
  const { deliveryStreams } = firehose;

  function findStream(account: string, region: string, name: string) {
    const stream = directory.byName(account, region, name);
    return stream?.status === 'DELETING' ? undefined : stream;
  }
  function openStream(account: string, region: string, name: string) {
    const stream = findStream(account, region, name);
    return stream && openStreamSource({ clock, log, directory }, stream.id);
  }
  return {
    exists: (kind, account, region, name) =>
      kind === 'stream'
        ? findStream(account, region, name) !== undefined
        : deliveryStreams.byName(account, region, name) !== undefined,
    openSource(kind, arn, place) {
      const { account, region, name } = resourceOfArn(arn);
      if (account !== place.account || region !== place.region) return undefined;
      if (kind === 'stream') return openStream(account, region, name);
      const deliveryStream = deliveryStreams.byName(account, region, name);
      if (deliveryStream === undefined) return undefined;
      const { source } = deliveryStream;
      // One that reads a stream has no records of its own.
      if (source.kind !== 'DirectPut')
        return openStream(account, region, resourceOfArn(source.streamArn).name);
      return Object.assign(putLogSource(log, deliveryStream), { [Symbol.dispose]: () => {} });
    },
    async putToStream(arn, Records) {
      const { name: StreamName, ...place } = resourceOfArn(arn);
      const { PutRecords } = streams.service.handlers;
      return refusals((await PutRecords({ StreamName, Records }, ownCall(place))).Records, Records.length);
    },
    async putToDeliveryStream(arn, Records) {
      const { name: DeliveryStreamName, ...place } = resourceOfArn(arn);
      const { PutRecordBatch } = firehose.service.handlers;
      const answer = await PutRecordBatch({ DeliveryStreamName, Records }, ownCall(place));
      return refusals(answer.RequestResponses, Records.length);
    },
  };
}

type Result = { readonly ErrorCode?: string | undefined; readonly ErrorMessage?: string | undefined };

/** Why each was refused. Results that are columns are those of records that were all taken. */
function refusals(
  results: readonly Result[] | Packed<Result>,
  length: number,
): readonly (string | undefined)[] {
  if (results instanceof Packed) {
    results.onWritten?.();
    return Array.from({ length }, () => undefined);
  }
  return results.map(({ ErrorCode, ErrorMessage }) => ErrorCode && `${ErrorCode}: ${ErrorMessage}`);
}

function ownCall({ account, region }: { readonly account: string; readonly region: string }): Call {
  return {
    caller: { account, arn: `arn:aws:iam::${account}:root`, accessKeyId: account },
    region,
    requestId: 'analytics',
    signal: new AbortController().signal,
  };
}
