/** Objects that Millrace compresses, opened by programs that its authors did not write: none, one byte, block boundaries, what does not compress, megabytes. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { createCompressor } from '../../../src/firehose/compression/compressor.ts';
import { COMPRESSION_FORMATS, type CompressionFormat } from '../../../src/firehose/compression/formats.ts';
import { javaStreams, pythonSnappy } from './readers.ts';

const HERE = import.meta.dirname;
const BLOCK_BYTES = 32 * 1024;
const ENTRY = '1b4e28ba-2fa1-41d2-883f-0016d3cca427';
const TIME_MS = 1_795_521_600_000;

const folder = mkdtempSync(path.join(tmpdir(), 'millrace-compression-'));
after(() => rmSync(folder, { recursive: true }));

/** The same bytes at every run. */
function noise(bytes: number): Uint8Array {
  let state = 20_261_124;
  return Uint8Array.from(
    { length: bytes },
    () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24,
  );
}

function lines(count: number): Uint8Array {
  return Buffer.from(
    Array.from(
      { length: count },
      (_, index) => `{"id":${index},"page":"/shop/${index % 900}","é":true}\n`,
    ).join(''),
  );
}

const CONTENTS: Readonly<Record<string, Uint8Array>> = {
  nothing: new Uint8Array(),
  'one byte': Uint8Array.of(0),
  'one block': noise(BLOCK_BYTES),
  'one block and a byte': noise(BLOCK_BYTES + 1),
  'a byte less than a block': noise(BLOCK_BYTES - 1),
  zeros: new Uint8Array(3 * BLOCK_BYTES + 7),
  noise: noise(1_000_003),
  lines: lines(100_000),
};

type Case = {
  readonly format: CompressionFormat;
  readonly name: string;
  readonly file: string;
  readonly told: string;
};

const formats = (Object.keys(COMPRESSION_FORMATS) as CompressionFormat[]).filter(
  (format) => format !== 'UNCOMPRESSED',
);
const cases: readonly Case[] = formats.flatMap((format) =>
  Object.entries(CONTENTS).map(([name, content]) => {
    const compressor = createCompressor(format, { level: 6, entryName: ENTRY, timeMs: TIME_MS });
    // Records of odd lengths, so that they cross blocks.
    for (let at = 0; at < content.length; at += 10_007) compressor.add(content.subarray(at, at + 10_007));
    const file = path.join(folder, `${name.replaceAll(' ', '-')}.${format}`);
    writeFileSync(file, Buffer.concat(compressor.finish()));
    const hash = createHash('sha256').update(content).digest('hex');
    return { format, name, file, told: `${hash} ${content.length}` };
  }),
);

function ask(command: string, given: readonly string[], asked: readonly Case[]): readonly string[] {
  const files = asked.flatMap(({ format, file }) => [format, file]);
  return execFileSync(command, [...given, ...files], { encoding: 'utf8' })
    .trimEnd()
    .split('\n');
}

const READERS = [
  {
    name: 'Python and python-snappy',
    command: pythonSnappy.program('python'),
    given: [path.join(HERE, 'read_compressed.py')],
  },
  {
    name: "Java, Hadoop's SnappyCodec and snappy-java",
    command: 'java',
    given: [...javaStreams.javaArgs(), 'ReadCompressed'],
  },
] as const;

for (const { name, command, given } of READERS) {
  describe(name, () => {
    const answers = ask(command, given, cases);
    for (const [index, one] of cases.entries())
      it(`${one.format}: ${one.name}`, () => assert.equal(answers[index], one.told));
  });
}

describe('programs of the machine', () => {
  const PROGRAMS: Partial<Record<CompressionFormat, readonly string[]>> = {
    GZIP: ['gzip', '-dc', '-S', '.GZIP'],
    ZIP: ['unzip', '-p'],
  };
  for (const { format, name, file, told } of cases) {
    const [command, ...given] = PROGRAMS[format] ?? [];
    if (command === undefined) continue;
    it(`${command}: ${name}`, () => {
      const read = execFileSync(command, [...given, file], { maxBuffer: 1 << 28 });
      assert.equal(`${createHash('sha256').update(read).digest('hex')} ${read.length}`, told);
    });
  }
  it('unzip: the entry has its name', () => {
    const zip = cases.find(({ format }) => format === 'ZIP')!;
    assert.equal(execFileSync('unzip', ['-Z1', zip.file], { encoding: 'utf8' }), `${ENTRY}\n`);
  });
});
