/** One record on its way out, and many of them. */

/** Who a record is, also after a restart: what processing made of the `sub`-th part of the record at `position`. */
export type RecordIdentity = {
  readonly unit: string;
  readonly position: number;
  /** 0 for a record that was no aggregate. Parts of KPL aggregates and of de-aggregated records count on. */
  readonly sub: number;
};

export type DeliveryRecord = {
  readonly identity: RecordIdentity;
  /** What the destination gets: after processing, with its delimiter. */
  readonly data: Uint8Array;
  /** As it came (after de-aggregation), for error records and backups. */
  readonly rawData: Uint8Array;
  /** Milliseconds since 1970. */
  readonly arrivalMs: number;
};

/** In order of arrival within a unit. */
export interface Batch {
  readonly length: number;
  /** Of `data`. */
  readonly bytes: number;
  readonly oldestArrivalMs: number;
  at(index: number): DeliveryRecord;
  /** All `data` in a row, in few large pieces. */
  pieces(): readonly Uint8Array[];
}
