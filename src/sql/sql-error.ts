/** What is wrong with a program's text, and where. The words follow those of AWS's validator: "From line 1, column 14 to line 1, column 79: …". */

/** Offsets in UTF-16 units: from the first of the part to the one behind its last. */
export type Span = { readonly start: number; readonly end: number };

export class SqlError extends Error {
  override readonly name = 'SqlError';
  readonly span: Span;

  constructor(span: Span, message: string) {
    super(message);
    this.span = span;
  }
}

/** Both count from one. */
export type Place = { readonly line: number; readonly column: number };

export const placeAt = (text: string, offset: number): Place => {
  const before = text.slice(0, offset);
  const lastBreak = before.lastIndexOf('\n');
  return { line: before.split('\n').length, column: before.length - lastBreak };
};

/** The message with its place in front of it, as AWS shows it. */
export const describeSqlError = (text: string, error: SqlError): string => {
  const from = placeAt(text, error.span.start);
  const to = placeAt(text, Math.max(error.span.start, error.span.end - 1));
  return `From line ${from.line}, column ${from.column} to line ${to.line}, column ${to.column}: ${error.message}`;
};
