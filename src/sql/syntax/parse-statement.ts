/** Statements: what creates streams, pumps and functions, INSERT, queries for themselves, and the few that AWS's documents mention in passing. */
import type { Token } from './lex.ts';
import { sqlType } from './parse-type.ts';
import type { Reader } from './reader.ts';
import type { ColumnDeclaration, Insert, Name, Path, Statement } from './tree.ts';

type Create<Kind extends Statement['kind']> = Statement & { readonly kind: Kind };

export function statement(reader: Reader): Statement {
  const { start } = reader.next;
  if (reader.take('CREATE')) return create(reader, start);
  if (reader.at('INSERT')) return insert(reader);
  if (reader.take('DROP')) {
    const what = reader.expectAny(['STREAM', 'PUMP', 'FUNCTION', 'SCHEMA']);
    const ifExists = reader.takeAll('IF', 'EXISTS');
    const name = reader.expectPath();
    if (!reader.take('CASCADE')) reader.take('RESTRICT');
    return { kind: 'drop', what, name, ifExists, span: reader.spanFrom(start) };
  }
  if (reader.takeAll('ALTER', 'PUMP')) {
    const name = reader.expectPath();
    const action = reader.expectAny(['START', 'STOP']);
    return { kind: 'alter pump', name, action, span: reader.spanFrom(start) };
  }
  if (reader.takeAll('SET', 'SCHEMA')) {
    const name = reader.next.kind === 'string' ? pathIn(reader.advance()) : reader.expectPath();
    return { kind: 'set schema', name, span: reader.spanFrom(start) };
  }
  if (!reader.atAny(['SELECT', '(', 'VALUES'])) throw reader.unexpected();
  const query = reader.query();
  return { kind: 'query', query, span: reader.spanFrom(start) };
}

/** `'"Test"'` and `'TEST'`. */
function pathIn({ text, start, end }: Token): Path {
  const quoted = /^"(.*)"$/.exec(text)?.[1];
  return [{ text: quoted ?? text.toUpperCase(), isQuoted: quoted !== undefined, span: { start, end } }];
}

function create(reader: Reader, start: number): Statement {
  const orReplace = reader.takeAll('OR', 'REPLACE');
  switch (reader.expectAny(['STREAM', 'PUMP', 'FUNCTION', 'SCHEMA'])) {
    case 'STREAM':
      return createStream(reader, start, orReplace);
    case 'PUMP':
      return createPump(reader, start, orReplace);
    case 'FUNCTION':
      return createFunction(reader, start, orReplace);
    case 'SCHEMA':
    default:
      return { kind: 'create schema', name: reader.expectPath(), span: reader.spanFrom(start) };
  }
}

function createStream(reader: Reader, start: number, orReplace: boolean): Create<'create stream'> {
  const name = reader.expectPath();
  reader.expect('(');
  const columns = reader.list(() => column(reader));
  reader.expect(')');
  const description = remarks(reader);
  return { kind: 'create stream', name, orReplace, columns, description, span: reader.spanFrom(start) };
}

function column(reader: Reader): ColumnDeclaration {
  const { start } = reader.next;
  const name = reader.expectName();
  const type = sqlType(reader);
  const isNotNull = reader.takeAll('NOT', 'NULL');
  if (!isNotNull) reader.take('NULL');
  remarks(reader);
  return { name, type, isNotNull, span: reader.spanFrom(start) };
}

/** DESCRIPTION 'text', and OPTIONS (name value, …), of which none means anything here; in any order. */
function remarks(reader: Reader): string | undefined {
  let description: string | undefined;
  for (;;) {
    if (reader.take('DESCRIPTION')) description = reader.expectString().text;
    else if (reader.take('OPTIONS')) {
      reader.expect('(');
      if (!reader.at(')')) reader.list(() => option(reader));
      reader.expect(')');
    } else return description;
  }
}

function option(reader: Reader): void {
  if (reader.next.kind !== 'word') reader.expectName();
  else reader.advance();
  reader.take('=');
  if (!['string', 'number', 'word', 'name'].includes(reader.next.kind)) throw reader.unexpected('a string');
  reader.advance();
}

function createPump(reader: Reader, start: number, orReplace: boolean): Create<'create pump'> {
  const name = reader.expectPath();
  const isStopped = reader.take('STOPPED');
  if (!isStopped) reader.take('STARTED');
  remarks(reader);
  reader.expect('AS');
  return {
    kind: 'create pump',
    name,
    orReplace,
    isStopped,
    insert: insert(reader),
    span: reader.spanFrom(start),
  };
}

/** EXPEDITED says how SQLstream should order several inserters; rows arrive in the order of their ROWTIME here anyway. */
function insert(reader: Reader): Insert {
  const { start } = reader.expect('INSERT');
  reader.take('EXPEDITED');
  reader.expect('INTO');
  const into = reader.expectPath();
  const hasColumns = reader.at('(') && !isQueryBehindBracket(reader);
  const columns = hasColumns ? reader.expectNames() : undefined;
  const query = reader.query();
  return { kind: 'insert', into, columns, query, span: reader.spanFrom(start) };
}

function isQueryBehindBracket(reader: Reader): boolean {
  const { kind, text } = reader.ahead(1);
  return (kind === 'word' && (text === 'SELECT' || text === 'VALUES')) || (kind === 'symbol' && text === '(');
}

function createFunction(reader: Reader, start: number, orReplace: boolean): Create<'create function'> {
  const name = reader.expectPath();
  reader.expect('(');
  const parameters = reader.at(')') ? [] : reader.list(() => parameter(reader));
  reader.expect(')');
  reader.expect('RETURNS');
  const returns = sqlType(reader);
  const isStrict = characteristics(reader);
  reader.expect('RETURN');
  const body = reader.expression();
  const span = reader.spanFrom(start);
  return { kind: 'create function', name, orReplace, parameters, returns, isStrict, body, span };
}

function parameter(reader: Reader): { name: Name; type: ReturnType<typeof sqlType> } {
  const name = reader.expectName();
  return { name, type: sqlType(reader) };
}

/** In any order; only whether the function is strict matters. */
function characteristics(reader: Reader): boolean {
  let isStrict = false;
  for (;;) {
    if (reader.atAll('RETURNS', 'NULL')) {
      for (const word of ['RETURNS', 'NULL', 'ON', 'NULL', 'INPUT']) reader.expect(word);
      isStrict = true;
    } else if (reader.takeAll('CALLED', 'ON', 'NULL', 'INPUT')) isStrict = false;
    else if (reader.take('SPECIFIC')) reader.expectPath();
    else if (
      !reader.takeAll('LANGUAGE', 'SQL') &&
      !reader.takeAll('NOT', 'DETERMINISTIC') &&
      !reader.take('DETERMINISTIC') &&
      !reader.takeAll('CONTAINS', 'SQL') &&
      !reader.takeAll('READS', 'SQL', 'DATA') &&
      !reader.takeAll('MODIFIES', 'SQL', 'DATA')
    )
      return isStrict;
  }
}
