/**
 * An independent reader of the segments engine's files, written from src/log/segments/FORMAT.md alone: it imports nothing of the
 * server. `readLog(directory, keyOf)` gives every record by log id and partition; `keyOf(logId, keyId)` gives the data key's 32 bytes.
 */
import { createDecipheriv } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

const u32 = (bytes, at) => bytes.readUInt32LE(at);
const u64 = (bytes, at) => Number(bytes.readBigUInt64LE(at));
const magic = (bytes, at, name) => bytes.toString('latin1', at, at + 8) === name;

function u32Bytes(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64Bytes(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function textBytes(value) {
  const encoded = Buffer.from(value, 'utf8');
  return Buffer.concat([u32Bytes(encoded.length), encoded]);
}

function must(condition, message) {
  if (!condition) throw new Error(message);
}

/** Logs by id: `{ partitions: Map(number -> { trimmed, records: [{ position, timeMs, bytes }] }) }`, and every use of a nonce. */
export function readLog(directory, keyOf) {
  const manifest = readManifest(readFileSync(join(directory, 'manifest')));
  const nonces = [];
  const logs = new Map();
  for (const { id, partitions } of manifest.logs.values()) {
    const read = new Map();
    for (const [number, { trimmed }] of partitions) read.set(number, { trimmed, records: [] });
    logs.set(id, { partitions: read });
  }
  const open = (logId, keyId, sealed, additional) => {
    const nonce = sealed.subarray(0, 12);
    nonces.push({ use: `${logId} ${keyId} ${nonce.toString('hex')}`, sealed: sealed.toString('hex') });
    const decipher = createDecipheriv('aes-256-gcm', keyOf(logId, keyId), nonce);
    decipher.setAAD(additional);
    decipher.setAuthTag(sealed.subarray(sealed.length - 16));
    return Buffer.concat([decipher.update(sealed.subarray(12, sealed.length - 16)), decipher.final()]);
  };
  const add = (logId, plain) => {
    for (const record of records(plain)) {
      const partition = logs.get(logId).partitions.get(record.partition);
      if (partition !== undefined && record.position > partition.trimmed) partition.records.push(record);
    }
  };
  for (const log of manifest.logs.values()) {
    for (const [segment, length] of [...log.segments].sort(([a], [b]) => a - b)) {
      readSegment(directory, segment, length, log.id, open, add);
    }
  }
  readJournal(directory, manifest, open, add);
  return { logs, nonces };
}

function readManifest(bytes) {
  must(magic(bytes, 0, 'MRMANIF1'), 'no manifest');
  const fileId = bytes.subarray(8, 24);
  const logs = new Map();
  const state = { logs, flushed: 0, stopped: undefined };
  let at = 24;
  let frames = 0;
  for (; at + 32 <= bytes.length; frames++) {
    if (!magic(bytes, at, 'MRMEDIT1') || !bytes.subarray(at + 8, at + 24).equals(fileId)) break;
    const end = at + 32 + u32(bytes, at + 24);
    if (end > bytes.length) break;
    const crc = crc32(bytes.subarray(at + 32, end), crc32(bytes.subarray(at, at + 28)));
    if (crc !== u32(bytes, at + 28)) break;
    applyEdits(state, bytes.subarray(at + 32, end));
    at = end;
  }
  must(frames > 0, 'the first frame of the manifest is broken');
  return state;
}

function applyEdits(state, bytes) {
  let at = 0;
  const next32 = () => u32(bytes, (at += 4) - 4);
  const next64 = () => u64(bytes, (at += 8) - 8);
  while (at < bytes.length) {
    const kind = bytes[at++];
    const log = [7, 8, 9, 10].includes(kind) ? undefined : next32();
    const existing = state.logs.get(log);
    if (kind === 1) {
      next64();
      const length = next32();
      const id = bytes.toString('utf8', at, at + length);
      at += length;
      state.logs.set(log, { id, partitions: new Map(), segments: new Map() });
    } else if (kind === 2) {
      state.logs.delete(log);
    } else if (kind === 3) {
      const partition = next32();
      const [, trimmed] = [next64(), next64(), next64(), next64()];
      existing?.partitions.set(partition, { trimmed });
    } else if (kind === 4) {
      const partition = next32();
      existing?.partitions.delete(partition);
      next64();
    } else if (kind === 5) {
      const [segment, length] = [next64(), next64(), next64()];
      next32();
      existing?.segments.set(segment, length);
    } else if (kind === 6) {
      const segment = next64();
      existing?.segments.delete(segment);
    } else if (kind === 7) {
      state.flushed = next64();
    } else if (kind === 8) {
      next32();
      next64();
    } else if (kind === 9) {
      state.stopped = next64();
    } else if (kind === 10) {
      at += 1;
      state.stopped = undefined;
    } else if (kind === 11) {
      const number = next32();
      const partition = existing?.partitions.get(number);
      const position = next64();
      if (partition !== undefined) partition.trimmed = Math.max(partition.trimmed, position);
    } else if (kind === 12) {
      at += 28;
    } else {
      throw new Error(`unknown edit ${kind}`);
    }
  }
}

function* records(plain) {
  for (let at = 0; at < plain.length;) {
    const [partition, count] = [u32(plain, at), u32(plain, at + 4)];
    const [timeMs, first] = [u64(plain, at + 8), u64(plain, at + 16)];
    let data = at + 32 + 4 * count;
    const end = data + u32(plain, at + 24);
    for (let i = 0; i < count; i++) {
      const length = u32(plain, at + 32 + 4 * i);
      yield { partition, position: first + i, timeMs, bytes: plain.subarray(data, data + length) };
      data += length;
    }
    must(data === end, 'the lengths of a group do not add up');
    at = end;
  }
}

function readSegment(directory, segment, length, logId, open, add) {
  const bytes = readFileSync(join(directory, `segment-${String(segment).padStart(12, '0')}`));
  must(magic(bytes, 0, 'MRSEGM01') && u64(bytes, 8) === segment, 'not the header of this segment');
  const trailer = bytes.subarray(length - 64, length);
  must(magic(trailer, 0, 'MRSEGEND') && u64(trailer, 8) === segment, 'not the trailer of this segment');
  must(crc32(trailer.subarray(0, 60)) === u32(trailer, 60), 'the CRC of the trailer');
  const directoryAt = u64(trailer, 16);
  const pages = bytes.subarray(directoryAt, directoryAt + u32(trailer, 24));
  must(crc32(pages) === u32(trailer, 28), 'the CRC of the directory');
  for (let entry = 0; entry < pages.length; entry += 24) {
    const pageAt = u64(pages, entry + 8);
    const page = bytes.subarray(pageAt, pageAt + u32(pages, entry + 4));
    must(crc32(page) === u32(pages, entry + 16), 'the CRC of a page');
    const partitionCount = u32(page, 0);
    for (let p = 0; p < partitionCount; p++) {
      const at = 8 + 32 * p;
      for (let r = u32(page, at + 4); r < u32(page, at + 4) + u32(page, at + 8); r++) {
        const run = page.subarray(8 + 32 * partitionCount + 64 * r);
        const sealed = bytes.subarray(u64(run, 0), u64(run, 0) + u32(run, 8));
        must(crc32(sealed) === u32(run, 12), 'the CRC of a run');
        const place = [u64Bytes(segment), u32Bytes(u32(page, at)), u64Bytes(u64(run, 32))];
        const additional = Buffer.concat([Buffer.from('MRSEGRUN'), ...place, textBytes(logId)]);
        add(logId, open(logId, u64(run, 16), sealed, additional));
      }
    }
  }
}

function readJournal(directory, manifest, open, add) {
  const files = [];
  for (const name of readdirSync(directory).filter((each) => /^journal-\d{3,}$/.test(each))) {
    const bytes = readFileSync(join(directory, name));
    if (bytes.length < 64 || !magic(bytes, 0, 'MRJRNL01')) continue;
    if (crc32(bytes.subarray(0, 60)) !== u32(bytes, 60)) continue;
    const file = { bytes, incarnation: bytes.subarray(8, 24), ordinal: u64(bytes, 24), frames: [] };
    for (let at = 64; at + 64 <= bytes.length;) {
      if (!magic(bytes, at, 'MRFRAME1') && !magic(bytes, at, 'MRFRAME2')) break;
      if (!bytes.subarray(at + 8, at + 24).equals(file.incarnation)) break;
      if (crc32(bytes.subarray(at, at + 60)) !== u32(bytes, at + 60)) break;
      const end = at + u32(bytes, at + 32);
      if (end > bytes.length || crc32(bytes.subarray(at + 64, end)) !== u32(bytes, at + 56)) break;
      file.frames.push({ at, sequence: u64(bytes, at + 24), batches: u32(bytes, at + 36) });
      at = end;
    }
    files.push(file);
  }
  files.sort((a, b) => a.ordinal - b.ordinal);
  files.forEach((file, i) => {
    const bound = Math.min(...files.slice(i + 1).map(({ frames }) => frames[0]?.sequence ?? Infinity));
    for (const frame of file.frames) {
      if (frame.sequence <= manifest.flushed || frame.sequence >= bound) continue;
      readFrame(file, frame, manifest, open, add);
    }
  });
}

function readFrame({ bytes, incarnation }, { at, sequence, batches }, manifest, open, add) {
  let batchAt = at + 64;
  for (let i = 0; i < batches; i++) {
    const sealed = bytes.subarray(batchAt + 16, batchAt + 16 + u32(bytes, batchAt + 12));
    const log = manifest.logs.get(u32(bytes, batchAt));
    if (log !== undefined) {
      const place = [incarnation, u64Bytes(sequence), textBytes(log.id)];
      const additional = Buffer.concat([Buffer.from('MRFRAME1'), ...place]);
      add(log.id, open(log.id, u64(bytes, batchAt + 4), sealed, additional));
    }
    batchAt += 16 + sealed.length;
  }
}

/** Uses of a nonce under one key for two different texts: sealing that no longer hides anything. */
export function repeatedNonces(nonces) {
  const sealedBy = new Map();
  return nonces.filter(({ use, sealed }) => {
    if (!sealedBy.has(use)) sealedBy.set(use, sealed);
    return sealedBy.get(use) !== sealed;
  });
}
