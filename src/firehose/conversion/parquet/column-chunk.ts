/**
 * The pages of one column in one row group. A page is encoded and compressed as soon as it is full, so only the
 * open page of each column is in memory at its full size.
 *
 * With a dictionary, values are replaced by their indices until the dictionary outgrows its page, or the first page
 * shows that it does not save anything; from then on values are written as they are, as Apache's writer does it.
 */
import type { Codec } from './codec.ts';
import type { ColumnValues } from './column-values.ts';
import { Dictionary } from './dictionary.ts';
import { BOOLEAN, BYTE_ARRAY, ENCODING, PAGE, WIDTH } from './format.ts';
import { bitsFor, encodeHybrid, packBooleans } from './hybrid.ts';
import type { Leaf } from './parquet-schema.ts';
import { Statistics } from './statistics.ts';
import { ThriftWriter } from './thrift.ts';

/** Above this an index would no longer fit what `encodeHybrid` shifts. */
const DICTIONARY_ENTRIES_MAX = 1 << 20;

export type PageOptions = {
  readonly codec: Codec;
  readonly isV2: boolean;
  readonly hasDictionaries: boolean;
  readonly dictionaryBytesMax: number;
};

/** What the footer says of a finished chunk; offsets are from the chunk's beginning. */
export type ChunkSummary = {
  readonly leaf: Leaf;
  readonly pages: readonly Buffer[];
  readonly encodings: readonly number[];
  readonly valueCount: number;
  readonly compressedBytes: number;
  readonly uncompressedBytes: number;
  readonly dictionaryBytes: number;
  readonly statistics: Statistics;
};

export class ColumnChunk {
  readonly #leaf: Leaf;
  readonly #options: PageOptions;
  readonly #pages: Buffer[] = [];
  readonly #statistics: Statistics;
  readonly #encodings = new Set<number>([ENCODING.rle]);
  #dictionary: Dictionary | undefined;
  /** Whether values still become indices. */
  #isIndexing: boolean;
  #indices = new Int32Array(0);
  #valueCount = 0;
  #uncompressedBytes = 0;
  compressedBytes = 0;

  constructor(leaf: Leaf, options: PageOptions) {
    this.#leaf = leaf;
    this.#options = options;
    this.#statistics = new Statistics(leaf.type);
    this.#isIndexing = options.hasDictionaries && leaf.type !== BOOLEAN;
    if (this.#isIndexing) this.#dictionary = new Dictionary();
  }

  /** Writes what `values` holds as a page, and clears them. */
  addPage(values: ColumnValues): void {
    if (values.levelCount === 0) return;
    this.#valueCount += values.levelCount;
    this.#statistics.nulls += values.levelCount - values.valueCount;
    const indexed = this.#isIndexing ? this.#indexValues(values) : undefined;
    if (indexed === undefined) this.#seeValues(values);
    const { isV2 } = this.#options;
    const encoding =
      indexed === undefined ? ENCODING.plain : isV2 ? ENCODING.rleDictionary : ENCODING.plainDictionary;
    this.#encodings.add(encoding);
    const data = indexed ?? plainBytes(values);
    if (isV2) this.#addPageV2(values, data, encoding);
    else this.#addPageV1(values, data, encoding);
    values.clear();
  }

  finish(): ChunkSummary {
    const dictionaryBytes = this.#addDictionaryPage();
    return {
      leaf: this.#leaf,
      pages: this.#pages,
      encodings: [...this.#encodings],
      valueCount: this.#valueCount,
      compressedBytes: this.compressedBytes,
      uncompressedBytes: this.#uncompressedBytes,
      dictionaryBytes,
      statistics: this.#statistics,
    };
  }

  /** The page's values as indices, or nothing when the dictionary is given up before its first page. */
  #indexValues(values: ColumnValues): Buffer | undefined {
    const dictionary = this.#dictionary!;
    const { valueCount, bytes } = values;
    if (this.#indices.length < valueCount) this.#indices = new Int32Array(valueCount * 2);
    let at = 0;
    for (let index = 0; index < valueCount; index += 1) {
      const start = at;
      at = this.#endOfValue(bytes, start);
      const known = dictionary.count;
      const entry = dictionary.indexOf(bytes, start, at);
      this.#indices[index] = entry;
      if (entry === known)
        this.#statistics.see(bytes, this.#leaf.type === BYTE_ARRAY ? start + 4 : start, at);
    }
    const bits = Math.max(1, bitsFor(Math.max(0, dictionary.count - 1)));
    const packed = Buffer.concat([Buffer.of(bits), encodeHybrid(this.#indices, valueCount, bits)]);
    if (this.#pages.length === 0 && packed.length + dictionary.byteLength >= values.byteLength) {
      this.#dictionary = undefined;
      this.#isIndexing = false;
      return undefined;
    }
    if (dictionary.byteLength > this.#options.dictionaryBytesMax || dictionary.count > DICTIONARY_ENTRIES_MAX)
      this.#isIndexing = false;
    return packed;
  }

  #seeValues({ bytes, valueCount }: ColumnValues): void {
    let at = 0;
    for (let index = 0; index < valueCount; index += 1) {
      const start = at;
      at = this.#endOfValue(bytes, start);
      this.#statistics.see(bytes, this.#leaf.type === BYTE_ARRAY ? start + 4 : start, at);
    }
  }

  #endOfValue(bytes: Buffer, start: number): number {
    const { type, typeLength } = this.#leaf;
    return type === BYTE_ARRAY ? start + 4 + bytes.readInt32LE(start) : start + (WIDTH[type] ?? typeLength);
  }

  #addPageV1(values: ColumnValues, data: Buffer, encoding: number): void {
    const parts = [data];
    for (const levels of [this.#definitions(values), this.#repetitions(values)]) {
      if (levels === undefined) continue;
      const length = Buffer.allocUnsafe(4);
      length.writeUInt32LE(levels.length);
      parts.unshift(length, levels);
    }
    const body = Buffer.concat(parts);
    const compressed = this.#options.codec.compress(body);
    const header = pageHeader(PAGE.data, body.length, compressed.length);
    header.struct(5);
    header.i32(1, values.levelCount);
    header.i32(2, encoding);
    header.i32(3, ENCODING.rle);
    header.i32(4, ENCODING.rle);
    header.end();
    this.#push(header, [compressed], body.length);
  }

  #addPageV2(values: ColumnValues, data: Buffer, encoding: number): void {
    const repetitions = this.#repetitions(values) ?? Buffer.alloc(0);
    const definitions = this.#definitions(values) ?? Buffer.alloc(0);
    const { codec } = this.#options;
    const isCompressed = data.length > 0 && codec.number !== 0;
    const compressed = isCompressed ? codec.compress(data) : data;
    const levelBytes = repetitions.length + definitions.length;
    const header = pageHeader(PAGE.dataV2, levelBytes + data.length, levelBytes + compressed.length);
    header.struct(8);
    header.i32(1, values.levelCount);
    header.i32(2, values.levelCount - values.valueCount);
    header.i32(3, values.rowCount);
    header.i32(4, encoding);
    header.i32(5, definitions.length);
    header.i32(6, repetitions.length);
    header.bool(7, isCompressed);
    header.end();
    this.#push(header, [repetitions, definitions, compressed], levelBytes + data.length);
  }

  #addDictionaryPage(): number {
    const dictionary = this.#dictionary;
    if (dictionary === undefined || this.#pages.length === 0) return 0;
    const { codec, isV2 } = this.#options;
    const compressed = codec.compress(dictionary.bytes());
    const header = pageHeader(PAGE.dictionary, dictionary.byteLength, compressed.length);
    header.struct(7);
    header.i32(1, dictionary.count);
    header.i32(2, isV2 ? ENCODING.plain : ENCODING.plainDictionary);
    header.end();
    if (isV2) this.#encodings.add(ENCODING.plain);
    const before = this.compressedBytes;
    this.#push(header, [compressed], dictionary.byteLength);
    this.#pages.unshift(this.#pages.pop()!);
    return this.compressedBytes - before;
  }

  #push(header: ThriftWriter, body: readonly Buffer[], uncompressedBytes: number): void {
    const head = header.finish();
    const page = Buffer.concat([head, ...body]);
    this.#pages.push(page);
    this.compressedBytes += page.length;
    this.#uncompressedBytes += head.length + uncompressedBytes;
  }

  #definitions(values: ColumnValues): Buffer | undefined {
    const { definitionMax } = this.#leaf;
    return definitionMax === 0
      ? undefined
      : encodeHybrid(values.definitions, values.levelCount, bitsFor(definitionMax));
  }

  #repetitions(values: ColumnValues): Buffer | undefined {
    const { repetitionMax } = this.#leaf;
    return repetitionMax === 0
      ? undefined
      : encodeHybrid(values.repetitions, values.levelCount, bitsFor(repetitionMax));
  }
}

function plainBytes(values: ColumnValues): Buffer {
  return values.type === BOOLEAN
    ? packBooleans(values.bytes, values.valueCount)
    : values.bytes.subarray(0, values.byteLength);
}

function pageHeader(type: number, uncompressedBytes: number, compressedBytes: number): ThriftWriter {
  const header = new ThriftWriter();
  header.i32(1, type);
  header.i32(2, uncompressedBytes);
  header.i32(3, compressedBytes);
  return header;
}
