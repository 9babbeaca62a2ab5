/** What stands behind FROM: streams and tables, subqueries, table functions, and joins of them. */
import { SqlError } from '../sql-error.ts';
import { call } from './parse-call.ts';
import { window } from './parse-window.ts';
import type { Reader } from './reader.ts';
import type { Alias, Call, From, Window } from './tree.ts';

type Join = From & { readonly kind: 'join' };

/** A comma joins as CROSS JOIN does, and more loosely. */
export function from(reader: Reader): From {
  let left = joined(reader);
  while (reader.take(',')) {
    const right = joined(reader);
    left = join(reader, 'CROSS', false, left, right);
  }
  return left;
}

function joined(reader: Reader): From {
  let left = relation(reader);
  for (;;) {
    const isNatural = reader.take('NATURAL');
    const kind = joinKind(reader, isNatural);
    if (kind === undefined) return left;
    const right = relation(reader);
    left = join(reader, kind, isNatural, left, right);
  }
}

function joinKind(reader: Reader, isNatural: boolean): Join['join'] | undefined {
  if (!isNatural && reader.takeAll('CROSS', 'JOIN')) return 'CROSS';
  if (reader.takeAll('INNER', 'JOIN') || reader.take('JOIN')) return 'INNER';
  const side = (['LEFT', 'RIGHT', 'FULL'] as const).find((side) => reader.take(side));
  if (side !== undefined) {
    reader.take('OUTER');
    reader.expect('JOIN');
    return side;
  }
  if (isNatural) throw reader.unexpected();
  return undefined;
}

function join(reader: Reader, kind: Join['join'], isNatural: boolean, left: From, right: From): From {
  const on = reader.take('ON') ? reader.expression() : undefined;
  const using = on === undefined && reader.take('USING') ? reader.expectNames() : undefined;
  const span = reader.spanFrom(left.span.start);
  const hasCondition = on !== undefined || using !== undefined;
  const fault =
    isNatural && hasCondition
      ? 'Cannot specify condition (NATURAL keyword, or ON or USING clause) twice: NATURAL says it already'
      : kind === 'CROSS' && hasCondition
        ? 'Cannot specify condition (NATURAL keyword, or ON or USING clause) following CROSS JOIN or a comma'
        : kind !== 'CROSS' && !isNatural && !hasCondition
          ? 'INNER, LEFT, RIGHT or FULL join requires a condition (NATURAL keyword or ON or USING clause)'
          : undefined;
  if (fault !== undefined) throw new SqlError(right.span, fault);
  return reader.node<From>({ kind: 'join', join: kind, isNatural, left, right, on, using, span });
}

function relation(reader: Reader): From {
  const { start } = reader.next;
  if (reader.at('(')) return inBrackets(reader);
  if (reader.atAll('TABLE', '(') || reader.atAll('STREAM', '(')) {
    reader.advance();
    reader.expect('(');
    const function_ = tableFunction(reader);
    reader.expect(')');
    const alias = aliasOf(reader);
    return reader.node<From>({
      kind: 'table function',
      call: function_,
      alias,
      span: reader.spanFrom(start),
    });
  }
  if (!reader.atName()) throw reader.unexpected('a name');
  const name = reader.expectPath();
  const { window, alias } = windowAndAlias(reader);
  return reader.node<From>({ kind: 'relation', name, window, alias, span: reader.spanFrom(start) });
}

function inBrackets(reader: Reader): From {
  const { start } = reader.expect('(');
  if (startsQuery(reader)) {
    const query = reader.query();
    reader.expect(')');
    const { window, alias } = windowAndAlias(reader);
    return reader.node<From>({ kind: 'subquery', query, window, alias, span: reader.spanFrom(start) });
  }
  const inside = reader.nested(() => from(reader));
  reader.expect(')');
  return inside;
}

/** Brackets may stand around a query many times over, and around a join. */
function startsQuery(reader: Reader): boolean {
  if (reader.atAny(['SELECT', 'VALUES'])) return true;
  let depth = 0;
  while (reader.ahead(depth).kind === 'symbol' && reader.ahead(depth).text === '(') depth++;
  const { kind, text } = reader.ahead(depth);
  return (
    depth > 0 && kind === 'word' && (text === 'SELECT' || text === 'VALUES') && endsAsQuery(reader, depth)
  );
}

/** `((SELECT …) UNION ALL …)` is a query, `((SELECT …) AS a JOIN …)` a join: what stands behind the first bracket that closes says which. */
function endsAsQuery(reader: Reader, depth: number): boolean {
  let open = depth;
  for (let at = depth; ; at++) {
    const { kind, text } = reader.ahead(at);
    if (kind === 'end') return true;
    if (kind !== 'symbol') continue;
    if (text === '(') open++;
    if (text === ')' && --open === 0) {
      const behind = reader.ahead(at + 1);
      return (
        (behind.kind === 'symbol' && behind.text === ')') ||
        (behind.kind === 'word' && /^(?:UNION|EXCEPT|INTERSECT|ORDER)$/.test(behind.text))
      );
    }
  }
}

function tableFunction(reader: Reader): Call {
  const { start } = reader.next;
  const path = reader.expectPath();
  if (!reader.at('(')) throw reader.unexpected();
  return call(reader, path.at(-1)!, start);
}

/** `OVER (…) AS x`, which people write the other way round too. */
function windowAndAlias(reader: Reader): { window: Window | undefined; alias: Alias | undefined } {
  const before = reader.take('OVER') ? window(reader) : undefined;
  const alias = aliasOf(reader);
  const after = before === undefined && reader.take('OVER') ? window(reader) : undefined;
  return { window: before ?? after, alias };
}

function aliasOf(reader: Reader): Alias | undefined {
  const hasAs = reader.take('AS');
  if (!hasAs && isWindowedBy(reader)) return undefined;
  const name = hasAs ? reader.expectName() : reader.takeOptionalName();
  if (name === undefined) return undefined;
  return { name, columns: reader.at('(') ? reader.expectNames() : undefined };
}

/** WINDOWED is not reserved, and no alias before BY. */
const isWindowedBy = (reader: Reader): boolean => reader.atAll('WINDOWED', 'BY');
