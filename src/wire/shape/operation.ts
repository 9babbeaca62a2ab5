import type { StructureShape, TypeOf } from './shape.ts';

/** Who calls, as the signature proved it. */
export type Caller = {
  /** 12 digits. */
  readonly account: string;
  /** For example `arn:aws:iam::000000000000:root`. */
  readonly arn: string;
  readonly accessKeyId: string;
  /** Set when the credentials are temporary. */
  readonly session?: string;
};

/** What an operation is handed beside its input: never a request, a header or JSON. */
export type Call = {
  readonly caller: Caller;
  /** The region of the signature's scope: streams of different regions are different streams. */
  readonly region: string;
  /** Also x-amzn-RequestId of the answer. */
  readonly requestId: string;
  /** Aborted when the client goes away or the server drains. */
  readonly signal: AbortSignal;
};

/** One operation of a service: its name, shapes, the errors that its model names, its action and resources. */
export type Operation<
  I extends StructureShape = StructureShape,
  O extends StructureShape = StructureShape,
> = {
  readonly name: string;
  readonly input: I;
  readonly output: O;
  /** Codes that the model names for this operation. */
  readonly errors: readonly string[];
  /** The IAM action, for example `kinesis:PutRecord`. */
  readonly action: string;
  /** The ARNs that the call touches, known from its input alone; `*` where AWS names none. */
  resources(input: TypeOf<I>, call: Call): readonly string[];
};

export function operation<I extends StructureShape, O extends StructureShape>(
  declared: Operation<I, O>,
): Operation<I, O> {
  return Object.freeze(declared);
}

/** The function that serves an operation. It throws `ServiceError` for errors of the model. */
export type Handler<Op> =
  Op extends Operation<infer I, infer O>
    ? (input: TypeOf<I>, call: Call) => TypeOf<O> | Promise<TypeOf<O>>
    : never;

/** A service: its operations and, by the same keys, their handlers. An operation without a handler does not compile. */
export type Service<Ops extends { readonly [name: string]: Operation }> = {
  /** `X-Amz-Target` is `<targetPrefix>.<operation>`. */
  readonly targetPrefix: string;
  /** The service's name in a signature's scope. */
  readonly signingName: string;
  /** Its ValidationExceptions say where a value is wrong, but not the value, and tell of a length before a pattern. */
  readonly hidesValues?: boolean;
  readonly operations: Ops;
  readonly handlers: { readonly [K in keyof Ops]: Handler<Ops[K]> };
};

/** Some service, as the wire is handed it: a handler takes the input of its own operation only. */
export type AnyService = Omit<Service<{ readonly [name: string]: Operation }>, 'handlers'> & {
  readonly handlers: { readonly [name: string]: (input: never, call: Call) => unknown };
};
