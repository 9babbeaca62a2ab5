/** The statements that load, and the data that go with them. */
import type { Batch } from '../../delivery/delivery-record.ts';
import type { LoadFormat } from './copy-options.ts';
import { literal, quote } from './identifiers.ts';
import { createJsonRows } from './json-rows.ts';

const BACKSLASH = 0x5c;
const PIECE_CHARACTERS = 256 * 1024;

/** Redshift's own: it reads the manifest and the objects that it names. `options` is as the user wrote it, checked. */
export function copyStatement(of: {
  readonly table: string;
  readonly columns: readonly string[];
  readonly manifestUrl: string;
  readonly roleArn: string;
  readonly options: string;
}): string {
  const columns = columnList(of.columns);
  const credentials = literal(`aws_iam_role=${of.roleArn}`);
  const manifest = /(^|\s)MANIFEST(\s|$)/i.test(of.options) ? '' : 'MANIFEST ';
  return `COPY ${of.table}${columns} FROM ${literal(of.manifestUrl)} CREDENTIALS ${credentials} ${manifest}${of.options};`;
}

/** PostgreSQL's, for rows that follow. */
export function copyFromStdinStatement(
  table: string,
  columns: readonly string[],
  format: LoadFormat,
): string {
  return `COPY ${table}${columnList(columns)} FROM STDIN WITH (${formatOptions(format).join(', ')})`;
}

function columnList(columns: readonly string[]): string {
  return columns.length === 0 ? '' : ` (${columns.map(quote).join(', ')})`;
}

function formatOptions(format: LoadFormat): readonly string[] {
  switch (format.kind) {
    case 'csv':
      return [
        'FORMAT csv',
        `DELIMITER ${literal(format.delimiter)}`,
        `QUOTE ${literal(format.quote)}`,
        `NULL ${literal(format.nullText)}`,
      ];
    case 'delimited': {
      // It is compared before backslashes are taken for escapes.
      const nullText = format.escapes ? format.nullText : doubled(format.nullText);
      return ['FORMAT text', `DELIMITER ${literal(format.delimiter)}`, `NULL ${literal(nullText)}`];
    }
    case 'json':
      return ['FORMAT text'];
  }
}

function doubled(text: string): string {
  return text.replaceAll('\\', String.raw`\\`);
}

/** Piece by piece, each made when it is sent. Throws `NotJson`. */
export function* rowsOf(batch: Batch, format: LoadFormat, columns: readonly string[]): Generator<Uint8Array> {
  if (format.kind === 'json') {
    const toRows = createJsonRows(columns, format.ignoresCase);
    let text = '';
    for (let index = 0; index < batch.length; index++) {
      text += toRows(batch.at(index).data);
      if (text.length < PIECE_CHARACTERS) continue;
      yield Buffer.from(text);
      text = '';
    }
    yield Buffer.from(text);
    return;
  }
  const isPlain = format.kind === 'delimited' && !format.escapes;
  for (const piece of batch.pieces()) {
    yield isPlain && piece.includes(BACKSLASH) ? withBackslashesDoubled(piece) : piece;
  }
}

/** A backslash is a letter like others to Redshift without ESCAPE, and an escape to PostgreSQL. */
function withBackslashesDoubled(piece: Uint8Array): Uint8Array {
  const doubledPiece = new Uint8Array(piece.length * 2);
  let length = 0;
  for (const byte of piece) {
    doubledPiece[length++] = byte;
    if (byte === BACKSLASH) doubledPiece[length++] = byte;
  }
  return doubledPiece.subarray(0, length);
}
