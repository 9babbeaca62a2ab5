/**
 * A source that is read on from where an application was, though its state is not taken: what it had not read of a unit begins at its place, units that
 * came meanwhile begin at their oldest record. Where none of its units is known, the source is another one, and begins as it would.
 */
import type { RecordSource } from '../../readers/record-source.ts';

export function fromKeptPositions(
  source: RecordSource,
  positions: readonly { readonly unit: string; readonly position: number }[],
): RecordSource {
  const kept = new Map(positions.map(({ unit, position }) => [unit, position]));
  const isSame = source.units().some(({ id }) => kept.has(id));
  return {
    units: () => source.units(),
    watchUnits: (onChange) => source.watchUnits(onChange),
    read: (...read) => source.read(...read),
    watch: (unit, onChange) => source.watch(unit, onChange),
    sequenceNumber: (...record) => source.sequenceNumber(...record),
    positionAt: async (unit, point) => {
      const position = kept.get(unit);
      if (position !== undefined) return position;
      return await source.positionAt(unit, isSame ? { kind: 'oldest' } : point);
    },
  };
}
