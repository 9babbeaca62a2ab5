/** A delivery stream as it stands in memory: a snapshot of the catalog's rows, replaced as a whole at each change. */
import type { DestinationSettings } from './settings/destination-settings.ts';

export type DeliveryStreamStatus = 'CREATING' | 'CREATING_FAILED' | 'ACTIVE' | 'DELETING' | 'DELETING_FAILED';

export type DeliveryStreamSource =
  | { readonly kind: 'DirectPut'; /** Only shown. */ readonly throughputHintMBs?: number | undefined }
  | {
      readonly kind: 'KinesisStreamAsSource';
      readonly streamArn: string;
      readonly roleArn: string;
      /** LATEST is fixed at the Create call: records that arrived from here on. */
      readonly startMs: number;
    };

export type DeliveryStream = {
  /** Made at the Create call, never reused; also the name of a DirectPut stream's log, and of its usage. */
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  readonly status: DeliveryStreamStatus;
  /** "1", and one more with each UpdateDestination. */
  readonly versionId: string;
  readonly createdMs: number;
  readonly source: DeliveryStreamSource;
  readonly destination: DestinationSettings;
  /** Grows with each committed change. */
  readonly change: number;
};

/** The delivery streams in memory, for whoever delivers. */
export interface DeliveryStreams {
  all(): Iterable<DeliveryStream>;
  byId(id: string): DeliveryStream | undefined;
  /** Told of each change in the order of the commits; `now` is undefined when the stream has gone. */
  watch(onChange: (before: DeliveryStream | undefined, now: DeliveryStream | undefined) => void): Disposable;
}
