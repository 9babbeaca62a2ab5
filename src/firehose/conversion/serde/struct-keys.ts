/**
 * Finds the members of an object that are fields of a struct. Records of a stream look alike, so the key that stood
 * at the same place the last time is tried first, byte by byte, before the text is looked up.
 */
import type { JsonTape } from '../json/tape.ts';
import type { Column } from '../schema.ts';
import { textOf, type Serde } from './serde.ts';

const UNKNOWN = -1;
/** Of longer objects and keys the rest is looked up each time. */
const PLACES_MAX = 256;
const KEY_BYTES_MAX = 256;

type Place = { readonly key: Buffer; readonly field: number; readonly isDotted: boolean };

export class StructKeys {
  readonly #json: JsonTape;
  readonly #serde: Serde;
  readonly #fields = new Map<string, number>();
  readonly #places: Place[] = [];
  readonly #found: Int32Array;

  constructor(fields: readonly Column[], json: JsonTape, serde: Serde) {
    this.#json = json;
    this.#serde = serde;
    for (const [index, field] of fields.entries()) this.#fields.set(serde.keyOf(field), index);
    this.#found = new Int32Array(fields.length);
  }

  /** For each field the entry of its value, or 0. The last of equal keys counts. The array is used again by the next call. */
  find(object: number): Int32Array {
    const { nexts } = this.#json;
    const found = this.#found.fill(0);
    const end = nexts[object]!;
    for (let at = object + 1, index = 0; at < end; at = nexts[at + 1]!, index += 1) {
      const { field, isDotted } = this.#place(at, index);
      if (field !== UNKNOWN && !(isDotted && found[field] !== 0)) found[field] = at + 1;
    }
    return found;
  }

  #place(key: number, index: number): Place {
    const json = this.#json;
    const known = this.#places[index];
    const start = json.starts[key]!;
    const end = json.ends[key]!;
    if (known !== undefined && isSame(known.key, json.bytes, start, end)) return known;
    const place = this.#lookUp(textOf(json, key), json.bytes.subarray(start, end));
    // Places are filled in order, so that the array has no holes.
    if (index <= this.#places.length && index < PLACES_MAX && end - start <= KEY_BYTES_MAX)
      this.#places[index] = place;
    return place;
  }

  #lookUp(text: string, bytes: Buffer): Place {
    const key = Buffer.from(bytes);
    const name = this.#serde.key(text);
    const field = this.#fields.get(name);
    if (field !== undefined) return { key, field, isDotted: false };
    const isDotted = this.#serde.convertsDots && name.includes('.');
    return {
      key,
      field: (isDotted ? this.#fields.get(name.replaceAll('.', '_')) : undefined) ?? UNKNOWN,
      isDotted,
    };
  }
}

function isSame(key: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (key.length !== end - start) return false;
  for (let at = 0; at < key.length; at += 1) if (key[at] !== bytes[start + at]) return false;
  return true;
}
