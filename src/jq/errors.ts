/** What a jq program can end in. Only `JqError` is the program's own doing and can be caught by its `try`. */

/** The text is not a program. `line` and `column` count from 1. */
export class JqSyntaxError extends Error {
  override readonly name = 'JqSyntaxError';
  readonly line: number;
  readonly column: number;
  /** `refused` is for what jq 1.6 knows and this implementation does not serve, such as `input`. */
  readonly reason: 'syntax' | 'undefined' | 'refused';

  constructor(
    message: string,
    line: number,
    column: number,
    reason: 'syntax' | 'undefined' | 'refused' = 'syntax',
  ) {
    super(`${message} (line ${line}, column ${column})`);
    this.line = line;
    this.column = column;
    this.reason = reason;
  }
}

/** The program raised an error that nothing in it caught. The message is jq 1.6's. */
export class JqError extends Error {
  override readonly name = 'JqError';
  /** What was raised: a string for jq's own errors, any JSON value for those of `error(value)`. */
  readonly value: unknown;

  constructor(message: string, value: unknown) {
    super(message);
    this.value = value;
  }
}

/** The program asked for more than it may have, or for what is not served here. It cannot be caught inside the program. */
export class JqRefusal extends Error {
  override readonly name = 'JqRefusal';
  readonly reason: 'steps' | 'depth' | 'size' | 'unsupported';

  constructor(reason: 'steps' | 'depth' | 'size' | 'unsupported', message: string) {
    super(message);
    this.reason = reason;
  }
}
