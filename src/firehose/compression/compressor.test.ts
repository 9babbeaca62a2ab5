import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { gunzipSync, inflateRawSync, crc32 } from 'node:zlib';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { createCompressor } from './compressor.ts';
import { COMPRESSION_FORMATS, type CompressionFormat } from './formats.ts';

const { uncompressSync } = createRequire(import.meta.url)('snappy') as {
  uncompressSync(block: Uint8Array): Buffer;
};
const ENTRY = '1b4e28ba-2fa1-11d2-883f-0016d3cca427';
const options = { level: 6, entryName: ENTRY, timeMs: Date.UTC(2026, 10, 24, 15, 30, 8) };
const dice = createSimulatedDice(3);

function compress(format: CompressionFormat, body: Buffer, chunkBytesMax: number): Buffer {
  const compressor = createCompressor(format, options);
  for (let at = 0; at < body.length;) {
    const end = at + 1 + dice.integer(chunkBytesMax);
    // A copy that is spoilt afterwards shows who kept what was not his.
    const chunk = Uint8Array.from(body.subarray(at, end));
    compressor.add(chunk);
    if (format !== 'UNCOMPRESSED') chunk.fill(0x2a);
    at = end;
  }
  return Buffer.concat(compressor.finish());
}

const READERS: Readonly<Record<CompressionFormat, (body: Buffer) => Buffer>> = {
  UNCOMPRESSED: (body) => body,
  GZIP: (body) => gunzipSync(body),
  ZIP: readZip,
  Snappy(body) {
    assert.equal(body.subarray(0, 16).toString('latin1'), '\x82SNAPPY\0\0\0\0\x01\0\0\0\x01');
    return readBlocks(body, 16, 0);
  },
  HADOOP_SNAPPY: (body) => readBlocks(body, 0, 4),
};

/** `before`: the bytes before each block's compressed length. */
function readBlocks(body: Buffer, start: number, before: number): Buffer {
  const blocks: Buffer[] = [];
  for (let at = start; at < body.length;) {
    const length = body.readUInt32BE(at + before);
    at += before + 4 + length;
    const block = uncompressSync(body.subarray(at - length, at));
    if (before > 0) assert.equal(block.length, body.readUInt32BE(at - length - 8));
    blocks.push(block);
  }
  assert.ok(blocks.slice(0, -1).every((block) => block.length === 32_768));
  return Buffer.concat(blocks);
}

function readZip(body: Buffer): Buffer {
  const end = body.length - 22;
  assert.equal(body.readUInt32LE(end), 0x06054b50);
  const central = body.readUInt32LE(end + 16);
  assert.equal(body.readUInt32LE(central), 0x02014b50);
  assert.equal(central + body.readUInt32LE(end + 12), end);
  assert.equal(body.readUInt32LE(0), 0x04034b50);
  assert.equal(body.toString('utf8', 30, 66), ENTRY);
  assert.equal(body.toString('utf8', central + 46, end), ENTRY);
  const entry = inflateRawSync(body.subarray(66, 66 + body.readUInt32LE(18)));
  assert.equal(entry.length, body.readUInt32LE(22));
  assert.equal(crc32(entry), body.readUInt32LE(14));
  return entry;
}

describe('Compressors', () => {
  const lines = (count: number): Buffer =>
    Buffer.from(
      Array.from({ length: count }, (_, i) => `{"id":${i},"page":"/p/${dice.integer(1000)}"}\n`).join(''),
    );
  const bodies = [
    Buffer.alloc(0),
    Buffer.from('x'),
    lines(1000),
    lines(60_000),
    Buffer.from(dice.bytes(70_000)),
  ];
  for (const format of Object.keys(COMPRESSION_FORMATS) as CompressionFormat[]) {
    it(`${format} is read back, whatever the chunks`, () => {
      for (const body of bodies) {
        for (const chunkBytesMax of [body.length + 1, 3000]) {
          assert.ok(READERS[format](compress(format, body, chunkBytesMax)).equals(body));
        }
      }
    });
  }

  it('GZIP of chunks is as small as of the whole, and the same for the same records', () => {
    const body = lines(60_000);
    const [chunked, whole] = [compress('GZIP', body, 500), compress('GZIP', body, body.length)];
    assert.ok(chunked.equals(whole));
    assert.ok(body.length > 1024 * 1024, 'several pieces');
    assert.ok(whole.length < body.length / 4, `${whole.length} of ${body.length}`);
  });
});
