/** What the catalog knows of a delivery stream beyond what deliveries need: the snapshot that operations work with. */
import { awsPartition } from '../../base/aws-partition.ts';
import type { DeliveryStreamRow } from '../../catalog/tables.ts';
import type { DeliveryStream } from '../delivery-stream.ts';
import type { Pending } from '../lifecycle/pending.ts';

export type Encryption = {
  readonly status: DeliveryStreamRow['encryption_status'];
  readonly keyType: NonNullable<DeliveryStreamRow['encryption_key_type']> | undefined;
  /** Of a customer's own key. */
  readonly keyArn: string | undefined;
};

export type DeliveryStreamState = DeliveryStream & {
  /** Of the last UpdateDestination. */
  readonly lastUpdateMs: number | undefined;
  readonly encryption: Encryption;
  /** What it is doing in a transitional status; undefined when settled. */
  readonly pending: Pending | undefined;
};

/** Read access to the delivery streams in memory, synchronous, for every operation. */
export interface DeliveryStreamDirectory {
  byName(account: string, region: string, name: string): DeliveryStreamState | undefined;
  byId(id: string): DeliveryStreamState | undefined;
  /** All of an account and region, by name ascending. */
  list(account: string, region: string): readonly DeliveryStreamState[];
  all(): Iterable<DeliveryStreamState>;
  /** Told of each change in the order of the commits; `now` is undefined once it is deleted. */
  watch(
    onChange: (before: DeliveryStreamState | undefined, now: DeliveryStreamState | undefined) => void,
  ): Disposable;
}

export function deliveryStreamArn(region: string, account: string, name: string): string {
  return `arn:${awsPartition(region)}:firehose:${region}:${account}:deliverystream/${name}`;
}
