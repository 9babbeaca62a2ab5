/**
 * The offline check behind `millrace doctor`: every checksum of every file that counts, without keys. It reports each fault with what
 * is lost by it; `repairLog` then does exactly what each finding announced, and nothing else. No server may run on the directory.
 */
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Dice, Disk } from '../../host/host.ts';
import { LogDamagedError } from './damage.ts';
import { encodeJournalHeader, FRAME_HEADER_BYTES, INCARNATION_BYTES, sealFrame } from './journal-format.ts';
import { scanJournal, type ScannedJournal } from './journal-scan.ts';
import { Journal } from './journal.ts';
import { readManifest } from './manifest-file.ts';
import type { ManifestEdit, ManifestSegment, ManifestState } from './manifest-state.ts';
import { Manifest, MANIFEST_NAME } from './manifest.ts';
import {
  CommitsMissing,
  recoverJournal,
  refuseUnknownLogs,
  unknownLogs,
  type CountingFile,
} from './recovery.ts';
import { segmentName, type IndexedPartition, type SegmentRun } from './segment-format.ts';
import { readDirectory, readExactly, readPage } from './segment-reader.ts';
import { rewriteSegmentIndex } from './segment-writer.ts';
import { SEGMENT_LOG_SIZES } from './sizes.ts';

export type Finding = {
  readonly file: string;
  /** What is wrong, and where. */
  readonly found: string;
  /** What repairing it drops. */
  readonly lost: string;
  /** What repairing it does; undefined when only a backup helps. */
  readonly remedy: string | undefined;
};

/** A finding together with the doing of its remedy. */
type Fault = Finding & { readonly repair: (() => Promise<void>) | undefined };

type Checked = { readonly disk: Disk; readonly dice: Dice; readonly directory: string };

/** All faults; none for a directory without a log. Reads everything, so it takes as long as the disk needs. */
export async function verifyLog(parts: Checked): Promise<readonly Finding[]> {
  const faults = await findFaults(parts);
  return faults.map(({ file, found, lost, remedy }) => ({ file, found, lost, remedy }));
}

/** Repairs what has a remedy, until nothing more can be; returns what was repaired, and what is left. */
export async function repairLog(
  parts: Checked,
): Promise<{ readonly repaired: readonly Finding[]; readonly left: readonly Finding[] }> {
  const repaired: Finding[] = [];
  // One repair may bring the next fault to light: behind a broken frame there may be another.
  for (;;) {
    const faults = await findFaults(parts);
    const next = faults.find(({ repair }) => repair !== undefined);
    // A fault that its repair did not end is left, instead of being repaired for ever.
    const again = repaired.some(({ file, found }) => file === next?.file && found === next.found);
    if (next === undefined || again) return { repaired, left: faults };
    await next.repair!();
    repaired.push(next);
  }
}

async function findFaults(parts: Checked): Promise<readonly Fault[]> {
  const { disk, directory } = parts;
  const names = await disk.list(directory);
  const path = join(directory, MANIFEST_NAME);
  let state: ManifestState;
  try {
    if (!names.includes(MANIFEST_NAME)) {
      const empty = !names.some((name) => name.startsWith('segment-') || Journal.isJournal(name));
      if (empty) return [];
      throw new LogDamagedError(path, 'it is missing', 'the list of all logs and segments');
    }
    ({ state } = readManifest(path, await disk.readFile(path)));
  } catch (error) {
    if (!(error instanceof LogDamagedError)) throw error;
    const { found, lost } = error;
    return [{ file: path, found, lost, remedy: undefined, repair: undefined }];
  }
  const faults: Fault[] = [];
  for (const [log, { id, segments }] of state.logs) {
    for (const segment of segments.values()) {
      faults.push(...(await segmentFaults(parts, state, { log, id }, segment, names)));
    }
  }
  faults.push(...(await journalFaults(parts, state, names)));
  return faults;
}

async function journalFaults(
  parts: Checked,
  state: ManifestState,
  names: readonly string[],
): Promise<Fault[]> {
  const { disk, directory } = parts;
  const journals: ScannedJournal[] = [];
  for (const name of names.filter(Journal.isJournal)) {
    const file = await disk.open(join(directory, name), 'read');
    try {
      journals.push(await scanJournal(file));
    } finally {
      await file.close();
    }
  }
  let files: readonly CountingFile[] = [];
  try {
    ({ files } = recoverJournal(state, journals, directory));
    refuseUnknownLogs(join(directory, MANIFEST_NAME), state, files);
    return [];
  } catch (error) {
    if (!(error instanceof LogDamagedError)) throw error;
    const { file, found, lost } = error;
    const unknown = unknownLogs(state.nextLog, files).at(-1);
    if (unknown !== undefined) return [unknownLogsFault(parts, state, unknown, error)];
    const journal = journals.find(({ path }) => path === file);
    const remedy =
      error instanceof CommitsMissing
        ? gapRemedy(parts, state, journals, error)
        : journal === undefined
          ? takenAsUnclean(parts, state)
          : journalRemedy(parts, state, journal, journals);
    return [
      {
        file,
        found,
        lost: remedy.lost ?? lost,
        remedy: remedy.remedy,
        repair: remedy.repair,
      },
    ];
  }
}

/** Nobody knows what the numbers were the logs of, so they are taken for logs that were dropped. */
function unknownLogsFault(
  parts: Checked,
  state: ManifestState,
  highest: number,
  { file, found, lost }: LogDamagedError,
): Fault {
  return {
    ...{ file, found, lost },
    remedy: 'these logs are taken for dropped; the others are kept',
    repair: () =>
      commitEdit(parts, state, { kind: 'counters', nextLog: highest + 1, nextSegment: state.nextSegment }),
  };
}

type Remedy = {
  /** Said instead of what the finding says, where the remedy loses more or less. */
  readonly lost?: string;
  readonly remedy: string;
  readonly repair: () => Promise<void>;
};

/** What brings the server past a fault of the journal that `recoverJournal` refuses. */
function journalRemedy(
  parts: Checked,
  state: ManifestState,
  journal: ScannedJournal,
  journals: readonly ScannedJournal[],
): Remedy {
  const { header, beyond, end } = journal;
  if (header === undefined) {
    return {
      lost: 'nothing',
      remedy: 'the header is written anew from what the frames say',
      repair: () => writeAt(parts, journal, 0, headerFromFrames(state, journal, journals)),
    };
  }
  if (beyond !== undefined && beyond.sequence > state.flushedSequence) {
    return {
      remedy: `bytes ${end} to ${beyond.at} are marked as lost; the commits after them are kept`,
      repair: () => writeAt(parts, journal, end, fillerFrame(journal, beyond.at, beyond.sequence)),
    };
  }
  return takenAsUnclean(parts, state);
}

/** Commits are missing between two files, or before the first. */
function gapRemedy(
  parts: Checked,
  state: ManifestState,
  journals: readonly ScannedJournal[],
  { next, sequenceFound }: CommitsMissing,
): Remedy {
  const before = journals.find(({ frames }) => frames.at(-1)?.sequence === next - 1);
  if (before === undefined || next - 1 <= state.flushedSequence) {
    return {
      remedy: `the journal is taken to begin with commit ${sequenceFound}`,
      repair: () => commitEdit(parts, state, { kind: 'flushed', sequence: sequenceFound - 1 }),
    };
  }
  const filler = Buffer.alloc(FRAME_HEADER_BYTES);
  sealFrame(filler, before.header!.incarnation, {
    ...{ sequence: next, length: filler.length, batches: 0, durable: next - 1 },
  });
  return {
    remedy: `the gap is marked at byte ${before.end}; the commits before and after it are kept`,
    repair: () => writeAt(parts, before, before.end, filler),
  };
}

/** Also when no file of the journal is left. */
function takenAsUnclean(parts: Checked, state: ManifestState): Remedy {
  return {
    remedy: 'the end of the journal is taken as the end of an unclean stop',
    repair: () => commitEdit(parts, state, { kind: 'started', unclean: true }),
  };
}

/** A whole frame without batches over the damage, so that the frames beyond it count again. */
function fillerFrame({ bytes, end, header, frames }: ScannedJournal, to: number, before: number): Buffer {
  const frame = Buffer.from(bytes.subarray(end, to));
  const last = frames.at(-1)?.sequence;
  const sequence = last === undefined ? before - 1 : last + 1;
  sealFrame(frame, header!.incarnation, {
    ...{ sequence, length: frame.length, batches: 0, durable: sequence - 1 },
  });
  return frame;
}

/** The ordinal was between those of the files before and after, so the one after the file before is free. */
function headerFromFrames(
  state: ManifestState,
  journal: ScannedJournal,
  journals: readonly ScannedJournal[],
): Uint8Array {
  const first = journal.frames.find(({ sequence }) => sequence > state.flushedSequence)!;
  const before = journals.filter(
    ({ header, frames: [oldest] }) =>
      header !== undefined && oldest !== undefined && oldest.sequence < first.sequence,
  );
  const ordinal = 1 + before.reduce((newest, { header }) => Math.max(newest, header!.ordinal), 0);
  const incarnation = journal.bytes.subarray(first.at + 8, first.at + 8 + INCARNATION_BYTES);
  return encodeJournalHeader({ incarnation, ordinal, synced: true });
}

async function writeAt(
  { disk }: Checked,
  { path }: ScannedJournal,
  at: number,
  bytes: Uint8Array,
): Promise<void> {
  const file = await disk.open(path, 'write');
  try {
    await file.write(bytes, 0, bytes.length, at);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function segmentFaults(
  parts: Checked,
  state: ManifestState,
  log: { readonly log: number; readonly id: string },
  segment: ManifestSegment,
  names: readonly string[],
): Promise<Fault[]> {
  const { disk, directory } = parts;
  const name = segmentName(segment.segment);
  const path = join(directory, name);
  const lostWhole = `${segment.dataBytes} bytes of records of log ${log.id}`;
  const remove = {
    lost: lostWhole,
    remedy: `the segment is taken out of the manifest, and the file, if any, is renamed to ${name}.damaged`,
    repair: async () => {
      await commitEdit(parts, state, {
        kind: 'segmentRemoved',
        log: log.log,
        segment: segment.segment,
      });
      if (await disk.exists(path)) {
        await disk.rename(path, `${path}.damaged`);
        await disk.syncDirectory(directory);
      }
    },
  };
  if (!names.includes(name)) return [{ file: path, found: 'it is missing', ...remove }];
  const file = await disk.open(path, 'read');
  try {
    const whole: IndexedPartition[] = [];
    const broken: { readonly partition: number; readonly run: SegmentRun }[] = [];
    for (const entry of await readDirectory(file, segment)) {
      const page = await readPage(file, segment, entry);
      for (const indexed of page.partitions()) {
        const runs: SegmentRun[] = [];
        for (const run of indexed.runs) {
          const sealed = await readExactly(file, run.offset, run.sealedBytes);
          if (sealed !== undefined && crc32(sealed) === run.crc) runs.push(run);
          else broken.push({ partition: indexed.partition, run });
        }
        whole.push({ ...indexed, runs });
      }
    }
    if (broken.length === 0) return [];
    const records = broken.reduce((total, { run }) => total + run.records, 0);
    const partitions = [...new Set(broken.map(({ partition }) => partition))].join(', ');
    const places = broken.map(({ run }) => run.offset).join(', ');
    return [
      {
        file: path,
        found: `the checksums of the runs at bytes ${places} do not match`,
        lost: `${records} records of partitions ${partitions} of log ${log.id}`,
        remedy: 'a new index without these runs is written behind the old one; everything else is kept',
        repair: async () => {
          const entry = await rewriteSegmentIndex(disk, directory, segment, whole);
          await commitEdit(parts, state, { kind: 'segment', log: log.log, ...entry });
        },
      },
    ];
  } catch (error) {
    if (!(error instanceof LogDamagedError)) throw error;
    return [{ file: path, found: error.found, ...remove }];
  } finally {
    await file.close();
  }
}

/** Replaces the manifest with one that has the edit, and is otherwise the same: a clean stop stays one. */
async function commitEdit(parts: Checked, state: ManifestState, edit: ManifestEdit): Promise<void> {
  const manifest = new Manifest({ ...parts, sizes: SEGMENT_LOG_SIZES, state });
  await manifest.commitAfresh([edit]);
  await manifest.close();
}
