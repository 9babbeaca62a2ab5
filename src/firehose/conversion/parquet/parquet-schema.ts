/**
 * A table's columns as Parquet's tree, laid out as Hive lays it out: everything is optional but the keys of maps; a list is
 * `optional group (LIST) { repeated group bag { optional array_element } }`, a map
 * `optional group (MAP) { repeated group map (MAP_KEY_VALUE) { required key; optional value } }`; timestamps are INT96.
 */
import type { Column, ColumnType } from '../schema.ts';
import * as format from './format.ts';

/** An element of the footer's schema, in its order: parents before children. */
export type SchemaElement = {
  readonly name: string;
  readonly repetition?: number;
  readonly children?: number;
  readonly type?: format.PhysicalType;
  readonly typeLength?: number;
  readonly converted?: number;
  readonly scale?: number;
  readonly precision?: number;
};

/** A column that has values. */
export type Leaf = {
  readonly path: readonly string[];
  readonly type: format.PhysicalType;
  /** Of FIXED_LEN_BYTE_ARRAY; 0 otherwise. */
  readonly typeLength: number;
  readonly definitionMax: number;
  readonly repetitionMax: number;
};

export type ParquetSchema = { readonly elements: readonly SchemaElement[]; readonly leaves: readonly Leaf[] };

export function parquetSchema(columns: readonly Column[]): ParquetSchema {
  const elements: SchemaElement[] = [{ name: 'hive_schema', children: columns.length }];
  const leaves: Leaf[] = [];
  for (const { name, type } of columns) add(name, type, [name], 0, 0, format.OPTIONAL);
  return { elements, leaves };

  function add(
    name: string,
    type: ColumnType,
    path: readonly string[],
    definition: number,
    repetition: number,
    kind: number,
  ): void {
    const definitionMax = definition + (kind === format.OPTIONAL ? 1 : 0);
    switch (type.kind) {
      case 'struct':
        elements.push({ name, repetition: kind, children: type.fields.length });
        for (const field of type.fields)
          add(field.name, field.type, [...path, field.name], definitionMax, repetition, format.OPTIONAL);
        return;
      case 'array':
        elements.push({ name, repetition: kind, children: 1, converted: format.CONVERTED.list });
        elements.push({ name: 'bag', repetition: format.REPEATED, children: 1 });
        add(
          'array_element',
          type.element,
          [...path, 'bag', 'array_element'],
          definitionMax + 1,
          repetition + 1,
          format.OPTIONAL,
        );
        return;
      case 'map':
        elements.push({ name, repetition: kind, children: 1, converted: format.CONVERTED.map });
        elements.push({
          name: 'map',
          repetition: format.REPEATED,
          children: 2,
          converted: format.CONVERTED.mapKeyValue,
        });
        add('key', type.key, [...path, 'map', 'key'], definitionMax + 1, repetition + 1, format.REQUIRED);
        add(
          'value',
          type.value,
          [...path, 'map', 'value'],
          definitionMax + 1,
          repetition + 1,
          format.OPTIONAL,
        );
        return;
      default: {
        const element = { name, repetition: kind, ...primitive(type) };
        elements.push(element);
        leaves.push({
          path,
          type: element.type,
          typeLength: element.typeLength ?? 0,
          definitionMax,
          repetitionMax: repetition,
        });
      }
    }
  }
}

type Primitive = Exclude<ColumnType, { kind: 'struct' | 'array' | 'map' }>;

function primitive(type: Primitive): Omit<SchemaElement, 'name'> & { type: format.PhysicalType } {
  const { CONVERTED } = format;
  switch (type.kind) {
    case 'boolean':
      return { type: format.BOOLEAN };
    case 'tinyint':
      return { type: format.INT32, converted: CONVERTED.int8 };
    case 'smallint':
      return { type: format.INT32, converted: CONVERTED.int16 };
    case 'int':
      return { type: format.INT32 };
    case 'bigint':
      return { type: format.INT64 };
    case 'float':
      return { type: format.FLOAT };
    case 'double':
      return { type: format.DOUBLE };
    case 'string':
    case 'char':
    case 'varchar':
      return { type: format.BYTE_ARRAY, converted: CONVERTED.utf8 };
    case 'binary':
      return { type: format.BYTE_ARRAY };
    case 'date':
      return { type: format.INT32, converted: CONVERTED.date };
    case 'timestamp':
      return { type: format.INT96 };
    case 'decimal': {
      const { precision, scale } = type;
      return {
        type: format.FIXED_LEN_BYTE_ARRAY,
        typeLength: decimalBytes(precision),
        converted: CONVERTED.decimal,
        scale,
        precision,
      };
    }
  }
}

/** The fewest bytes that hold every number of so many digits and its sign. */
export function decimalBytes(precision: number): number {
  return Math.ceil((precision * Math.log2(10) + 1) / 8);
}
