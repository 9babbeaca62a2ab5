/**
 * Firehose's record format conversion: JSON records in, one Parquet file out. A record may hold several documents, one after
 * another; each is a row. When one of them is at fault none of the record becomes a row, and all other records go on.
 *
 * Memory: the compressed file, and one open page for each column.
 */
import type { ConversionOptions } from './conversion-options.ts';
import { JsonTape } from './json/tape.ts';
import { ParquetFileWriter } from './parquet/file-writer.ts';
import { RecordFault } from './record-fault.ts';
import type { Column } from './schema.ts';
import { assembler, type Assemble } from './serde/assemble.ts';

export type Converter = {
  /** Undefined: the record's rows are in the file. Otherwise nothing of it is, and this is why. The bytes are not kept. */
  add(record: Uint8Array | string): RecordFault | undefined;
  readonly rows: number;
  /** Bytes held in memory. */
  readonly byteLength: number;
  /** The whole file, also of no rows. Nothing may be added afterwards. */
  finish(): Uint8Array;
};

export function createConverter(columns: readonly Column[], options: ConversionOptions): Converter {
  const json = new JsonTape();
  const file = new ParquetFileWriter(columns, options.file);
  const assemble = assembler(columns, file.columns, json, options.serde);
  return {
    add(record) {
      const bytes =
        typeof record === 'string'
          ? Buffer.from(record)
          : Buffer.from(record.buffer, record.byteOffset, record.byteLength);
      try {
        addDocuments(bytes, json, assemble, file);
        return undefined;
      } catch (error) {
        file.forgetRows();
        if (error instanceof RecordFault) return error;
        throw error;
      }
    },
    get rows() {
      return file.rows;
    },
    get byteLength() {
      return file.byteLength;
    },
    finish: () => file.finish(),
  };
}

function addDocuments(bytes: Buffer, json: JsonTape, assemble: Assemble, file: ParquetFileWriter): void {
  json.load(bytes);
  let at = json.skipSpace(0);
  if (at === bytes.length) {
    throw new RecordFault(
      'DataFormatConversion.MalformedData',
      'The record was empty or contained only whitespace.',
    );
  }
  let rows = 0;
  while (at < bytes.length) {
    at = json.skipSpace(json.read(at));
    assemble(0);
    rows += 1;
  }
  file.keepRows(rows);
}
