/** Queries: SELECT with its clauses, VALUES, and the set operators between them, of which INTERSECT binds tighter. */
import { SqlError } from '../sql-error.ts';
import { from } from './parse-from.ts';
import { orderItems, windowInBrackets, windowName } from './parse-window.ts';
import type { Reader } from './reader.ts';
import type { OrderBy, Query, Select, SelectItem, Stagger } from './tree.ts';

export function query(reader: Reader): Query {
  const { start } = reader.next;
  const isInBrackets = reader.at('(');
  const body = union(reader);
  const orderBy = orderByOf(reader);
  if (orderBy === undefined) return body;
  // A query in brackets has an order of its own, or none: this one sorts what it gives.
  if (body.kind === 'values' || (isInBrackets && body.orderBy !== undefined))
    throw new SqlError(orderBy.span, 'ORDER BY stands behind a SELECT or a set operator only');
  return reader.node({ ...body, orderBy, span: reader.spanFrom(start) });
}

function union(reader: Reader): Query {
  let left = intersect(reader);
  for (;;) {
    const operator = (['UNION', 'EXCEPT'] as const).find((operator) => reader.take(operator));
    if (operator === undefined) return left;
    left = setOperation(reader, operator, left, () => intersect(reader));
  }
}

function intersect(reader: Reader): Query {
  let left = term(reader);
  while (reader.take('INTERSECT')) left = setOperation(reader, 'INTERSECT', left, () => term(reader));
  return left;
}

function setOperation(
  reader: Reader,
  operator: 'UNION' | 'EXCEPT' | 'INTERSECT',
  left: Query,
  rightOf: () => Query,
): Query {
  const isAll = reader.take('ALL');
  if (!isAll) reader.take('DISTINCT');
  const right = rightOf();
  const span = reader.spanFrom(left.span.start);
  return reader.node<Query>({
    kind: 'set operation',
    operator,
    isAll,
    left,
    right,
    orderBy: undefined,
    span,
  });
}

function term(reader: Reader): Query {
  if (reader.take('(')) {
    const inside = reader.query();
    reader.expect(')');
    return inside;
  }
  return reader.at('VALUES') ? values(reader) : select(reader);
}

function values(reader: Reader): Query {
  const { start } = reader.expect('VALUES');
  const rows = reader.list(() => {
    // One bare value is a row of one column.
    reader.take('ROW');
    if (!reader.take('(')) return [reader.expression()];
    const row = reader.list(() => reader.expression());
    reader.expect(')');
    return row;
  });
  return reader.node<Query>({ kind: 'values', rows, span: reader.spanFrom(start) });
}

function select(reader: Reader): Select {
  const { start } = reader.expect('SELECT');
  const isStream = reader.take('STREAM');
  const isDistinct = reader.take('DISTINCT');
  if (!isDistinct) reader.take('ALL');
  const items = reader.list(() => item(reader));
  const source = reader.take('FROM') ? from(reader) : undefined;
  if (source === undefined && ['WHERE', 'GROUP', 'WINDOWED', 'HAVING', 'WINDOW'].includes(reader.next.text))
    throw reader.unexpected();
  const where = reader.take('WHERE') ? reader.expression() : undefined;
  const groupBy = reader.takeAll('GROUP', 'BY') ? groups(reader) : undefined;
  const stagger = reader.at('WINDOWED') ? staggerOf(reader) : undefined;
  const having = reader.take('HAVING') ? reader.expression() : undefined;
  const windows = reader.take('WINDOW') ? reader.list(() => namedWindow(reader)) : [];
  return reader.node<Select>({
    kind: 'select',
    isStream,
    isDistinct,
    items,
    from: source,
    where,
    groupBy,
    stagger,
    having,
    windows,
    orderBy: undefined,
    span: reader.spanFrom(start),
  });
}

function item(reader: Reader): SelectItem {
  const { start } = reader.next;
  if (reader.take('*')) return { kind: 'all', of: undefined, span: reader.spanFrom(start) };
  if (isAllOf(reader)) {
    const of = [reader.expectName()];
    while (reader.take('.') && !reader.take('*')) of.push(reader.expectName());
    return { kind: 'all', of, span: reader.spanFrom(start) };
  }
  const expression = reader.expression();
  const alias = reader.take('AS') ? reader.expectName() : reader.takeOptionalName();
  return { kind: 'expression', expression, alias, span: reader.spanFrom(start) };
}

/** `a.b.*`. */
function isAllOf(reader: Reader): boolean {
  let at = 0;
  while (
    /^(?:word|name)$/.test(reader.ahead(at).kind) &&
    reader.ahead(at + 1).kind === 'symbol' &&
    reader.ahead(at + 1).text === '.'
  )
    at += 2;
  return at > 0 && reader.ahead(at).kind === 'symbol' && reader.ahead(at).text === '*';
}

/** `GROUP BY ()` has no key: the whole input is one group. */
function groups(reader: Reader): Select['groupBy'] {
  if (reader.ahead(1).text === ')' && reader.take('(')) {
    reader.expect(')');
    return [];
  }
  return reader.list(() => reader.expression());
}

function staggerOf(reader: Reader): Stagger {
  const { start } = reader.expect('WINDOWED');
  reader.expect('BY');
  reader.expect('STAGGER');
  reader.expect('(');
  const partitionBy = reader.takeAll('PARTITION', 'BY') ? reader.list(() => reader.expression()) : [];
  reader.expect('RANGE');
  const range = reader.expression();
  reader.take('PRECEDING');
  reader.expect(')');
  return { partitionBy, range, span: reader.spanFrom(start) };
}

function namedWindow(reader: Reader): Select['windows'][number] {
  const name = windowName(reader);
  reader.expect('AS');
  return { name, window: windowInBrackets(reader) };
}

function orderByOf(reader: Reader): OrderBy | undefined {
  const { start } = reader.next;
  if (!reader.takeAll('ORDER', 'BY')) return undefined;
  const items = orderItems(reader);
  const within = reader.take('WITHIN') ? reader.expression() : undefined;
  return { items, within, span: reader.spanFrom(start) };
}
