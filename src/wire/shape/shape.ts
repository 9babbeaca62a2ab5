/**
 * The shape language. An operation's input and output are declared once with these functions; the TypeScript
 * type (`TypeOf`), the decoders, the constraint checks and the encoders are all derived from the declaration.
 * A shape is plain frozen data: it knows no protocol.
 */

import type { Packed } from './packed.ts';

export type StringShape = {
  readonly kind: 'string';
  /** Length bounds in UTF-16 units, as AWS's Java counts them. */
  readonly min?: number;
  readonly max?: number;
  /** The whole value must match. Written as in AWS's model, because messages quote it. */
  readonly pattern?: string;
  readonly values?: readonly string[];
};
export type BlobShape = { readonly kind: 'blob'; readonly min?: number; readonly max?: number };
export type NumberShape = {
  readonly kind: 'integer' | 'long' | 'double';
  readonly min?: number;
  readonly max?: number;
};
export type BooleanShape = { readonly kind: 'boolean' };
/** Milliseconds since 1970 in TypeScript; epoch seconds on the JSON wire, tag 1 in CBOR. */
export type TimestampShape = { readonly kind: 'timestamp' };
export interface ListShape<M extends Shape = Shape> {
  readonly kind: 'list';
  readonly member: M;
  readonly min?: number;
  readonly max?: number;
  /** Its values may be columns: see packed.ts. */
  readonly packed?: true;
}
export interface MapShape<V extends Shape = Shape> {
  readonly kind: 'map';
  readonly key: StringShape;
  readonly value: V;
  readonly min?: number;
  readonly max?: number;
}
export interface Member<S extends Shape = Shape, R extends boolean = boolean> {
  readonly shape: S;
  readonly required: R;
}
export interface Members {
  readonly [name: string]: Member;
}
export interface StructureShape<M extends Members = Members> {
  readonly kind: 'structure';
  readonly name: string;
  readonly members: M;
}
/** The one member of an output that is sent as event-stream messages; each event is a structure of `events`. */
export interface EventStreamShape<E extends Members = Members> {
  readonly kind: 'eventStream';
  readonly name: string;
  readonly events: E;
}

export type Shape =
  | StringShape
  | BlobShape
  | NumberShape
  | BooleanShape
  | TimestampShape
  | ListShape
  | MapShape
  | StructureShape
  | EventStreamShape;

/** The TypeScript type of a value of shape S. */
export type TypeOf<S> = S extends { readonly kind: 'string'; readonly values: readonly (infer V)[] }
  ? V
  : S extends StringShape
    ? string
    : S extends BlobShape
      ? Uint8Array
      : S extends NumberShape | TimestampShape
        ? number
        : S extends BooleanShape
          ? boolean
          : S extends ListShape<infer M>
            ? S extends { readonly packed: true }
              ? readonly TypeOf<M>[] | Packed<TypeOf<M>>
              : readonly TypeOf<M>[]
            : S extends MapShape<infer V>
              ? ReadonlyMap<string, TypeOf<V>>
              : S extends StructureShape<infer M>
                ? StructureOf<M>
                : S extends EventStreamShape<infer E>
                  ? AsyncIterable<EventOf<E>>
                  : never;

type StructureOf<M extends Members> = {
  readonly [K in keyof M as M[K]['required'] extends true ? K : never]: TypeOf<M[K]['shape']>;
} & {
  readonly [K in keyof M as M[K]['required'] extends true ? never : K]?: TypeOf<M[K]['shape']> | undefined;
};

/** One event: exactly one key, the event's type, as the SDKs show it: `{ SubscribeToShardEvent: {...} }`. */
type EventOf<E extends Members> = { [K in keyof E]: { readonly [P in K]: TypeOf<E[K]['shape']> } }[keyof E];

export function string<const O extends Omit<StringShape, 'kind'>>(
  options?: O,
): { readonly kind: 'string' } & O {
  return Object.freeze({ kind: 'string', ...(options as O) });
}
export function enumeration<const V extends readonly string[]>(
  ...values: V
): { readonly kind: 'string'; readonly values: V } {
  return Object.freeze({ kind: 'string', values });
}
export function blob(options: Omit<BlobShape, 'kind'> = {}): BlobShape {
  return Object.freeze({ kind: 'blob', ...options });
}
export function integer(options: Omit<NumberShape, 'kind'> = {}): NumberShape {
  return Object.freeze({ kind: 'integer', ...options });
}
export function long(options: Omit<NumberShape, 'kind'> = {}): NumberShape {
  return Object.freeze({ kind: 'long', ...options });
}
export function double(options: Omit<NumberShape, 'kind'> = {}): NumberShape {
  return Object.freeze({ kind: 'double', ...options });
}
export function boolean(): BooleanShape {
  return Object.freeze({ kind: 'boolean' });
}
export function timestamp(): TimestampShape {
  return Object.freeze({ kind: 'timestamp' });
}
export function list<M extends Shape>(member: M, options: { min?: number; max?: number } = {}): ListShape<M> {
  return Object.freeze({ kind: 'list', member, ...options });
}
/** A list of structures that may be long: its decoders and encoders know it as columns too. */
export function packedList<M extends StructureShape>(
  member: M,
  options: { min?: number; max?: number } = {},
): ListShape<M> & { readonly packed: true } {
  return Object.freeze({ kind: 'list', member, packed: true, ...options });
}
export function map<V extends Shape>(
  key: StringShape,
  value: V,
  options: { min?: number; max?: number } = {},
): MapShape<V> {
  return Object.freeze({ kind: 'map', key, value, ...options });
}
export function structure<M extends Members>(name: string, members: M): StructureShape<M> {
  return Object.freeze({ kind: 'structure', name, members: Object.freeze(members) });
}
export function eventStream<E extends Members>(name: string, events: E): EventStreamShape<E> {
  return Object.freeze({ kind: 'eventStream', name, events: Object.freeze(events) });
}
export function required<S extends Shape>(shape: S): Member<S, true> {
  return Object.freeze({ shape, required: true });
}
export function optional<S extends Shape>(shape: S): Member<S, false> {
  return Object.freeze({ shape, required: false });
}
