/**
 * The tokens of a program and where in them we are. It remembers what the grammar would have taken at the present token, so that an error can say what
 * was expected and, of a mistyped word, what was meant. It bounds both how deep the grammar calls itself and how deep the trees are that it builds, so
 * that neither it nor anyone who walks a tree overflows the stack.
 */
import { nearest } from '../nearest.ts';
import { placeAt, SqlError, type Span } from '../sql-error.ts';
import { helpWith } from './help.ts';
import type { Token } from './lex.ts';
import { canBeName } from './reserved.ts';
import type { Expression, Name, Path, Query } from './tree.ts';

/** Brackets in brackets, and nodes of a tree on the way to its farthest leaf. */
const NESTING_MAX = 200;
const EXPECTED_SHOWN_MAX = 8;

/** The rules that the rest of the grammar calls again from inside. */
export type Rules = {
  readonly expression: (reader: Reader) => Expression;
  /** An expression without conditions: what may stand on either side of a comparison. */
  readonly operand: (reader: Reader) => Expression;
  readonly query: (reader: Reader) => Query;
};

export class Reader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #rules: Rules;
  readonly #depths = new WeakMap<object, number>();
  #at = 0;
  #nesting = 0;
  /** What the grammar asked for at the present token, and at the one before it. */
  #expected: string[] = [];
  #expectedBefore: string[] = [];
  /** Whether the token before was taken as a name without being asked for: it may have been meant as a word of the grammar. */
  #isBeforeOptional = false;

  constructor(text: string, tokens: readonly Token[], rules: Rules) {
    this.#text = text;
    this.#tokens = tokens;
    this.#rules = rules;
  }

  get next(): Token {
    return this.#tokens[this.#at]!;
  }

  get isAtEnd(): boolean {
    return this.next.kind === 'end';
  }

  /** The token that many behind the next one. */
  ahead(count: number): Token {
    return this.#tokens[Math.min(this.#at + count, this.#tokens.length - 1)]!;
  }

  advance(): Token {
    this.#expectedBefore = this.#expected;
    this.#expected = [];
    this.#isBeforeOptional = false;
    return this.#tokens[this.#at++]!;
  }

  /** Whether the next token is this symbol or, in capitals, this word; a quoted name is never a word. */
  at(what: string): boolean {
    this.#expected.push(what);
    return is(this.next, what);
  }

  atAny(whats: readonly string[]): boolean {
    return whats.some((what) => this.at(what));
  }

  /** Whether these follow, of which the first alone counts as expected. */
  atAll(...whats: readonly string[]): boolean {
    this.#expected.push(whats[0]!);
    return whats.every((what, index) => is(this.ahead(index), what));
  }

  take(what: string): boolean {
    if (!this.at(what)) return false;
    this.advance();
    return true;
  }

  /** All of these, one after the other, where the first is there. */
  takeAll(...whats: readonly string[]): boolean {
    if (!this.take(whats[0]!)) return false;
    for (const what of whats.slice(1)) this.expect(what);
    return true;
  }

  expect(what: string): Token {
    if (!this.at(what)) throw this.unexpected();
    return this.advance();
  }

  /** Takes one of these words, and says which. */
  expectAny<const What extends string>(whats: readonly What[]): What {
    const found = whats.find((what) => this.at(what));
    if (found === undefined) throw this.unexpected();
    this.advance();
    return found;
  }

  /** What may stand here too, for the help with a mistyped word; not shown as expected. */
  hint(words: readonly string[]): void {
    for (const word of words) this.#expected.push(`?${word}`);
  }

  expectString(): Token {
    if (this.next.kind !== 'string') throw this.unexpected('a string');
    return this.advance();
  }

  expectInteger(): number {
    if (this.next.kind !== 'number' || !/^[0-9]{1,9}$/.test(this.next.text))
      throw this.unexpected('a whole number');
    return Number(this.advance().text);
  }

  atName(): boolean {
    const { kind, text } = this.next;
    return kind === 'name' || (kind === 'word' && canBeName(text));
  }

  expectName(): Name {
    if (!this.atName()) throw this.unexpected('a name');
    return this.#name();
  }

  /** A name that could as well not stand here. */
  takeOptionalName(): Name | undefined {
    if (!this.atName()) return undefined;
    const name = this.#name();
    this.#isBeforeOptional = !name.isQuoted;
    return name;
  }

  #name(): Name {
    const { kind, text, start, end } = this.advance();
    return { text, isQuoted: kind === 'name', span: { start, end } };
  }

  expectPath(): Path {
    const path = [this.expectName()];
    while (this.take('.')) path.push(this.expectName());
    return path;
  }

  /** `(a, b)`. */
  expectNames(): Name[] {
    this.expect('(');
    const names = this.list(() => this.expectName());
    this.expect(')');
    return names;
  }

  /** One or more with commas between them. */
  list<Item>(item: () => Item): Item[] {
    const items = [item()];
    while (this.take(',')) items.push(item());
    return items;
  }

  expression(): Expression {
    return this.nested(() => this.#rules.expression(this));
  }

  operand(): Expression {
    return this.nested(() => this.#rules.operand(this));
  }

  query(): Query {
    return this.nested(() => this.#rules.query(this));
  }

  /** What calls the grammar again from inside goes through here. */
  nested<Result>(rule: () => Result): Result {
    if (++this.#nesting > NESTING_MAX) throw this.#tooDeep(this.next);
    const result = rule();
    this.#nesting--;
    return result;
  }

  /** The node itself, once its tree is known to be no deeper than allowed. */
  node<Node extends { readonly span: Span }>(node: Node): Node {
    const depth = 1 + this.#depthBelow(node);
    if (depth > NESTING_MAX) throw this.#tooDeep(node.span);
    this.#depths.set(node, depth);
    return node;
  }

  #depthBelow(value: object): number {
    let depth = 0;
    for (const part of Object.values(value)) {
      if (typeof part !== 'object' || part === null) continue;
      depth = Math.max(depth, this.#depths.get(part) ?? this.#depthBelow(part));
    }
    return depth;
  }

  #tooDeep({ start, end }: Span): SqlError {
    return new SqlError({ start, end }, `This is nested more than ${NESTING_MAX} deep`);
  }

  /** From the beginning of a part to the end of the last token taken. */
  spanFrom(start: number): Span {
    return { start, end: this.#at === 0 ? start : this.#tokens[this.#at - 1]!.end };
  }

  /** The text of a part as it was written. */
  source({ start, end }: Span): string {
    return this.#text.slice(start, end);
  }

  /** Of the present token, where `what` was expected besides what the grammar asked for; of the one before it where that is the one mistyped. */
  unexpected(what?: string): SqlError {
    if (what !== undefined) this.#expected.push(what);
    const before = this.#tokens[this.#at - 1];
    if (this.#isBeforeOptional) {
      // What is expected behind such a name was, but for the name, expected in its place.
      const meant = nearest(before!.text, wordsOf([...this.#expectedBefore, ...this.#expected]));
      if (meant !== undefined) return this.#encountered(before!, this.#expected, `did you mean ${meant}?`);
    }
    const token = this.next;
    const help =
      helpWith({ token, before, after: this.ahead(1), expected: new Set(this.#expected) }) ??
      this.#didYouMean(token);
    return this.#encountered(token, this.#expected, help);
  }

  #didYouMean(token: Token): string | undefined {
    const meant = token.kind === 'word' ? nearest(token.text, wordsOf(this.#expected)) : undefined;
    return meant === undefined || meant === token.text ? undefined : `did you mean ${meant}?`;
  }

  /** Of the present token, where it is known what to do about it. */
  unexpectedWith(help: string): SqlError {
    return this.#encountered(this.next, [], help);
  }

  #encountered(token: Token, expected: readonly string[], help: string | undefined): SqlError {
    const { line, column } = placeAt(this.#text, token.start);
    const source = this.source(token);
    const shown = token.kind === 'end' ? '<EOF>' : source.length > 40 ? `${source.slice(0, 40)}…` : source;
    const all = [...new Set(expected)].filter((what) => !what.startsWith('?'));
    const list = all.slice(0, EXPECTED_SHOWN_MAX).map((what) => (what.startsWith('a') ? what : `"${what}"`));
    const more = all.length > EXPECTED_SHOWN_MAX ? ', …' : '';
    const was = all.length === 1 ? 'Was expecting' : 'Was expecting one of';
    return new SqlError(
      { start: token.start, end: token.end },
      [
        `Encountered "${shown}" at line ${line}, column ${column}`,
        ...(all.length === 0 ? [] : [`${was}: ${list.join(', ')}${more}`]),
        ...(help === undefined ? [] : [`${help[0]!.toUpperCase()}${help.slice(1)}`]),
      ].join('. '),
    );
  }
}

const is = (token: Token, what: string): boolean =>
  (token.kind === 'word' || token.kind === 'symbol') && token.text === what;

const wordsOf = (expected: readonly string[]): string[] =>
  expected.map((what) => what.replace(/^\?/, '')).filter((what) => /^[A-Z_]{2,}$/.test(what));
