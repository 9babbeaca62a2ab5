/**
 * Says of a list in columns that it surely holds to its constraints. When it does not, or that is not plain to see, the list is
 * made into objects and checked like any other, which also finds the words for what is wrong.
 */
import type { BytesColumn, Packed } from './packed.ts';
import type { ListShape, StructureShape } from './shape.ts';

type Holds = (list: Packed<unknown>) => boolean;

export function compilePackedCheck(shape: ListShape): Holds {
  const members = Object.entries((shape.member as StructureShape).members).map(([name, member]) => ({
    name,
    required: member.required,
    shape: member.shape,
  }));
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = shape;
  return (list) => {
    if (list.length < min || list.length > max) return false;
    const columns = list.columns as Readonly<Record<string, BytesColumn | undefined>>;
    return members.every(({ name, required, shape }) => {
      const column = columns[name];
      if (column === undefined) return !required || list.length === 0;
      if (shape.kind !== 'string' && shape.kind !== 'blob') return false;
      if (shape.kind === 'string' && (shape.pattern !== undefined || shape.values !== undefined))
        return false;
      return lengthsHold(column, list.length, required, shape);
    });
  };
}

/** A text has at most as many UTF-16 units as bytes, and at least a third of them. */
function lengthsHold(
  { kind, starts, ends }: BytesColumn,
  length: number,
  required: boolean,
  { min = 0, max = Number.MAX_SAFE_INTEGER }: { readonly min?: number; readonly max?: number },
): boolean {
  const bytesMin = kind === 'text' ? min * 3 - 2 : min;
  for (let index = 0; index < length; index++) {
    const start = starts[index]!;
    const bytes = ends[index]! - start;
    if (start === -1) {
      if (required) return false;
    } else if (bytes < bytesMin || bytes > max) return false;
  }
  return true;
}
