/** Row groups and the footer around the columns: a whole Parquet file, built in memory from full pages. */
import type { Codec } from './codec.ts';
import { ColumnChunk, type ChunkSummary, type PageOptions } from './column-chunk.ts';
import { ColumnValues } from './column-values.ts';
import { parquetSchema, type ParquetSchema } from './parquet-schema.ts';
import type { Column } from '../schema.ts';
import { ThriftWriter } from './thrift.ts';

const MAGIC = Buffer.from('PAR1');
/** As Apache's writer has it. */
const PAGE_ROWS_MAX = 20_000;

export type FileOptions = {
  readonly codec: Codec;
  readonly isV2: boolean;
  readonly hasDictionaries: boolean;
  readonly blockBytes: number;
  readonly pageBytes: number;
  /** Row groups are moved to the next multiple of `blockBytes` when so little or less is left before it. 0 to not move any. */
  readonly paddingBytesMax: number;
  readonly createdBy: string;
};

type RowGroup = { readonly chunks: readonly ChunkSummary[]; readonly rows: number; readonly offset: number };

export class ParquetFileWriter {
  /** One for each leaf of the schema. What is added is made rows by `keepRows`, or taken back by `forgetRows`. */
  readonly columns: readonly ColumnValues[];
  readonly #schema: ParquetSchema;
  readonly #options: FileOptions;
  readonly #pageOptions: PageOptions;
  readonly #parts: Buffer[] = [MAGIC];
  readonly #rowGroups: RowGroup[] = [];
  #chunks: readonly ColumnChunk[];
  #groupRows = 0;
  #groupBytesMax: number;
  #rows = 0;
  #length = MAGIC.length;
  #openBytes = 0;

  constructor(columns: readonly Column[], options: FileOptions) {
    this.#schema = parquetSchema(columns);
    this.#options = options;
    this.#pageOptions = { ...options, dictionaryBytesMax: options.pageBytes };
    this.columns = this.#schema.leaves.map((leaf) => new ColumnValues(leaf.type));
    this.#chunks = this.#newChunks();
    this.#groupBytesMax = options.blockBytes;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Bytes in memory: what is written, and the open pages. */
  get byteLength(): number {
    return this.#length + this.#openBytes;
  }

  keepRows(rows: number): void {
    this.#rows += rows;
    this.#groupRows += rows;
    let open = 0;
    for (let index = 0; index < this.columns.length; index += 1) {
      const values = this.columns[index]!;
      const chunk = this.#chunks[index]!;
      values.keep(rows);
      if (
        values.byteLength + values.levelCount >= this.#options.pageBytes ||
        values.rowCount >= PAGE_ROWS_MAX
      )
        chunk.addPage(values);
      open += chunk.compressedBytes + values.byteLength + values.levelCount;
    }
    this.#openBytes = open;
    if (open >= this.#groupBytesMax) this.#endGroup();
  }

  forgetRows(): void {
    for (const values of this.columns) values.forget();
  }

  /** The whole file. Nothing may be added afterwards. */
  finish(): Buffer {
    this.#endGroup();
    const footer = this.#footer();
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32LE(footer.length);
    return Buffer.concat([...this.#parts, footer, length, MAGIC]);
  }

  #endGroup(): void {
    if (this.#groupRows === 0) return;
    this.#align();
    const offset = this.#length;
    const chunks = this.#chunks.map((chunk, index) => {
      chunk.addPage(this.columns[index]!);
      return chunk.finish();
    });
    for (const { pages } of chunks) for (const page of pages) this.#push(page);
    this.#rowGroups.push({ chunks, rows: this.#groupRows, offset });
    this.#chunks = this.#newChunks();
    this.#groupRows = 0;
    this.#openBytes = 0;
    this.#groupBytesMax = this.#bytesToBlockEnd();
  }

  #align(): void {
    const rest = this.#bytesToBlockEnd();
    if (this.#rowGroups.length > 0 && rest <= this.#options.paddingBytesMax) this.#push(Buffer.alloc(rest));
  }

  /** With padding, a row group is made no larger than what is left of its block. */
  #bytesToBlockEnd(): number {
    const { blockBytes, paddingBytesMax } = this.#options;
    if (paddingBytesMax === 0) return blockBytes;
    const rest = blockBytes - (this.#length % blockBytes);
    return rest <= paddingBytesMax && this.#groupRows === 0 ? blockBytes : rest;
  }

  #newChunks(): readonly ColumnChunk[] {
    return this.#schema.leaves.map((leaf) => new ColumnChunk(leaf, this.#pageOptions));
  }

  #push(bytes: Buffer): void {
    this.#parts.push(bytes);
    this.#length += bytes.length;
  }

  #footer(): Buffer {
    const thrift = new ThriftWriter();
    thrift.i32(1, 1);
    thrift.structs(2, this.#schema.elements, (element) => {
      if (element.type !== undefined) thrift.i32(1, element.type);
      if (element.typeLength !== undefined) thrift.i32(2, element.typeLength);
      if (element.repetition !== undefined) thrift.i32(3, element.repetition);
      thrift.binary(4, element.name);
      if (element.children !== undefined) thrift.i32(5, element.children);
      if (element.converted !== undefined) thrift.i32(6, element.converted);
      if (element.scale !== undefined) thrift.i32(7, element.scale);
      if (element.precision !== undefined) thrift.i32(8, element.precision);
    });
    thrift.i64(3, this.#rows);
    thrift.structs(4, this.#rowGroups, (group) => writeRowGroup(thrift, group, this.#options.codec));
    thrift.binary(6, this.#options.createdBy);
    // Says that bounds are ordered as each type defines it; readers do not trust them otherwise.
    thrift.structs(7, this.#schema.leaves, () => {
      thrift.struct(1);
      thrift.end();
    });
    return thrift.finish();
  }
}

function writeRowGroup(thrift: ThriftWriter, group: RowGroup, codec: Codec): void {
  let offset = group.offset;
  thrift.structs(1, group.chunks, (chunk) => {
    thrift.i64(2, offset);
    thrift.struct(3);
    writeChunk(thrift, chunk, offset, codec);
    thrift.end();
    offset += chunk.compressedBytes;
  });
  thrift.i64(
    2,
    group.chunks.reduce((sum, chunk) => sum + chunk.uncompressedBytes, 0),
  );
  thrift.i64(3, group.rows);
  thrift.i64(5, group.offset);
  thrift.i64(6, offset - group.offset);
}

function writeChunk(thrift: ThriftWriter, chunk: ChunkSummary, offset: number, codec: Codec): void {
  thrift.i32(1, chunk.leaf.type);
  thrift.i32s(2, chunk.encodings);
  thrift.binaries(3, chunk.leaf.path);
  thrift.i32(4, codec.number);
  thrift.i64(5, chunk.valueCount);
  thrift.i64(6, chunk.uncompressedBytes);
  thrift.i64(7, chunk.compressedBytes);
  thrift.i64(9, offset + chunk.dictionaryBytes);
  if (chunk.dictionaryBytes > 0) thrift.i64(11, offset);
  thrift.struct(12);
  thrift.i64(3, chunk.statistics.nulls);
  const bounds = chunk.statistics.bounds();
  if (bounds !== undefined) {
    thrift.binary(5, bounds.max);
    thrift.binary(6, bounds.min);
  }
  thrift.end();
}
