/** Reads a JSON file member by member; every error says the file and the place in it, never a value that may be secret. */
import { UsageError, closest } from '../base/flags.ts';

export type ObjectReader = {
  has(name: string): boolean;
  /** Undefined when the member is absent. */
  string(name: string, pattern: RegExp, expected: string): string | undefined;
  oneOf<const V extends string>(name: string, values: readonly V[]): V | undefined;
  object<T>(name: string, read: (reader: ObjectReader) => T): T | undefined;
  /** An object whose members' names are data; lower-case, as hosts and buckets are, when they are not ARNs. */
  entries<T>(
    name: string,
    pattern: RegExp,
    expected: string,
    read: (reader: ObjectReader) => T,
  ): ReadonlyMap<string, T>;
  /** Throws when there are members that nobody asked for. */
  end(): void;
  fail(name: string, problem: string): never;
};

export function createReader(text: string, file: string): ObjectReader {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file}${lineOf(text, (error as Error).message)} is not JSON.`);
  }
  return readerOf(root, file, '');
}

/** The parser's own message quotes the text, which may be a secret; its position is all that is told. */
function lineOf(text: string, message: string): string {
  const position = /position (\d+)/.exec(message)?.[1];
  return position === undefined ? '' : `:${text.slice(0, Number(position)).split('\n').length}`;
}

/** `place` is empty at the root. */
function readerOf(value: unknown, file: string, place: string): ObjectReader {
  const refuse = (at: string, problem: string): never => {
    throw new UsageError(`${file}: ${at} ${problem}.`);
  };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse(place || 'the file', 'must be a JSON object');
  }
  const members = new Map<string, unknown>(Object.entries(value));
  const asked = new Set<string>();
  const at = (name: string): string => {
    const step = /^[A-Za-z]\w*$/.test(name) ? name : `"${name}"`;
    return place === '' ? step : `${place}.${step}`;
  };
  const take = (name: string): unknown => {
    asked.add(name);
    return members.get(name);
  };

  const reader: ObjectReader = {
    has: (name) => members.has(name),
    string(name, pattern, expected) {
      const given = take(name);
      if (given === undefined) return undefined;
      if (typeof given !== 'string' || !pattern.test(given)) return refuse(at(name), `must be ${expected}`);
      return given;
    },
    oneOf(name, values) {
      const given = take(name);
      if (given === undefined) return undefined;
      return values.find((each) => each === given) ?? refuse(at(name), `must be ${values.join(' or ')}`);
    },
    object(name, read) {
      const given = take(name);
      if (given === undefined) return undefined;
      const inner = readerOf(given, file, at(name));
      const result = read(inner);
      inner.end();
      return result;
    },
    entries(name, pattern, expected, read) {
      const given = take(name);
      if (given === undefined) return new Map();
      readerOf(given, file, at(name));
      return new Map(
        Object.entries(given as object).map(([key, entry]) => {
          const where = `${at(name)}."${key}"`;
          if (!pattern.test(key)) return refuse(where, `must be named by ${expected}`);
          const inner = readerOf(entry, file, where);
          const result = read(inner);
          inner.end();
          return [key.startsWith('arn:') ? key : key.toLowerCase(), result];
        }),
      );
    },
    end() {
      const unknown = [...members.keys()].find((name) => !asked.has(name));
      if (unknown === undefined) return;
      const near = closest(unknown, [...asked]);
      refuse(at(unknown), `is not known${near === undefined ? '' : `; perhaps "${near}" was meant`}`);
    },
    fail: (name, problem) => refuse(at(name), problem),
  };
  return reader;
}
