/** What stands between braces: the entries of an object, and of a pattern after `as`. */
import type { Ast, Pattern, PatternEntry } from './ast.ts';
import type { Parser } from './parse.ts';

/** After `{`, with the `}`. */
export function objectEntries(parser: Parser): { key: Ast; value: Ast }[] {
  const entries: { key: Ast; value: Ast }[] = [];
  while (!parser.take('}')) {
    entries.push(objectEntry(parser));
    if (parser.take('}')) break;
    parser.expect(',', ', or } (a value that is not a term needs parentheses)');
  }
  return entries;
}

function objectEntry(parser: Parser): { key: Ast; value: Ast } {
  const token = parser.next;
  if (parser.take('$')) {
    const name = parser.expect('name', 'the name of a variable').text;
    return { key: literal(name), value: { kind: 'variable', name, offset: token.offset } };
  }
  if (parser.take('(')) {
    const key = parser.pipe();
    parser.expect(')', 'an operator or )');
    parser.expect(':');
    return { key, value: entryValue(parser) };
  }
  let key: Ast;
  if (token.kind === 'string' || (token.kind === 'format' && isFormattedString(parser)))
    key = parser.string();
  else if (token.kind === 'name' || (token.kind === 'keyword' && parser.isBefore(':')))
    key = literal(parser.advance().text);
  else throw parser.unexpected('a key or }');
  if (parser.take(':')) return { key, value: entryValue(parser) };
  return { key, value: { kind: 'index', target: { kind: 'identity' }, key, isOptional: false } };
}

function isFormattedString(parser: Parser): boolean {
  return !parser.isBefore(':') && !parser.isBefore('}');
}

/** Terms with `|` between them. */
function entryValue(parser: Parser): Ast {
  return parser.nested(() => entryPipe(parser));
}

function entryPipe(parser: Parser): Ast {
  const left: Ast = parser.take('-') ? { kind: 'negate', body: entryTerm(parser) } : parser.term();
  return parser.take('|') ? { kind: 'pipe', left, right: entryValue(parser) } : left;
}

function entryTerm(parser: Parser): Ast {
  return parser.take('-') ? { kind: 'negate', body: parser.nested(() => entryTerm(parser)) } : parser.term();
}

function literal(value: string): Ast {
  return { kind: 'literal', value };
}

/** What may stand after `as`: one pattern, or several with `?//` between them. */
export function patterns(parser: Parser): Pattern[] {
  const all: Pattern[] = [];
  do all.push(pattern(parser));
  while (parser.take('?//'));
  return all;
}

function pattern(parser: Parser): Pattern {
  return parser.nested(() => onePattern(parser));
}

function onePattern(parser: Parser): Pattern {
  if (parser.take('$'))
    return { kind: 'variable', name: parser.expect('name', 'the name of a variable').text };
  if (parser.take('[')) {
    const items: Pattern[] = [];
    do items.push(pattern(parser));
    while (parser.take(','));
    parser.expect(']', ', or ]');
    return { kind: 'array', items };
  }
  parser.expect('{', '$name, [ or {');
  const entries: PatternEntry[] = [];
  do entries.push(patternEntry(parser));
  while (parser.take(','));
  parser.expect('}', ', or }');
  return { kind: 'object', entries };
}

function patternEntry(parser: Parser): PatternEntry {
  if (parser.take('$')) {
    const name = parser.expect('name', 'the name of a variable').text;
    return { key: literal(name), variable: name, pattern: parser.take(':') ? pattern(parser) : null };
  }
  let key: Ast;
  if (parser.take('(')) {
    key = parser.pipe();
    parser.expect(')', 'an operator or )');
  } else if (parser.isAt('string')) key = parser.string();
  else if (parser.next.kind === 'name' || parser.next.kind === 'keyword')
    key = literal(parser.advance().text);
  else throw parser.unexpected('a key');
  parser.expect(':');
  return { key, variable: null, pattern: pattern(parser) };
}
