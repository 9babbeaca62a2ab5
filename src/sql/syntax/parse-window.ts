/** Windows: what stands behind OVER and in the WINDOW clause. */
import { atUnit } from './parse-interval.ts';
import type { Reader } from './reader.ts';
import type { Frame, FrameEdge, Name, OrderBy, Window } from './tree.ts';

/** Behind OVER: the name of a window, or one in brackets. */
export function window(reader: Reader): Window {
  const { start } = reader.next;
  if (reader.at('(')) return windowInBrackets(reader);
  const base = windowName(reader);
  return { base, partitionBy: [], orderBy: [], frame: undefined, span: reader.spanFrom(start) };
}

export const windowName = (reader: Reader): Name => unitAsName(reader) ?? reader.expectName();

/** AWS's own page names a window HOUR, though that is a reserved word. */
function unitAsName(reader: Reader): Name | undefined {
  if (!atUnit(reader)) return undefined;
  const { text, start, end } = reader.advance();
  return { text, isQuoted: false, span: { start, end } };
}

export function windowInBrackets(reader: Reader): Window {
  const { start } = reader.expect('(');
  const starts = ['PARTITION', 'ORDER', 'ROWS', 'RANGE'];
  const base = reader.atAny(starts) ? undefined : (unitAsName(reader) ?? reader.takeOptionalName());
  const partitionBy = reader.takeAll('PARTITION', 'BY') ? reader.list(() => reader.expression()) : [];
  const orderBy = reader.takeAll('ORDER', 'BY') ? orderItems(reader) : [];
  const frame = reader.at('ROWS') || reader.at('RANGE') ? frameOf(reader) : undefined;
  reader.expect(')');
  return { base, partitionBy, orderBy, frame, span: reader.spanFrom(start) };
}

function frameOf(reader: Reader): Frame {
  const { start, text } = reader.advance();
  const unit = text === 'ROWS' ? 'ROWS' : 'RANGE';
  if (reader.take('BETWEEN')) {
    const from = edge(reader);
    reader.expect('AND');
    return { unit, from, to: edge(reader), span: reader.spanFrom(start) };
  }
  const one = edge(reader);
  // `RANGE INTERVAL '1' MINUTE FOLLOWING`, which windows of joins may be, begins with the current row.
  const isFollowing = one.kind !== 'current row' && one.direction === 'FOLLOWING';
  const current: FrameEdge = { kind: 'current row' };
  return {
    unit,
    from: isFollowing ? current : one,
    to: isFollowing ? one : current,
    span: reader.spanFrom(start),
  };
}

function edge(reader: Reader): FrameEdge {
  if (reader.takeAll('CURRENT', 'ROW')) return { kind: 'current row' };
  if (reader.take('UNBOUNDED')) return { kind: 'unbounded', direction: direction(reader) };
  return { kind: 'offset', offset: reader.expression(), direction: direction(reader) };
}

const direction = (reader: Reader): 'PRECEDING' | 'FOLLOWING' => reader.expectAny(['PRECEDING', 'FOLLOWING']);

/** Behind ORDER BY. */
export function orderItems(reader: Reader): OrderBy['items'] {
  return reader.list(() => {
    const expression = reader.expression();
    const isDescending = reader.take('DESC');
    if (!isDescending) reader.take('ASC');
    return { expression, isDescending };
  });
}
