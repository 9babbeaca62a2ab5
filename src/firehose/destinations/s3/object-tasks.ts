/**
 * What worker threads do to a batch before it is an object. The records come in shared memory, which is only read; what is made of them is handed over and
 * not copied.
 */
import type { WorkerTask } from '../../../host/workers.ts';
import { createCompressor, type CompressionOptions } from '../../compression/compressor.ts';
import type { CompressionFormat } from '../../compression/formats.ts';
import { conversionOptions, type ConversionConfiguration } from '../../conversion/conversion-options.ts';
import { createConverter } from '../../conversion/converter.ts';
import { parseColumns } from '../../conversion/schema.ts';
import type { TableColumn } from '../../../tables/tables.ts';

export type CompressInput = {
  readonly pieces: readonly Uint8Array[];
  readonly format: CompressionFormat;
  readonly options: CompressionOptions;
};

export const compressTask: WorkerTask<CompressInput, Uint8Array<ArrayBuffer>> = {
  module: import.meta.url,
  name: 'compressTask',
  run({ pieces, format, options }) {
    const compressor = createCompressor(format, options);
    for (const piece of pieces) compressor.add(piece);
    return together(compressor.finish());
  },
  given: (body) => [body.buffer],
};

export type ConvertInput = {
  readonly pieces: readonly Uint8Array[];
  /** The end of each record in the pieces in a row; no record lies in two. */
  readonly ends: Int32Array;
  readonly columns: readonly TableColumn[];
  readonly formats: ConversionConfiguration;
};

export type Converted = {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly rows: number;
  readonly faults: readonly { readonly index: number; readonly code: string; readonly message: string }[];
};

export const convertTask: WorkerTask<ConvertInput, Converted> = {
  module: import.meta.url,
  name: 'convertTask',
  run({ pieces, ends, columns, formats }) {
    const parsed = parseColumns(columns);
    const converter = createConverter(parsed, conversionOptions(formats, parsed));
    const faults: { index: number; code: string; message: string }[] = [];
    let piece = 0;
    let base = 0;
    for (let index = 0, start = 0; index < ends.length; index++) {
      const end = ends[index]!;
      // An empty record ends where a piece ends, and is of that one.
      while (end - base > pieces[piece]!.length) base += pieces[piece++]!.length;
      const fault = converter.add(pieces[piece]!.subarray(start - base, end - base));
      if (fault !== undefined) faults.push({ index, code: fault.code, message: fault.message });
      start = end;
    }
    const { rows } = converter;
    return { body: together(rows === 0 ? [] : [converter.finish()]), rows, faults };
  },
  given: ({ body }) => [body.buffer],
};

function together(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(pieces.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const piece of pieces) {
    body.set(piece, at);
    at += piece.length;
  }
  return body;
}
