/**
 * SQL at other servers that speak PostgreSQL's protocol, one connection for each piece of work. Nothing is repeated here; statements are the
 * caller's, parameters are not supported.
 */

export type SqlServer = {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** `required`: the certificate is verified for `host`, and without TLS nothing is sent. */
  readonly tls: 'required' | 'none';
  /** PEM of the authorities to trust in place of the usual ones. */
  readonly certificateAuthority?: string | undefined;
  /** Asked about every address before a connection is made to it; true refuses it. */
  readonly refusesAddress?: ((ip: string) => boolean) | undefined;
  /** From now to the end of the work. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
};

export type SqlAnswer = {
  /** Of the last statement; empty when it has no result. */
  readonly columns: readonly string[];
  /** As PostgreSQL writes values as text. */
  readonly rows: readonly (readonly (string | null)[])[];
};

export interface SqlSession {
  query(text: string): Promise<SqlAnswer>;
  /** Runs a COPY … FROM STDIN, whose data are `pieces` in a row. */
  copyIn(text: string, pieces: Iterable<Uint8Array>): Promise<void>;
}

export interface SqlClient {
  /**
   * Connects, does the work and disconnects. Throws `SqlError` when the server refuses or no answer comes, the signal's reason when aborted, and what
   * `work` throws. After a failure it is not known what the server did, but for `refused`: then the statement had no effect.
   */
  run<T>(server: SqlServer, work: (session: SqlSession) => Promise<T>): Promise<T>;
}

/** `refused`: the server says why. The others are those of HTTP (`host/http.ts`). */
export type SqlFailure = 'refused' | 'refused-address' | 'unreachable' | 'untrusted' | 'timeout' | 'broken';

export class SqlError extends Error {
  override readonly name = 'SqlError';
  readonly failure: SqlFailure;
  /** Five characters; empty unless the server refused. Source: "PostgreSQL Error Codes", PostgreSQL's manual. */
  readonly sqlState: string;

  constructor(failure: SqlFailure, message: string, sqlState = '') {
    super(message);
    this.failure = failure;
    this.sqlState = sqlState;
  }
}
