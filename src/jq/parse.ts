/**
 * The grammar of jq 1.6, by precedence climbing. Two things are as in its grammar and not as one might guess: what begins
 * with `def`, `label` or `TERM as` reaches as far as it can, wherever it stands; and a value in `{key: value}` is a term,
 * or terms with `|` between them, so that `{a: 1 + 2}` is an error. Errors say where, and what was expected.
 */
import type { Ast, BinaryOperator, Definition } from './ast.ts';
import type { JqSyntaxError } from './errors.ts';
import { lex, syntaxError, type Token } from './lex.ts';
import { patterns } from './parse-braces.ts';
import { string, term } from './parse-term.ts';

type Level = { readonly precedence: number; readonly associates: 'left' | 'right' | 'not' };

const LEVELS: Readonly<Record<string, Level>> = Object.fromEntries(
  (
    [
      [['|'], 'right'],
      [[','], 'left'],
      [['//'], 'right'],
      [['=', '|=', '+=', '-=', '*=', '/=', '%=', '//='], 'not'],
      [['or'], 'left'],
      [['and'], 'left'],
      [['==', '!=', '<', '<=', '>', '>='], 'not'],
      [['+', '-'], 'left'],
      [['*', '/', '%'], 'left'],
    ] as const
  ).flatMap(([operators, associates], precedence) =>
    operators.map((operator) => [operator, { precedence, associates }]),
  ),
);
const MULTIPLY_PRECEDENCE = LEVELS['*']!.precedence;
/** Brackets in brackets, each of which is several calls of this parser. */
const NESTING_MAX = 200;

export function parse(text: string): Ast {
  const parser = new Parser(text, lex(text));
  const program = parser.isAt('end') ? ({ kind: 'identity' } as const) : parser.program();
  parser.expectEnd();
  return program;
}

/** The tokens and where in them we are. Also handed to the parts of the grammar that stand in files of their own. */
export class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #nesting: number;

  constructor(text: string, tokens: readonly Token[], nesting = 0) {
    this.#text = text;
    this.#tokens = tokens;
    this.#nesting = nesting;
  }

  get next(): Token {
    return this.#tokens[this.#at]!;
  }

  advance(): Token {
    return this.#tokens[this.#at++]!;
  }

  /** Whether the next token is this operator or keyword, or of this kind. */
  isAt(text: string): boolean {
    const { kind, text: nextText } = this.next;
    return kind === 'operator' || kind === 'keyword' ? nextText === text : kind === text;
  }

  /** Whether the token after the next is this operator. */
  isBefore(text: string): boolean {
    const token = this.#tokens[this.#at + 1];
    return token?.kind === 'operator' && token.text === text;
  }

  take(text: string): boolean {
    if (!this.isAt(text)) return false;
    this.#at++;
    return true;
  }

  expect(text: string, what = text): Token {
    if (!this.isAt(text)) throw this.unexpected(what);
    return this.advance();
  }

  expectEnd(): void {
    if (!this.isAt('end')) throw this.unexpected('an operator or the end');
  }

  unexpected(expected: string): JqSyntaxError {
    return this.error(this.next.offset, `unexpected ${this.next.text}; expected ${expected}`);
  }

  error(offset: number, message: string, reason: JqSyntaxError['reason'] = 'syntax'): JqSyntaxError {
    return syntaxError(this.#text, offset, message, reason);
  }

  /** The line, from 1, on which a token stands. */
  lineOf(offset: number): number {
    return this.#text.slice(0, offset).split('\n').length;
  }

  /** A parser for the tokens inside a string. */
  inside(tokens: readonly Token[]): Parser {
    return new Parser(this.#text, tokens, this.#nesting + 1);
  }

  program(): Ast {
    if (this.isAt('import') || this.isAt('include') || this.isAt('module'))
      throw this.error(
        this.next.offset,
        `${this.next.text} is refused: there are no modules here`,
        'refused',
      );
    if (!this.isAt('def')) return this.pipe();
    const definition = this.#definition();
    const body = this.isAt('end') ? ({ kind: 'identity' } as const) : this.program();
    return { kind: 'def', definition, body };
  }

  pipe(): Ast {
    return this.nested(() => this.#binary(0));
  }

  /** Whatever may stand in itself without an end is parsed in here. */
  nested<T>(parse: () => T): T {
    if (++this.#nesting > NESTING_MAX) throw this.error(this.next.offset, 'the program is nested too deep');
    const parsed = parse();
    this.#nesting--;
    return parsed;
  }

  #binary(precedenceMin: number): Ast {
    let left = this.#operand();
    for (;;) {
      const token = this.next;
      const level = token.kind === 'operator' || token.kind === 'keyword' ? LEVELS[token.text] : undefined;
      if (level === undefined || level.precedence < precedenceMin) return left;
      this.advance();
      const right = this.#binary(level.associates === 'right' ? level.precedence : level.precedence + 1);
      left = joined(token, left, right);
      const after = LEVELS[this.next.text];
      if (
        level.associates === 'not' &&
        after?.precedence === level.precedence &&
        this.next.kind === 'operator'
      )
        throw this.unexpected(`parentheses, because ${token.text} and ${this.next.text} do not associate`);
    }
  }

  #operand(): Ast {
    const body = this.#unmarked();
    if (!this.take('?')) return body;
    // More of them do no more.
    while (this.take('?'));
    return { kind: 'try', body, handler: null };
  }

  /** An operand without the `?` that may follow. */
  #unmarked(): Ast {
    if (this.take('-'))
      return this.nested(() => ({ kind: 'negate', body: this.#binary(MULTIPLY_PRECEDENCE) }));
    if (this.take('if')) return this.#if();
    if (this.take('try')) {
      const body = this.nested(() => this.#unmarked());
      const handler = this.take('catch') ? this.nested(() => this.#unmarked()) : null;
      return { kind: 'try', body, handler };
    }
    if (this.take('reduce')) {
      const { source, patterns: all } = this.#source();
      this.expect('(');
      const init = this.pipe();
      this.expect(';');
      const update = this.pipe();
      this.expect(')');
      return { kind: 'reduce', source, patterns: all, init, update };
    }
    if (this.take('foreach')) return this.#foreach();
    if (this.take('label')) {
      this.expect('$');
      const name = this.expect('name', 'the name of a label').text;
      this.expect('|');
      return { kind: 'label', name, body: this.pipe() };
    }
    if (this.isAt('def')) return { kind: 'def', definition: this.#definition(), body: this.pipe() };
    const source = term(this);
    if (!this.take('as')) return source;
    const all = patterns(this);
    this.expect('|');
    return { kind: 'bind', source, patterns: all, body: this.pipe() };
  }

  #source() {
    const source = term(this);
    this.expect('as');
    return { source, patterns: patterns(this) };
  }

  #foreach(): Ast {
    const { source, patterns: all } = this.#source();
    this.expect('(');
    const init = this.pipe();
    this.expect(';');
    const update = this.pipe();
    const extract = this.take(';') ? this.pipe() : null;
    this.expect(')', extract === null ? '; or )' : ')');
    return { kind: 'foreach', source, patterns: all, init, update, extract };
  }

  #if(): Ast {
    const condition = this.pipe();
    this.expect('then');
    const yes = this.pipe();
    if (this.take('elif')) return { kind: 'if', condition, yes, no: this.#if() };
    this.expect('else', 'elif or else (jq 1.6 has no if without else)');
    const no = this.pipe();
    this.expect('end');
    return { kind: 'if', condition, yes, no };
  }

  #definition(): Definition {
    this.expect('def');
    if (!this.isAt('name') && !this.isAt('keyword')) throw this.unexpected('the name of a function');
    const name = this.advance().text;
    const params: { name: string; isValue: boolean }[] = [];
    if (this.take('(')) {
      do {
        const isValue = this.take('$');
        params.push({ name: this.expect('name', 'the name of a parameter').text, isValue });
      } while (this.take(';'));
      this.expect(')', '; or )');
    }
    this.expect(':');
    const body = this.pipe();
    this.expect(';', 'an operator or ;');
    return { name, params, body };
  }

  term(): Ast {
    return term(this);
  }

  string(): Ast {
    return string(this);
  }
}

function joined(token: Token, left: Ast, right: Ast): Ast {
  const { text, offset } = token;
  switch (text) {
    case '|':
      return { kind: 'pipe', left, right };
    case ',':
      return { kind: 'comma', left, right };
    case 'and':
    case 'or':
      return { kind: text, left, right };
    case '//':
      return { kind: 'alternative', left, right };
  }
  if (LEVELS[text]!.precedence === LEVELS['=']!.precedence)
    return { kind: 'assign', operator: text.slice(0, -1), left, right };
  return { kind: 'binary', operator: text as BinaryOperator, left, right, offset };
}
