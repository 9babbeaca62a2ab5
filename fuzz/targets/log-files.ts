/**
 * Journals, segments and manifests, damaged, and opened by the real engine. It must refuse by name or show the records that were
 * acknowledged: all of them after a clean stop, all but the newest commits after a kill; never another record, never an error
 * without a type. Then the doctor: it must see what the server refuses, and what it has repaired must open.
 */
import { crc32 } from 'node:zlib';
import { createSimulatedDice } from '../../src/host/simulated/dice.ts';
import type { Dice } from '../../src/host/host.ts';
import type { SimulatedDisk } from '../../src/host/simulated/disk.ts';
import { LogDamagedError } from '../../src/log/segments/damage.ts';
import { repairLog, verifyLog } from '../../src/log/segments/verify.ts';
import {
  DIRECTORY,
  everyPartition,
  makeImages,
  openLog,
  readAll,
  type Acknowledged,
  type Image,
} from '../log-images.ts';
import { once, pick } from '../mutate.ts';
import { Fault, type OpenTarget, type Target } from '../target.ts';

type Change =
  | { readonly kind: 'bytes'; readonly file: string; readonly at: number; readonly hex: string }
  | { readonly kind: 'flip'; readonly file: string; readonly at: number; readonly bit: number }
  | { readonly kind: 'length'; readonly file: string; readonly length: number }
  | { readonly kind: 'remove'; readonly file: string }
  /** The content becomes that of another file, of this image or another. */
  | { readonly kind: 'copy'; readonly file: string; readonly from: string; readonly image: number }
  /** A number in a structure is changed and its checksum made right again: not damage, but malice. */
  | {
      readonly kind: 'forge';
      readonly file: string;
      readonly at: number;
      readonly value: number;
      readonly start: number;
      readonly end: number;
      readonly crcAt: number;
    };

type Spelled = { readonly image: number; readonly changes: readonly Change[] };

const VALUES = [0, 1, 2, 0x7f, 0xff, 0xffff, 0x7fffffff, 0xfffffff8, 0xffffffff];

async function open(): Promise<OpenTarget> {
  const images = await makeImages();

  function generate(dice: Dice): Uint8Array {
    const image = dice.integer(images.length);
    const files = [...images[image]!.disk.files()].filter(([, bytes]) => bytes.length > 0);
    const forging = once(dice, 4);
    const changes = Array.from({ length: once(dice, 3) ? 1 + dice.integer(4) : 1 }, () => {
      const [file, bytes] = pick(dice, files);
      return forging ? (forge(dice, file, bytes) ?? damage(dice, file, bytes)) : damage(dice, file, bytes);
    });
    return Buffer.from(JSON.stringify({ image, changes } satisfies Spelled));
  }

  function damage(dice: Dice, file: string, bytes: Buffer): Change {
    // Most of a journal file is zeros that mean nothing.
    const used = bytes.length - trailingZeros(bytes);
    const at = dice.integer(once(dice, 5) ? bytes.length : Math.max(1, used));
    switch (dice.integer(8)) {
      case 0:
      case 1:
      case 2:
        return { kind: 'flip', file, at, bit: dice.integer(8) };
      case 3:
        return {
          kind: 'bytes',
          file,
          at,
          hex: Buffer.from(dice.bytes(1 + dice.integer(40))).toString('hex'),
        };
      case 4:
        return { kind: 'bytes', file, at, hex: '00'.repeat(1 + dice.integer(600)) };
      case 5:
        return { kind: 'length', file, length: once(dice, 3) ? bytes.length + dice.integer(5000) : at };
      case 6:
        return once(dice, 2) ? { kind: 'remove', file } : copied(dice, file);
      default:
        return copied(dice, file);
    }
  }

  function copied(dice: Dice, file: string): Change {
    const image = dice.integer(images.length);
    const others = [...images[image]!.disk.files().keys()];
    const same = others.includes(file) && once(dice, 2);
    return { kind: 'copy', file, from: same ? file : pick(dice, others), image };
  }

  async function check(input: Uint8Array): Promise<string> {
    const { image: number, changes } = JSON.parse(Buffer.from(input).toString()) as Spelled;
    const image = images[number]!;
    const disk = await damaged(images, image, changes);
    const forged = changes.some(({ kind }) => kind === 'forge');
    const stale = changes.some(({ kind }) => kind === 'copy' || kind === 'remove');
    const texts = textsOf(stale ? images : [image]);
    const outcome = await opened(copyOf(disk), image, texts, { forged, stale });
    if (!forged) await doctored(disk, image, texts, outcome, stale);
    return outcome;
  }

  return { generate, check, async [Symbol.asyncDispose]() {} };
}

/** What the engine makes of a damaged directory. */
async function opened(
  disk: SimulatedDisk,
  image: Image,
  texts: Texts,
  how: { readonly forged: boolean; readonly stale: boolean },
): Promise<string> {
  let log: Awaited<ReturnType<typeof openLog>>;
  try {
    log = await openLog(disk, 7);
  } catch (error) {
    return refusal(error);
  }
  const found: Acknowledged[] = [];
  const hidden = new Set<string>();
  for (const [id, partition] of everyPartition()) {
    try {
      if (!log.logs().has(id) || !log.logs().get(id)!.includes(partition)) continue;
      for (const record of await readAll(log, id, partition)) found.push({ log: id, partition, ...record });
    } catch (error) {
      refusal(error);
      hidden.add(`${id}/${partition}`);
    }
  }
  await log[Symbol.asyncDispose]().catch((error: unknown) => refusal(error));
  refuseWrong(found, texts);
  if (hidden.size === 0 && found.length === image.acknowledged.length) return 'whole';
  const places = new Set(found.map(({ log: id, partition, position }) => `${id}/${partition}/${position}`));
  const missing = image.acknowledged.filter(
    ({ log: id, partition, position }) =>
      !hidden.has(`${id}/${partition}`) && !places.has(`${id}/${partition}/${position}`),
  );
  if (missing.length === 0) return hidden.size === 0 ? 'whole' : 'a part refused';
  if (how.forged) return 'forged: records missing';
  // Older whole files put in the place of newer ones are another life of the log: no checksum can tell.
  if (how.stale) return 'an older life';
  if (image.clean)
    throw new Fault(
      `${missing.length} records are silently missing after a clean stop, the first ${JSON.stringify(missing[0])}`,
    );
  const kept = image.acknowledged.filter((record) => !missing.includes(record));
  const firstLost = image.acknowledged.indexOf(missing[0]!);
  if (
    kept.some(
      (record) =>
        image.acknowledged.indexOf(record) > firstLost && !hidden.has(`${record.log}/${record.partition}`),
    )
  ) {
    throw new Fault('records are silently missing before others that are there');
  }
  return 'the newest dropped';
}

/** What was written, and to which partition. */
type Texts = ReadonlyMap<string, string>;

function textsOf(images: readonly Image[]): Texts {
  const all = images.flatMap(({ acknowledged }) => acknowledged);
  return new Map(all.map(({ log, partition, text }) => [text, `${log}/${partition}`]));
}

function refuseWrong(found: readonly Acknowledged[], texts: Texts): void {
  for (const { log, partition, position, text } of found) {
    if (texts.get(text) !== `${log}/${partition}`) {
      throw new Fault(
        `at ${position} of ${log}/${partition} stands what nobody wrote there: ${text.slice(0, 60)}`,
      );
    }
  }
}

/** An error that names the damage; anything else is a fault. */
function refusal(error: unknown): string {
  if (error instanceof LogDamagedError) return 'refused';
  throw error;
}

/**
 * The doctor must see what the server refuses, and what it repairs must open and show nothing wrong. It has no keys: whole files of
 * another life of the log have right checksums, and only the server finds that they do not open.
 */
async function doctored(
  disk: SimulatedDisk,
  image: Image,
  texts: Texts,
  outcome: string,
  stale: boolean,
): Promise<void> {
  const parts = { disk, dice: createSimulatedDice(5), directory: DIRECTORY };
  const findings = await verifyLog(parts);
  const refused = outcome === 'refused' || outcome === 'a part refused';
  if (refused && findings.length === 0 && !stale)
    throw new Fault(`the server says "${outcome}", the doctor finds nothing`);
  if (findings.length === 0) return;
  const { left } = await repairLog(parts);
  if (left.length > 0) return;
  const after = await opened(disk, image, texts, { forged: true, stale: true });
  if (stale) return;
  if (after === 'refused' || after === 'a part refused')
    throw new Fault(`after the repair of everything the server still says "${after}"`);
}

async function damaged(
  images: readonly Image[],
  image: Image,
  changes: readonly Change[],
): Promise<SimulatedDisk> {
  const disk = copyOf(image.disk);
  for (const change of changes) {
    const bytes = disk.files().get(change.file);
    if (bytes === undefined) continue;
    switch (change.kind) {
      case 'flip':
        if (change.at < bytes.length) bytes[change.at]! ^= 1 << change.bit;
        break;
      case 'bytes':
        bytes.set(
          Buffer.from(change.hex, 'hex').subarray(0, Math.max(0, bytes.length - change.at)),
          Math.min(change.at, bytes.length),
        );
        break;
      case 'length':
        await resize(disk, change.file, change.length);
        break;
      case 'remove':
        await disk.remove(change.file);
        break;
      case 'copy': {
        const content = images[change.image]!.disk.files().get(change.from)!;
        await resize(disk, change.file, content.length);
        disk.files().get(change.file)!.set(content);
        break;
      }
      case 'forge':
        if (change.end > bytes.length || change.crcAt + 4 > bytes.length) break;
        bytes.writeUInt32LE(change.value, change.at);
        bytes.writeUInt32LE(checksum(bytes, change), change.crcAt);
        break;
    }
  }
  return disk;
}

async function resize(disk: SimulatedDisk, path: string, length: number): Promise<void> {
  await (await disk.open(path, 'write')).truncate(length);
}

function checksum(bytes: Buffer, { start, end, crcAt }: Change & { kind: 'forge' }): number {
  const before = crc32(bytes.subarray(start, Math.min(end, crcAt)));
  return end > crcAt + 4 ? crc32(bytes.subarray(crcAt + 4, end), before) : before;
}

function copyOf(disk: SimulatedDisk): SimulatedDisk {
  return disk.afterCrash('everything', createSimulatedDice(1));
}

function trailingZeros(bytes: Buffer): number {
  let zeros = 0;
  while (zeros < bytes.length && bytes[bytes.length - 1 - zeros] === 0) zeros++;
  return zeros;
}

/** A number somewhere in a structure that has a checksum, with the range that the checksum is over (FORMAT.md). */
function forge(dice: Dice, file: string, bytes: Buffer): Change | undefined {
  const value = once(dice, 2) ? pick(dice, VALUES) : dice.integer(2 ** 32);
  const change = (start: number, end: number, crcAt: number): Change => {
    const at = start + dice.integer(Math.max(1, end - start - 4));
    return { kind: 'forge', file, at, value, start, end, crcAt };
  };
  if (file.includes('journal-')) {
    const frames = places(bytes, 'MRFRAME2');
    const frame = frames[dice.integer(frames.length + 1)];
    if (frame === undefined) return change(0, 60, 60);
    return change(frame, frame + 60, frame + 60);
  }
  if (file.includes('segment-')) {
    const trailer = places(bytes, 'MRSEGEND').at(-1);
    return trailer === undefined ? undefined : change(trailer, trailer + 60, trailer + 60);
  }
  if (file.endsWith('/manifest')) {
    const frames = places(bytes, 'MRMEDIT1');
    if (frames.length === 0) return undefined;
    const frame = pick(dice, frames);
    const length = bytes.readUInt32LE(frame + 24);
    return change(frame, frame + 32 + length, frame + 28);
  }
  return undefined;
}

function places(bytes: Buffer, magic: string): number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(magic); at !== -1; at = bytes.indexOf(magic, at + 1)) found.push(at);
  return found;
}

export const logFiles: Target = {
  name: 'log-files',
  about:
    'journals, segments and manifests with flipped, lost, foreign, stale and forged parts, opened, read, verified and repaired',
  weight: 6,
  open,
};
