/** What an expression is made of: literals, names, calls, CASE, CAST, and whatever stands in brackets. */
import { call, specialCall } from './parse-call.ts';
import { intervalLiteral } from './parse-interval.ts';
import { sqlType } from './parse-type.ts';
import type { Reader } from './reader.ts';
import { isCallable } from './reserved.ts';
import type { Expression, Name } from './tree.ts';

/** Functions that are called without brackets. CURRENT_ROW_TIMESTAMP is not reserved, but nobody names a column so. */
const NILADIC: ReadonlySet<string> = new Set([
  'CURRENT_DATE',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
  'CURRENT_ROW_TIMESTAMP',
  'LOCALTIME',
  'LOCALTIMESTAMP',
  'CURRENT_PATH',
  'CURRENT_USER',
  'SESSION_USER',
  'SYSTEM_USER',
  'USER',
]);
/** JDBC's spelling of literals. */
const BRACES: Readonly<Record<string, 'DATE' | 'TIME' | 'TIMESTAMP'>> = {
  D: 'DATE',
  T: 'TIME',
  TS: 'TIMESTAMP',
};

export function primary(reader: Reader): Expression {
  const { kind, text, start } = reader.next;
  switch (kind) {
    case 'number': {
      reader.advance();
      return reader.node({ kind: 'number', text, span: reader.spanFrom(start) });
    }
    case 'string':
      return string(reader);
    case 'name':
      return pathOrCall(reader);
    case 'symbol':
      if (text === '(') return inBrackets(reader);
      if (text === '{') return inBraces(reader);
      throw reader.unexpected('an expression');
    case 'word':
      return word(reader);
    case 'end':
    default:
      throw reader.unexpected('an expression');
  }
}

/** One string, or several on lines of their own, which are one. */
function string(reader: Reader): Expression {
  const { text, start, end } = reader.advance();
  let value = text;
  for (let before = end; reader.next.kind === 'string';) {
    if (!reader.source({ start: before, end: reader.next.start }).includes('\n'))
      throw reader.unexpectedWith("strings are joined with ||; a quote inside one is doubled ('')");
    before = reader.next.end;
    value += reader.advance().text;
  }
  return reader.node({ kind: 'string', value, span: reader.spanFrom(start) });
}

function word(reader: Reader): Expression {
  const { text, start } = reader.next;
  const isCall = reader.ahead(1).kind === 'symbol' && reader.ahead(1).text === '(';
  switch (text) {
    case 'NULL':
      reader.advance();
      return reader.node({ kind: 'null', span: reader.spanFrom(start) });
    case 'TRUE':
    case 'FALSE':
    case 'UNKNOWN': {
      reader.advance();
      const value = text === 'UNKNOWN' ? null : text === 'TRUE';
      return reader.node({ kind: 'boolean', value, span: reader.spanFrom(start) });
    }
    case 'DATE':
    case 'TIME':
    case 'TIMESTAMP':
      if (reader.ahead(1).kind !== 'string') break;
      reader.advance();
      return reader.node({
        kind: 'datetime',
        type: text,
        text: reader.advance().text,
        span: reader.spanFrom(start),
      });
    case 'INTERVAL':
      if (reader.ahead(1).kind === 'symbol' && reader.ahead(1).text === '.') break;
      reader.advance();
      return intervalLiteral(reader, start);
    case 'CASE':
      return caseOf(reader);
    case 'CAST':
      return cast(reader);
    case 'EXISTS': {
      reader.advance();
      reader.expect('(');
      const query = reader.query();
      reader.expect(')');
      return reader.node({ kind: 'exists', query, span: reader.spanFrom(start) });
    }
    case 'ROW':
    case 'PERIOD':
      if (isCall) return row(reader);
      break;
    default:
  }
  if (NILADIC.has(text)) return niladic(reader);
  if (isCall && isCallable(text)) return pathOrCall(reader);
  if (isCall && text === 'EXTRACT') return pathOrCall(reader);
  if (!reader.atName()) throw reader.unexpected('an expression');
  return pathOrCall(reader);
}

/** `a.b.c`, `f(x)`, `schema.f(x)`. */
function pathOrCall(reader: Reader): Expression {
  const { start } = reader.next;
  const path: Name[] = [];
  do {
    const { kind, text, start, end } = reader.next;
    const isCall = reader.ahead(1).kind === 'symbol' && reader.ahead(1).text === '(';
    if (!isCall) path.push(reader.expectName());
    else {
      if (kind !== 'name' && kind !== 'word') throw reader.unexpected('a name');
      reader.advance();
      path.push({ text, isQuoted: kind === 'name', span: { start, end } });
      break;
    }
  } while (reader.take('.'));
  const name = path.at(-1)!;
  if (!reader.at('(')) return reader.node({ kind: 'path', path, span: reader.spanFrom(start) });
  return (
    (path.length === 1 && !name.isQuoted ? specialCall(reader, name) : undefined) ?? call(reader, name, start)
  );
}

function niladic(reader: Reader): Expression {
  const { text, start, end } = reader.advance();
  // A precision changes nothing: there is one only.
  if (reader.take('(')) {
    if (!reader.at(')')) reader.expectInteger();
    reader.expect(')');
  }
  return reader.node({
    kind: 'call',
    name: { text, isQuoted: false, span: { start, end } },
    args: [],
    form: undefined,
    isStar: false,
    isDistinct: false,
    nulls: undefined,
    from: undefined,
    over: undefined,
    span: reader.spanFrom(start),
  });
}

/** A query, a row, or an expression, whose span is its own and does not have the brackets. */
function inBrackets(reader: Reader): Expression {
  const { start } = reader.advance();
  if (reader.atAny(['SELECT', 'VALUES'])) {
    const query = reader.query();
    reader.expect(')');
    return reader.node({ kind: 'subquery', query, span: reader.spanFrom(start) });
  }
  const items = reader.list(() => reader.expression());
  reader.expect(')');
  if (items.length === 1) return items[0]!;
  return reader.node({ kind: 'row', items, span: reader.spanFrom(start) });
}

/** ROW (a, b), and PERIOD (a, b), which is the same before a temporal predicate. */
function row(reader: Reader): Expression {
  const { start } = reader.advance();
  reader.expect('(');
  const items = reader.list(() => reader.expression());
  reader.expect(')');
  return reader.node({ kind: 'row', items, span: reader.spanFrom(start) });
}

/** `{ts '2020-01-01 00:00:00'}`, `{fn UPPER(x)}`. */
function inBraces(reader: Reader): Expression {
  const { start } = reader.advance();
  const { kind, text } = reader.next;
  if (kind === 'word' && text === 'FN') {
    reader.advance();
    const called = primary(reader);
    reader.expect('}');
    return called;
  }
  const type = kind === 'word' && Object.hasOwn(BRACES, text) ? BRACES[text] : undefined;
  if (type === undefined) throw reader.unexpectedWith("braces hold {d '…'}, {t '…'}, {ts '…'} or {fn …}");
  reader.advance();
  const literal = reader.expectString();
  reader.expect('}');
  return reader.node({ kind: 'datetime', type, text: literal.text, span: reader.spanFrom(start) });
}

function caseOf(reader: Reader): Expression {
  const { start } = reader.advance();
  const operand = reader.at('WHEN') ? undefined : reader.expression();
  const branches: { when: Expression; then: Expression }[] = [];
  do {
    reader.expect('WHEN');
    // `WHEN 1, 2 THEN x` is two branches.
    const whens = operand === undefined ? [reader.expression()] : reader.list(() => reader.expression());
    reader.expect('THEN');
    const then = reader.expression();
    // oxlint-disable-next-line unicorn/no-thenable -- a branch is data, and nobody awaits it.
    for (const when of whens) branches.push({ when, then });
  } while (reader.at('WHEN'));
  const otherwise = reader.take('ELSE') ? reader.expression() : undefined;
  reader.expect('END');
  return reader.node({ kind: 'case', operand, branches, otherwise, span: reader.spanFrom(start) });
}

function cast(reader: Reader): Expression {
  const { start } = reader.advance();
  reader.expect('(');
  const operand = reader.expression();
  reader.expect('AS');
  const type = sqlType(reader);
  reader.expect(')');
  return reader.node({ kind: 'cast', operand, type, span: reader.spanFrom(start) });
}
