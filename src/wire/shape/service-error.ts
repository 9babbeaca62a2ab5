/**
 * An error that goes on the wire: its code is a name of the service's model (or one of AWS's common errors), its
 * message is AWS's text. Everything else that is thrown is our bug and is answered as InternalFailure.
 */
export class ServiceError extends Error {
  /** The error's name in the model, for example `ResourceNotFoundException`. */
  readonly code: string;
  /** `client` is answered with HTTP 400, `server` with 500, unless `status` says otherwise. */
  readonly fault: 'client' | 'server';
  readonly status: number;
  /** What the error's shape has beside its message, such as UnableToDetectSchemaException's records: plain JSON. */
  readonly members: Readonly<Record<string, unknown>> | undefined;

  /** `cause` never goes on the wire; it is reported to the operator. */
  constructor(
    code: string,
    message: string,
    options: {
      fault?: 'client' | 'server';
      status?: number;
      cause?: unknown;
      members?: Readonly<Record<string, unknown>>;
    } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = code;
    this.code = code;
    this.fault = options.fault ?? 'client';
    this.members = options.members;
    this.status = options.status ?? (this.fault === 'server' ? 500 : 400);
  }
}
