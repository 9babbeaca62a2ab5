/** What must hold for records that are put, beyond their shapes; and their form as columns, which they mostly have from the wire. */
import { SIZES } from '../../config/limits.ts';
import { bytesColumn, Packed } from '../../wire/shape/packed.ts';
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { DeliveryStreamState } from '../directory/delivery-stream-state.ts';
import { deliveryStreamNotFound, invalidArgument } from '../directory/delivery-stream-errors.ts';
import type { Record } from '../shapes/put.ts';
import { bytesOf, type PutRecords } from './put-log.ts';

type Entry = TypeOf<typeof Record>;

/**
 * Throws InvalidArgumentException unless records are put to it directly (recorded from AWS), and ResourceNotFoundException while it is not
 * ACTIVE. A delivery stream that decompresses takes records from everybody: decision 0441.
 */
export function requirePutting({ source, status, name, account }: DeliveryStreamState): void {
  if (source.kind !== 'DirectPut') {
    throw invalidArgument(`This operation is not permitted on ${source.kind} delivery stream type.`);
  }
  if (status !== 'ACTIVE') throw deliveryStreamNotFound(name, account);
}

export function checkBatchSize(records: PutRecords): void {
  if (bytesOf(records) > SIZES.putRecordBatchBytesMax) {
    throw invalidArgument(`Records size exceeds ${SIZES.putRecordBatchBytesMax / 2 ** 20} MB limit`);
  }
}

export function packRecord(record: Entry): PutRecords {
  return packRecords([record]);
}

export function packRecords(list: readonly Entry[] | PutRecords): PutRecords {
  if (list instanceof Packed) return list;
  const column = bytesColumn(
    'blob',
    list.map(({ Data }) => Data),
    list.length,
  );
  list.forEach(({ Data }, index) => {
    column.starts[index] = 0;
    column.ends[index] = Data.length;
  });
  return new Packed<Entry>(list.length, { Data: column });
}
