/**
 * Opens the embedded engine on a directory: the manifest is read, the journal is scanned and what of it is not in segments yet goes
 * back into memory; segments are not read. Whatever the server would have to guess is refused with a `LogDamagedError`.
 */
import { dirname, join } from 'node:path';
import type { Host } from '../../host/host.ts';
import type { Sealers } from '../../keys/sealing.ts';
import type { LogId } from '../log.ts';
import { LogDamagedError } from './damage.ts';
import { scanJournal, type ScannedJournal } from './journal-scan.ts';
import { Journal } from './journal.ts';
import { LogTable } from './log-state.ts';
import { readManifest } from './manifest-file.ts';
import { emptyManifest, type ManifestEdit, type ManifestState } from './manifest-state.ts';
import { Manifest, MANIFEST_NAME, RESERVE_NAME } from './manifest.ts';
import { recoverJournal, refuseUnknownLogs, type Recovered } from './recovery.ts';
import { replayJournal } from './replay.ts';
import type { ReportFailure } from './rewriter.ts';
import { segmentName, segmentOfName } from './segment-format.ts';
import { SegmentLog } from './segment-log.ts';
import { SEGMENT_LOG_SIZES, type SegmentLogSizes } from './sizes.ts';
import { Tail } from './tail.ts';
import type { DiskFile } from '../../host/host.ts';

export type SegmentLogOptions = {
  readonly host: Pick<Host, 'clock' | 'disk' | 'dice' | 'sealing'>;
  readonly directory: string;
  readonly sealers: Sealers;
  /** `fsync`: on disk before the answer. `os`: written; a power cut may take the newest records, but never gives a position twice. */
  readonly durability: 'fsync' | 'os';
  /** Hears of failures of the disk, of those too that are retried in the background. */
  readonly onFailure?: ReportFailure;
  /** Logs for which it says no are dropped before anything of theirs is opened: their keys may be gone already. */
  readonly keep?: (log: LogId) => boolean;
  readonly sizes?: Partial<SegmentLogSizes>;
};

export async function openSegmentLog(options: SegmentLogOptions): Promise<SegmentLog> {
  const { host, directory, sealers, durability } = options;
  const { disk, dice } = host;
  const sizes = { ...SEGMENT_LOG_SIZES, ...options.sizes };
  await disk.makeDirectory(directory);
  const names = await disk.list(directory);
  // The directory's own name has to be durable before anything in it can be.
  if (names.length === 0) await disk.syncDirectory(dirname(directory));
  const journals: OpenJournal[] = [];
  try {
    for (const name of names.filter(Journal.isJournal)) {
      const file = await disk.open(join(directory, name), 'write');
      journals.push({ name, file, scanned: await scanJournal(file) });
    }
    const state = await loadManifest(options, names, journals);
    const edits = dropUnkept(state, options.keep);
    refuseMissingSegments(state, directory, names);
    const recovered = recoverJournal(
      state,
      journals.map(({ scanned }) => scanned),
      directory,
    );
    refuseUnknownLogs(join(directory, MANIFEST_NAME), state, recovered.files);
    const table = new LogTable();
    for (const [number, log] of state.logs) table.add(number, log);
    const tail = new Tail(sizes.tailBytesMax, sizes.slabBytes);
    replayJournal(recovered.files, table, tail, sealers);
    // What is about to be readable may so far be in the page cache alone.
    if (durability === 'fsync') {
      for (const { file } of journals) await file.sync();
    }
    const manifest = new Manifest({ disk, dice, directory, sizes, state });
    const unclean = state.stoppedSequence === undefined && names.length > 0;
    await manifest.commitAfresh([...edits, { kind: 'started', unclean }]);
    for (const log of table.byId.values()) {
      for (const partition of log.partitions.values()) {
        const { next } = state.logs.get(log.number)!.partitions.get(partition.partition)!;
        partition.next = Math.max(next, partition.last + 1);
      }
    }
    await removeOrphans(options, state, names);
    await manifest.restoreReserve().catch(() => {});
    const journal = new Journal({
      disk,
      dice,
      directory,
      sizes: {
        fileBytesMin: sizes.journalFileBytesMin,
        fileBytesMax: sizes.journalFileBytesMax,
        writeAsideBytesMin: sizes.writeAsideBytesMin,
        framesAtOnce: sizes.framesAtOnce,
      },
      synced: durability === 'fsync',
      nextOrdinal: recovered.nextOrdinal,
    });
    await adoptFiles(journal, journals, recovered);
    return new SegmentLog({
      host,
      directory,
      sealers,
      sizes,
      synced: durability === 'fsync',
      onFailure: options.onFailure ?? (() => {}),
      manifest,
      journal,
      table,
      tail,
      nextSequence: recovered.nextSequence,
    });
  } catch (error) {
    for (const { file } of journals) await file.close().catch(() => {});
    throw error;
  }
}

type OpenJournal = {
  readonly name: string;
  readonly file: DiskFile;
  readonly scanned: ScannedJournal;
};

async function loadManifest(
  { host, directory }: SegmentLogOptions,
  names: readonly string[],
  journals: readonly OpenJournal[],
): Promise<ManifestState> {
  const path = join(directory, MANIFEST_NAME);
  if (names.includes(MANIFEST_NAME)) return readManifest(path, await host.disk.readFile(path)).state;
  const holdsData =
    names.some((name) => segmentOfName(name) !== undefined) ||
    journals.some(({ scanned }) => scanned.frames.length > 0);
  if (holdsData) {
    throw new LogDamagedError(path, 'it is missing, though there is data', 'everything in the directory');
  }
  return emptyManifest();
}

/** Drops logs that are not wanted from the state; returns the edits that make it so on disk. */
function dropUnkept(state: ManifestState, keep: SegmentLogOptions['keep']): ManifestEdit[] {
  if (keep === undefined) return [];
  const dropped = [...state.logs].filter(([, { id }]) => !keep(id)).map(([log]) => log);
  for (const log of dropped) state.logs.delete(log);
  return dropped.map((log) => ({ kind: 'logDropped', log }));
}

function refuseMissingSegments(state: ManifestState, directory: string, names: readonly string[]): void {
  const present = new Set(names);
  for (const { id, segments } of state.logs.values()) {
    for (const { segment, dataBytes } of segments.values()) {
      const name = segmentName(segment);
      if (present.has(name)) continue;
      throw new LogDamagedError(
        join(directory, name),
        'it is missing, though the manifest names it',
        `${dataBytes} bytes of records of log ${id}`,
      );
    }
  }
}

/** Removes what a rewrite or a removal that did not end has left: the manifest does not name it. */
async function removeOrphans(
  { host, directory }: SegmentLogOptions,
  state: ManifestState,
  names: readonly string[],
): Promise<void> {
  const wanted = new Set<number>();
  for (const { segments } of state.logs.values()) {
    for (const segment of segments.keys()) wanted.add(segment);
  }
  for (const name of names) {
    const segment = segmentOfName(name);
    const orphan = segment !== undefined && !wanted.has(segment);
    // A half-written manifest's name was used again just now; the reserve's may be left.
    if (orphan || name === `${RESERVE_NAME}.new`) await host.disk.remove(join(directory, name));
    if (segment !== undefined) state.nextSegment = Math.max(state.nextSegment, segment + 1);
  }
}

async function adoptFiles(
  journal: Journal,
  journals: readonly OpenJournal[],
  recovered: Recovered,
): Promise<void> {
  for (const { journal: scanned, frames, tainted } of recovered.files) {
    const found = journals.find((candidate) => candidate.scanned === scanned)!;
    await journal.adopt({
      name: found.name,
      file: found.file,
      size: scanned.bytes.length,
      end: scanned.end,
      lastSequence: frames.at(-1)?.sequence ?? 0,
      failed: tainted,
    });
  }
}
