/**
 * Functions that are invoked with JSON and answer with JSON, as AWS Lambda's Invoke: at a Lambda-shaped endpoint, or a local module in a
 * process of its own. Whoever invokes them (Firehose, Analytics) knows this port only.
 */

/** `error` of `FunctionError`: the function itself failed, its answer says how. */
export type FunctionAnswer =
  | { readonly kind: 'ok'; readonly payload: Uint8Array }
  | { readonly kind: 'function-error'; readonly payload: Uint8Array };

export interface Functions {
  /**
   * Invokes synchronously (RequestResponse). `arn` may carry a version or an alias. Throws `FunctionFailure`, and the signal's reason when aborted.
   * Nothing is repeated here.
   */
  invoke(arn: string, payload: Uint8Array, signal?: AbortSignal): Promise<FunctionAnswer>;
  /** Undefined when it can be invoked, else why not, for whoever configures it: no such function, no endpoint. */
  unavailable(arn: string): string | undefined;
}

/** No answer of the function. `code` is Lambda's, such as ResourceNotFoundException or TooManyRequestsException, or Timeout, Unreachable. */
export class FunctionFailure extends Error {
  override readonly name = 'FunctionFailure';
  readonly code: string;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;

  constructor(code: string, message: string, retryable: boolean) {
    super(message);
    this.code = code;
    this.retryable = retryable;
  }
}
