/**
 * A Kinesis stream together with what is put again of a delivery stream that reads it: records of error objects, which must not come to the stream's
 * other readers a second time, lie in a log of the delivery stream's own, as those of DirectPut do. That log is one more unit.
 */
import type { RecordSource } from '../../readers/record-source.ts';

/** `own` has one unit, `id`. While the stream is not there, nothing is: who reads has to begin anew with the next one. */
export function withPutAgain(
  stream: RecordSource & Disposable,
  own: RecordSource,
  id: string,
): RecordSource & Disposable {
  const of = (unit: string): RecordSource => (unit === id ? own : stream);
  return {
    units() {
      const units = stream.units();
      return units.length === 0 ? units : [...units, ...own.units()];
    },
    watchUnits: (onChange) => stream.watchUnits(onChange),
    // All of it was put for this reader, whenever that was.
    positionAt: (unit, point) => of(unit).positionAt(unit, unit === id ? { kind: 'oldest' } : point),
    read: (unit, ...more) => of(unit).read(unit, ...more),
    watch: (unit, onChange) => of(unit).watch(unit, onChange),
    sequenceNumber: (unit, ...more) => of(unit).sequenceNumber(unit, ...more),
    [Symbol.dispose]: () => stream[Symbol.dispose](),
  };
}
