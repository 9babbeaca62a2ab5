/** Terms: what binds tighter than every operator, with the paths that follow them (`.a[0]."b"?`). */
import type { Ast } from './ast.ts';
import { objectEntries } from './parse-braces.ts';
import type { Parser } from './parse.ts';

const IDENTITY: Ast = { kind: 'identity' };
const NULL: Ast = { kind: 'literal', value: null };
/** Names that are no calls, whatever is defined. */
const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['null', null],
  ['true', true],
  ['false', false],
]);

export function term(parser: Parser): Ast {
  let target = head(parser);
  for (;;) {
    const next = parser.next;
    if (next.kind === 'field') {
      parser.advance();
      target = index(parser, target, { kind: 'literal', value: next.text.slice(1) });
    } else if (parser.isAt('.')) {
      parser.advance();
      if (!parser.isAt('string') && !parser.isAt('format')) throw parser.unexpected('a string after the .');
      target = index(parser, target, string(parser));
    } else if (parser.take('[')) target = brackets(parser, target);
    else return target;
  }
}

function index(parser: Parser, target: Ast, key: Ast): Ast {
  return { kind: 'index', target, key, isOptional: parser.take('?') };
}

/** After `[`. */
function brackets(parser: Parser, target: Ast): Ast {
  if (parser.take(']')) return { kind: 'each', target, isOptional: parser.take('?') };
  if (parser.take(':')) {
    const to = parser.pipe();
    parser.expect(']');
    return { kind: 'slice', target, from: NULL, to, isOptional: parser.take('?') };
  }
  const from = parser.pipe();
  if (parser.take(':')) {
    const to = parser.isAt(']') ? NULL : parser.pipe();
    parser.expect(']');
    return { kind: 'slice', target, from, to, isOptional: parser.take('?') };
  }
  parser.expect(']', ': or ]');
  return index(parser, target, from);
}

function head(parser: Parser): Ast {
  const token = parser.next;
  switch (token.kind) {
    case 'number':
      parser.advance();
      return { kind: 'literal', value: token.value };
    case 'string':
    case 'format':
      return string(parser);
    case 'field':
      parser.advance();
      return index(parser, IDENTITY, { kind: 'literal', value: token.text.slice(1) });
    case 'name':
      parser.advance();
      if (CONSTANTS.has(token.text) && !parser.isAt('('))
        return { kind: 'literal', value: CONSTANTS.get(token.text) ?? null };
      return { kind: 'call', name: token.text, args: args(parser), offset: token.offset };
    case 'keyword':
      if (token.text !== 'break') break;
      parser.advance();
      parser.expect('$', '$ and the name of a label');
      return { kind: 'break', name: parser.expect('name', 'the name of a label').text, offset: token.offset };
    case 'operator':
      return operatorHead(parser);
  }
  throw parser.unexpected('a term');
}

function operatorHead(parser: Parser): Ast {
  const { text, offset } = parser.next;
  switch (text) {
    case '.':
      parser.advance();
      return parser.isAt('string') ? index(parser, IDENTITY, string(parser)) : IDENTITY;
    case '..':
      parser.advance();
      return { kind: 'call', name: 'recurse', args: [], offset };
    case '(': {
      parser.advance();
      const body = parser.pipe();
      parser.expect(')', 'an operator or )');
      return body;
    }
    case '[': {
      parser.advance();
      if (parser.take(']')) return { kind: 'array', body: null };
      const body = parser.pipe();
      parser.expect(']', 'an operator or ]');
      return { kind: 'array', body };
    }
    case '{':
      parser.advance();
      return { kind: 'object', entries: objectEntries(parser), offset };
    case '$': {
      parser.advance();
      if (parser.take('__loc__'))
        return { kind: 'literal', value: { file: '<top-level>', line: parser.lineOf(offset) } };
      return { kind: 'variable', name: parser.expect('name', 'the name of a variable').text, offset };
    }
  }
  throw parser.unexpected('a term');
}

function args(parser: Parser): Ast[] {
  const all: Ast[] = [];
  if (!parser.take('(')) return all;
  do all.push(parser.pipe());
  while (parser.take(';'));
  parser.expect(')', 'an operator, ; or )');
  return all;
}

/** A string, a format, or a format with the string that it formats. */
export function string(parser: Parser): Ast {
  const first = parser.advance();
  let token = first;
  if (first.kind === 'format') {
    if (!parser.isAt('string')) return { kind: 'format', name: first.text.slice(1), offset: first.offset };
    token = parser.advance();
  }
  if (token.kind !== 'string')
    throw parser.error(token.offset, `unexpected ${token.text}; expected a string`);
  const parts = token.parts.map((part) => {
    if (typeof part === 'string') return part;
    const inside = parser.inside(part);
    const body = inside.pipe();
    inside.expectEnd();
    return body;
  });
  if (parts.length === 1) return { kind: 'literal', value: parts[0] as string };
  const format = first.kind === 'format' ? first.text.slice(1) : null;
  return { kind: 'string', format, parts, offset: first.offset };
}
