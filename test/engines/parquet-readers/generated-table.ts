/**
 * A table with every type, and records whose values are known before they are converted: what a reader must give back, in a
 * notation that every language can print. Integers, decimals and text are strings; timestamps are ISO to the nanosecond;
 * bytes are hexadecimal; maps are lists of pairs.
 */
export type Value = null | boolean | string | number | readonly Value[] | { readonly [name: string]: Value };

export const COLUMNS = [
  { name: 'flag', type: 'boolean' },
  { name: 'tiny', type: 'tinyint' },
  { name: 'small', type: 'smallint' },
  { name: 'num', type: 'int' },
  { name: 'big', type: 'bigint' },
  { name: 'single', type: 'float' },
  { name: 'twice', type: 'double' },
  { name: 'price', type: 'decimal(10,2)' },
  { name: 'huge', type: 'decimal(38,9)' },
  { name: 'word', type: 'string' },
  { name: 'pad', type: 'char(4)' },
  { name: 'raw', type: 'binary' },
  { name: 'day', type: 'date' },
  { name: 'at', type: 'timestamp' },
  { name: 'tags', type: 'array<string>' },
  { name: 'grid', type: 'array<array<int>>' },
  { name: 'attrs', type: 'map<string,bigint>' },
  { name: 'who', type: 'struct<name:string,home:struct<zip:int,geo:array<double>>>' },
  { name: 'items', type: 'array<struct<sku:string,qty:int,seen:array<timestamp>>>' },
  { name: 'groups', type: 'map<string,array<struct<x:int>>>' },
];

export type GeneratedRow = { readonly record: string; readonly expected: Readonly<Record<string, Value>> };

/** The same rows for the same seed. About a seventh of everything is null or missing, and lists are often empty. */
export function generateRows(count: number, seed: number): readonly GeneratedRow[] {
  let state = seed;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * limit);
  };
  return Array.from({ length: count }, () => {
    const members: string[] = [];
    const expected: Record<string, Value> = {};
    for (const { name } of COLUMNS) {
      const [json, value] = generate(name);
      expected[name] = value;
      if (json !== 'null' || below(2) === 0) members.push(`${JSON.stringify(name)}:${json}`);
    }
    return { record: `{${members.join(', ')}}`, expected };
  });

  /** The text in the record and what it means. */
  function generate(name: string): readonly [string, Value] {
    if (below(7) === 0) return ['null', null];
    switch (name) {
      case 'flag':
        return below(2) === 0 ? ['true', true] : ['"false"', false];
      case 'tiny':
        return integer(BigInt(below(256) - 128));
      case 'small':
        return integer(BigInt(below(65_536) - 32_768));
      case 'num':
      case 'x':
        return integer(BigInt(below(50)) * 80_000_000n - 2_000_000_000n);
      case 'big':
        return integer((BigInt(below(2 ** 31)) << 32n) - (1n << 62n) + BigInt(below(2 ** 32)));
      case 'single': {
        const value = Math.fround(below(1000) / 8 - 50);
        return [String(value), value];
      }
      case 'twice': {
        const value = (below(2 ** 31) - 2 ** 30) / 1024 / 3;
        return [String(value), value];
      }
      case 'price': {
        const cents = below(1_000_000_000) - 500_000_000;
        const text = `${cents < 0 ? '-' : ''}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;
        return below(2) === 0 ? [text.replace(/^-0\.00$/, '0.00'), text] : [JSON.stringify(text), text];
      }
      case 'huge': {
        const text = `${below(2) === 0 ? '-' : ''}${1 + below(9)}${String(below(1e9)).padStart(9, '0')}${String(below(1e9)).padStart(9, '7')}0000000001.${String(below(1e9)).padStart(9, '0')}`;
        return [text, text];
      }
      case 'word':
      case 'sku':
      case 'name': {
        const text =
          below(3) === 0
            ? `naïve "${below(30)}" \u{1F600}\n`
            : `word-${below(below(2) === 0 ? 20 : 100_000)}`;
        return [JSON.stringify(text), text];
      }
      case 'pad':
        return below(2) === 0 ? ['"ab  "', 'ab'] : ['"abcdefg"', 'abcd'];
      case 'raw': {
        const bytes = Buffer.from(Array.from({ length: below(6) }, () => below(256)));
        return [JSON.stringify(bytes.toString('base64')), bytes.toString('hex')];
      }
      case 'day': {
        const text = new Date((below(60_000) - 20_000) * 86_400_000).toISOString().slice(0, 10);
        return [JSON.stringify(text), text];
      }
      case 'at':
        return moment();
      case 'tags':
        return list(() => generate('word'));
      case 'grid':
        return list(() => (below(5) === 0 ? ['null', null] : list(() => generate('num'))));
      case 'attrs':
        return map(() => generate('big'));
      case 'home':
        return struct({
          zip: generate('num'),
          geo: below(4) === 0 ? ['null', null] : list(() => generate('twice')),
        });
      case 'who':
        return struct({ name: generate('name'), home: generate('home') });
      case 'items':
        return list(() => struct({ sku: generate('sku'), qty: generate('num'), seen: list(moment) }));
      default:
        return map(() => list(() => struct({ x: generate('x') })));
    }
  }

  function integer(value: bigint): readonly [string, Value] {
    return below(3) === 0 ? [`"${value}"`, String(value)] : [String(value), String(value)];
  }

  function moment(): readonly [string, Value] {
    const seconds = below(2 ** 31) - 2 ** 29;
    const iso = new Date(seconds * 1000).toISOString().slice(0, 19);
    const nanos = String(below(1e9)).padStart(9, '0');
    switch (below(4)) {
      case 0:
        return [`"${iso}.${nanos}Z"`, `${iso}.${nanos}`];
      case 1:
        return [`"${iso.replace('T', ' ')}"`, `${iso}.000000000`];
      case 2:
        return [String(seconds), `${iso}.000000000`];
      default:
        return [`"${iso.replace('T', ' ')}.${nanos.slice(0, 3)}"`, `${iso}.${nanos.slice(0, 3)}000000`];
    }
  }

  function list(element: () => readonly [string, Value]): readonly [string, Value] {
    const elements = Array.from({ length: below(4) }, element);
    return [`[${elements.map(([json]) => json).join(',')}]`, elements.map(([, value]) => value)];
  }

  function map(value: () => readonly [string, Value]): readonly [string, Value] {
    const members = Array.from({ length: below(4) }, (_, index) => [`k${index}`, value()] as const);
    const json = members.map(([key, [text]]) => `"${key.toUpperCase()}": ${text}`).join(', ');
    return [`{${json}}`, members.map(([key, [, meant]]) => [key, meant])];
  }

  function struct(fields: Readonly<Record<string, readonly [string, Value]>>): readonly [string, Value] {
    const members = Object.entries(fields).map(([name, [json]]) => `"${name}" : ${json}`);
    return [
      `{ ${members.join(' , ')} }`,
      Object.fromEntries(Object.entries(fields).map(([name, [, value]]) => [name, value])),
    ];
  }
}
