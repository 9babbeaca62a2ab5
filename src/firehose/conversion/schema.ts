/**
 * The types of a table's columns, parsed once from the text that Glue and Hive keep (`struct<a:int,b:array<string>>`).
 * Names of types are read in any case, white space between words is allowed, names of fields stay as they are written.
 * What Millrace cannot convert (`uniontype`, intervals, time zones) is refused here, with the position in the text.
 */
export type ColumnType =
  | {
      readonly kind:
        | 'boolean'
        | 'tinyint'
        | 'smallint'
        | 'int'
        | 'bigint'
        | 'float'
        | 'double'
        | 'string'
        | 'binary'
        | 'date'
        | 'timestamp';
    }
  | { readonly kind: 'char' | 'varchar'; readonly lengthMax: number }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'array'; readonly element: ColumnType }
  | { readonly kind: 'map'; readonly key: ColumnType; readonly value: ColumnType }
  | { readonly kind: 'struct'; readonly fields: readonly Column[] };

export type Column = { readonly name: string; readonly type: ColumnType };

/** The text is not a type, or is one that cannot be converted. `position` counts characters of the type's text, from 0. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

type SimpleKind = Exclude<ColumnType['kind'], 'char' | 'varchar' | 'decimal' | 'array' | 'map' | 'struct'>;

const SIMPLE = new Map<string, SimpleKind>([
  ...(
    [
      'boolean',
      'tinyint',
      'smallint',
      'int',
      'bigint',
      'float',
      'double',
      'string',
      'binary',
      'date',
      'timestamp',
    ] as const
  ).map((kind) => [kind, kind] as const),
  ['integer', 'int'],
]);

const LENGTHS_MAX = { char: 255, varchar: 65_535 };
const PRECISION_MAX = 38;
/** Each level may add two definition levels, which are stored in a byte. */
const DEPTH_MAX = 100;

/** Columns of a table: `{ name, type }` as Glue's StorageDescriptor has them. Throws SchemaError. */
export function parseColumns(
  columns: readonly { readonly name: string; readonly type: string }[],
): readonly Column[] {
  if (columns.length === 0) throw new SchemaError('A table without columns cannot be converted', 0);
  const names = new Set<string>();
  return columns.map(({ name, type }) => {
    if (names.has(name)) throw new SchemaError(`The column ${name} is there twice`, 0);
    names.add(name);
    return { name, type: parseColumnType(type) };
  });
}

/** Throws SchemaError. */
export function parseColumnType(text: string): ColumnType {
  let at = 0;

  const type = parseType(1);
  skipSpace();
  if (at < text.length) fail(`unexpected '${text[at]}' after the type`);
  return type;

  function parseType(depth: number): ColumnType {
    if (depth > DEPTH_MAX) fail(`more than ${DEPTH_MAX} levels`);
    const start = skipSpace();
    const word = take(/[A-Za-z_]+/y).toLowerCase();
    const simple = SIMPLE.get(word);
    if (simple !== undefined) return { kind: simple };
    switch (word) {
      case 'char':
      case 'varchar': {
        const [lengthMax = 0] = parseNumbers(1, 1);
        if (lengthMax < 1 || lengthMax > LENGTHS_MAX[word])
          fail(`the length of ${word} is from 1 to ${LENGTHS_MAX[word]}`, start);
        return { kind: word, lengthMax };
      }
      case 'decimal': {
        const [precision = 10, scale = 0] = parseNumbers(0, 2);
        if (precision < 1 || precision > PRECISION_MAX)
          fail(`the precision of decimal is from 1 to ${PRECISION_MAX}`, start);
        if (scale > precision) fail('the scale of decimal is at most its precision', start);
        return { kind: 'decimal', precision, scale };
      }
      case 'array': {
        expect('<');
        const element = parseType(depth + 1);
        expect('>');
        return { kind: 'array', element };
      }
      case 'map': {
        expect('<');
        const keyAt = skipSpace();
        const key = parseType(depth + 1);
        if (key.kind === 'array' || key.kind === 'map' || key.kind === 'struct')
          fail('the key of a map is a primitive type', keyAt);
        expect(',');
        const value = parseType(depth + 1);
        expect('>');
        return { kind: 'map', key, value };
      }
      case 'struct':
        return { kind: 'struct', fields: parseFields(depth) };
      case 'uniontype':
        return fail('uniontype cannot be converted', start);
      default:
        return fail(word === '' ? 'a type is missing' : `the type ${word} is not known`, start);
    }
  }

  function parseFields(depth: number): readonly Column[] {
    const fields: Column[] = [];
    expect('<');
    do {
      const start = skipSpace();
      const name = take(/[^:<>,]+/y).trim();
      if (name === '') fail('the name of a field is missing', start);
      if (fields.some((field) => field.name === name)) fail(`the field ${name} is there twice`, start);
      expect(':');
      fields.push({ name, type: parseType(depth + 1) });
    } while (accept(','));
    expect('>');
    return fields;
  }

  function parseNumbers(least: number, most: number): readonly number[] {
    if (!accept('(')) return least === 0 ? [] : fail("expected '('");
    const numbers: number[] = [];
    do {
      skipSpace();
      const digits = take(/\d{1,6}/y);
      if (digits === '') fail('a number is missing');
      numbers.push(Number(digits));
    } while (numbers.length < most && accept(','));
    expect(')');
    return numbers;
  }

  function skipSpace(): number {
    take(/\s+/y);
    return at;
  }

  function take(pattern: RegExp): string {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  }

  function accept(character: string): boolean {
    skipSpace();
    if (text[at] !== character) return false;
    at += 1;
    return true;
  }

  function expect(character: string): void {
    if (!accept(character)) fail(`expected '${character}'`);
  }

  function fail(reason: string, position = at): never {
    throw new SchemaError(`Column type '${text}': ${reason} (at ${position})`, position);
  }
}
