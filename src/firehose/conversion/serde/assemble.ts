/**
 * Takes one JSON document apart into columns: values with their repetition and definition levels, as Dremel's paper
 * defines them. The tree of nodes is made once for a table; each node writes its part of a document into the columns.
 */
import * as tape from '../json/tape.ts';
import type { ColumnValues } from '../parquet/column-values.ts';
import { schemaFault } from '../record-fault.ts';
import type { Column, ColumnType } from '../schema.ts';
import { openXAppend } from './openx-serde.ts';
import { appendText, isString, textOf, type Append, type PrimitiveType, type Serde } from './serde.ts';
import { StructKeys } from './struct-keys.ts';

/** `definition` is how much of the path above the node is there. */
interface Node {
  write(entry: number, repetition: number, definition: number): void;
  writeNull(repetition: number, definition: number): void;
}

export type Assemble = (root: number) => void;

/** `leaves` in the order of the columns' leaves. The function writes the document whose root is `root` as a row. */
export function assembler(
  columns: readonly Column[],
  leaves: readonly ColumnValues[],
  json: tape.JsonTape,
  serde: Serde,
): Assemble {
  let leaf = 0;
  const fields = columns.map((column) => node(column.type, 0));
  const keys = new StructKeys(columns, json, serde);
  return (root) => {
    const kind = json.kinds[root];
    if (kind === tape.ARRAY) throw schemaFault('The top level must be an object.');
    if (kind !== tape.OBJECT)
      throw schemaFault(
        'The input JSON contained a primitive at the top level. The top level must be an object.',
      );
    writeFields(keys, fields, root, 0, 0);
  };

  function node(type: ColumnType, repetition: number): Node {
    switch (type.kind) {
      case 'struct':
        return structNode(type.fields, repetition);
      case 'array':
        return listNode(type.element, repetition);
      case 'map':
        return mapNode(type.key as PrimitiveType, type.value, repetition);
      default:
        return leafNode(serde.append(type));
    }
  }

  function leafNode(append: Append): Node {
    const values = leaves[leaf++]!;
    return {
      write(entry, repetition, definition) {
        const isThere = json.kinds[entry] !== tape.NULL && append(json, entry, values);
        values.level(repetition, isThere ? definition + 1 : definition);
      },
      writeNull: (repetition, definition) => values.level(repetition, definition),
    };
  }

  function structNode(columns: readonly Column[], repetition: number): Node {
    const fields = columns.map((field) => node(field.type, repetition));
    const keys = new StructKeys(columns, json, serde);
    const writeNull = (repetition: number, definition: number) => {
      for (const field of fields) field.writeNull(repetition, definition);
    };
    return {
      write(entry, repetition, definition) {
        const kind = json.kinds[entry];
        if (kind === tape.OBJECT) writeFields(keys, fields, entry, repetition, definition + 1);
        else if (isNull(entry) || (serde.bendsContainers && isEmptyArray(entry)))
          writeNull(repetition, definition);
        else if (kind === tape.ARRAY && serde.bendsContainers)
          writeInOrder(fields, entry, repetition, definition + 1);
        else throw containerFault(entry, 'Object', 'JSONObject');
      },
      writeNull,
    };
  }

  function listNode(elementType: ColumnType, outer: number): Node {
    const element = node(elementType, outer + 1);
    return {
      write(entry, repetition, definition) {
        if (isNull(entry)) return element.writeNull(repetition, definition);
        if (json.kinds[entry] !== tape.ARRAY) {
          if (!serde.bendsContainers) throw containerFault(entry, 'Array', 'JSONArray');
          return element.write(entry, repetition, definition + 2);
        }
        const end = json.nexts[entry]!;
        if (end === entry + 1) return element.writeNull(repetition, definition + 1);
        for (let at = entry + 1, level = repetition; at < end; at = json.nexts[at]!, level = outer + 1)
          element.write(at, level, definition + 2);
      },
      writeNull: (repetition, definition) => element.writeNull(repetition, definition),
    };
  }

  function mapNode(keyType: PrimitiveType, valueType: ColumnType, outer: number): Node {
    const keys = leaves[leaf++]!;
    const isText = keyType.kind === 'string' || keyType.kind === 'char' || keyType.kind === 'varchar';
    const append = openXAppend(keyType);
    const value = node(valueType, outer + 1);
    const writeNull = (repetition: number, definition: number) => {
      keys.level(repetition, definition);
      value.writeNull(repetition, definition);
    };
    return {
      write(entry, repetition, definition) {
        if (isNull(entry)) return writeNull(repetition, definition);
        if (json.kinds[entry] !== tape.OBJECT) throw containerFault(entry, 'Object', 'JSONObject');
        const end = json.nexts[entry]!;
        if (end === entry + 1) return writeNull(repetition, definition + 1);
        // Of a key that comes twice the last value counts.
        const members = new Map<string, number>();
        for (let at = entry + 1; at < end; at = json.nexts[at + 1]!) members.set(mapKey(at), at);
        let level = repetition;
        for (const [text, at] of members) {
          if (isText) appendText(text, keyType, keys);
          else append(json, at, keys);
          keys.level(level, definition + 2);
          value.write(at + 1, level, definition + 2);
          level = outer + 1;
        }
      },
      writeNull,
    };
  }

  function mapKey(entry: number): string {
    const text = textOf(json, entry);
    return serde.bendsContainers ? serde.key(text) : text;
  }

  function writeFields(
    keys: StructKeys,
    fields: readonly Node[],
    entry: number,
    repetition: number,
    definition: number,
  ): void {
    const found = keys.find(entry);
    for (let index = 0; index < fields.length; index += 1) {
      const at = found[index]!;
      if (at === 0) fields[index]!.writeNull(repetition, definition);
      else fields[index]!.write(at, repetition, definition);
    }
  }

  function writeInOrder(
    fields: readonly Node[],
    entry: number,
    repetition: number,
    definition: number,
  ): void {
    const end = json.nexts[entry]!;
    let at = entry + 1;
    for (const field of fields) {
      if (at >= end) field.writeNull(repetition, definition);
      else {
        field.write(at, repetition, definition);
        at = json.nexts[at]!;
      }
    }
  }

  /** OpenX takes an empty string for a missing container. */
  function isNull(entry: number): boolean {
    if (json.kinds[entry] === tape.NULL) return true;
    return (
      serde.bendsContainers && json.kinds[entry] === tape.STRING && json.starts[entry] === json.ends[entry]
    );
  }

  function isEmptyArray(entry: number): boolean {
    return json.kinds[entry] === tape.ARRAY && json.nexts[entry] === entry + 1;
  }

  function containerFault(entry: number, hiveName: string, openXName: string): Error {
    if (!serde.bendsContainers) return schemaFault(`Start of ${hiveName} expected`);
    const text = json.bytes.toString('utf8', json.starts[entry]!, json.ends[entry]!);
    return schemaFault(
      `Data is not ${openXName} but ${isString(json, entry) ? 'a string' : 'a value'}: ${text}`,
    );
  }
}
