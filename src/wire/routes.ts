/** The operations that can be named by `X-Amz-Target`, each with its checks and codecs, compiled when they are first needed. */
import { assert } from '../base/assert.ts';
import type { Decode } from './shape/json-decoder.ts';
import type { Encode } from './shape/json-encoder.ts';
import type { AnyService, Call, Operation } from './shape/operation.ts';
import type { EventStreamShape, Shape, StructureShape } from './shape/shape.ts';
import { type Validate, compileValidator } from './shape/validator.ts';
import type { Protocol } from './protocol/protocol.ts';

export type Codec = { readonly decode: Decode; readonly encode: Encode };

export type Route = {
  readonly name: string;
  readonly signingName: string;
  readonly operation: Operation;
  readonly validate: Validate;
  readonly handle: (input: unknown, call: Call) => unknown;
  /** Set when the answer is an event stream: the output's member and its shape. */
  readonly events: { readonly member: string; readonly shape: EventStreamShape } | undefined;
  /** The answer holds a list of blobs: it can be megabytes. */
  readonly largeAnswer: boolean;
  readonly codecOf: (protocol: Protocol) => Codec;
};

/** By `X-Amz-Target`. */
export type Routes = ReadonlyMap<string, Route>;

export function compileRoutes(services: readonly AnyService[]): Routes {
  const routes = new Map<string, Route>();
  for (const service of services) {
    for (const [name, operation] of Object.entries<Operation>(service.operations)) {
      routes.set(`${service.targetPrefix}.${name}`, compileRoute(service, name, operation));
    }
  }
  return routes;
}

function compileRoute(service: AnyService, name: string, operation: Operation): Route {
  const input: StructureShape = operation.input;
  const output: StructureShape = operation.output;
  const events = eventsOf(output);
  const codecs = new Map<Protocol, Codec>();
  let validate: Validate | undefined;
  return {
    name,
    signingName: service.signingName,
    operation,
    get validate() {
      validate ??= compileValidator(input, javaPackageOf(service.targetPrefix), service.hidesValues);
      return validate;
    },
    handle: handlerOf(service, name),
    events,
    largeAnswer: holdsBlobList(output),
    codecOf(protocol) {
      let codec = codecs.get(protocol);
      if (codec === undefined) {
        codec = { decode: protocol.compileDecoder(input), encode: encoderOf(protocol, output, events) };
        codecs.set(protocol, codec);
      }
      return codec;
    },
  };
}

/** The type of a service says that every operation has its handler; what the road hands it, the decoder has made to its shape. */
function handlerOf(service: AnyService, name: string): Route['handle'] {
  const handler = service.handlers[name];
  assert(handler !== undefined, `${name} has a handler`);
  return handler as Route['handle'];
}

/** `Kinesis_20131202` is `com.amazonaws.kinesis.v20131202` in AWS's Java. */
function javaPackageOf(targetPrefix: string): string {
  const [name = '', version] = targetPrefix.split('_');
  const service = `com.amazonaws.${name.toLowerCase()}`;
  return version === undefined ? service : `${service}.v${version}`;
}

function eventsOf(output: StructureShape): Route['events'] {
  for (const [member, { shape }] of Object.entries(output.members)) {
    if (shape.kind === 'eventStream') return { member, shape };
  }
  return undefined;
}

/** AWS answers an operation whose output has no members with no body at all. */
function encoderOf(protocol: Protocol, output: StructureShape, events: Route['events']): Encode {
  if (events !== undefined || Object.keys(output.members).length === 0) return () => new Uint8Array();
  return protocol.compileEncoder(output);
}

function holdsBlobList(shape: Shape): boolean {
  if (shape.kind === 'list') return holdsBlob(shape.member);
  return (
    shape.kind === 'structure' && Object.values(shape.members).some((member) => holdsBlobList(member.shape))
  );
}

function holdsBlob(shape: Shape): boolean {
  switch (shape.kind) {
    case 'blob':
      return true;
    case 'list':
      return holdsBlob(shape.member);
    case 'map':
      return holdsBlob(shape.value);
    case 'structure':
      return Object.values(shape.members).some((member) => holdsBlob(member.shape));
    default:
      return false;
  }
}
