/**
 * The text of a program, an expression or a type as a tree. Whatever the text, the answer is a tree or a `SqlError` that says where, what was expected and,
 * where it can be guessed, what was meant.
 */
import type { SqlType } from '../types.ts';
import { lex } from './lex.ts';
import { expression, operand } from './parse-expression.ts';
import { query } from './parse-query.ts';
import { statement } from './parse-statement.ts';
import { sqlType } from './parse-type.ts';
import { Reader } from './reader.ts';
import type { Expression, Program, Statement } from './tree.ts';

/** At most 102,400 characters, AWS's limit. A `;` stands between statements; behind the last one it may be missing. */
export const parseProgram = (text: string): Program => whole(text, program);

export const parseExpression = (text: string): Expression => whole(text, (reader) => reader.expression());

/** A type as a column has it: `VARCHAR(32)`. */
export const parseType = (text: string): SqlType => whole(text, sqlType);

function whole<Result>(text: string, rule: (reader: Reader) => Result): Result {
  const reader = new Reader(text, lex(text), { expression, operand, query });
  const result = rule(reader);
  if (!reader.isAtEnd) throw reader.unexpected();
  return result;
}

function program(reader: Reader): Program {
  const statements: Statement[] = [];
  for (;;) {
    while (reader.take(';'));
    if (reader.isAtEnd) return { statements };
    statements.push(statement(reader));
    if (!reader.isAtEnd && !reader.at(';')) throw reader.unexpected();
  }
}
