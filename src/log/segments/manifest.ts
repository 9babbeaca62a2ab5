/**
 * The manifest: which logs, partitions and segments there are. An edit is appended and synced; edits that come while a sync runs
 * share the next one. When the edits outgrow the state, and whenever an append failed, the file is replaced atomically by one
 * that begins with the whole state, so a failed sync is never retried on the same file. On a full disk a reserve file
 * is given up first, so that dropping and trimming still work.
 */
import { join } from 'node:path';
import type { Dice, Disk, DiskFile } from '../../host/host.ts';
import { isFull } from './damage.ts';
import { encodeManifestFrame, encodeManifestHeader, FILE_ID_BYTES } from './manifest-file.ts';
import { applyEdit, stateAsEdits, type ManifestEdit, type ManifestState } from './manifest-state.ts';
import type { SegmentLogSizes } from './sizes.ts';

export const MANIFEST_NAME = 'manifest';
export const RESERVE_NAME = 'reserve';

type ManifestSizes = Pick<SegmentLogSizes, 'reserveBytes' | 'manifestEditBytesMin'>;

type Waiting = {
  readonly edits: readonly ManifestEdit[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

export class Manifest {
  readonly #disk: Disk;
  readonly #dice: Dice;
  readonly #directory: string;
  readonly #sizes: ManifestSizes;
  /** What is durable. Changed only after a sync. */
  readonly state: ManifestState;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #file: DiskFile | undefined;
  #fileId: Uint8Array = new Uint8Array(FILE_ID_BYTES);
  #length = 0;
  #snapshotBytes = 0;
  #bytesWritten = 0;

  constructor(options: {
    disk: Disk;
    dice: Dice;
    directory: string;
    sizes: ManifestSizes;
    state: ManifestState;
  }) {
    this.#disk = options.disk;
    this.#dice = options.dice;
    this.#directory = options.directory;
    this.#sizes = options.sizes;
    this.state = options.state;
  }

  get bytesWritten(): number {
    return this.#bytesWritten;
  }

  /** Resolves when the edits are durable and applied. On a rejection they are not applied, but may be found at the next start. */
  commit(edits: readonly ManifestEdit[]): Promise<void> {
    const committed = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ edits, resolve, reject });
    });
    this.#running ??= this.#run();
    return committed;
  }

  /** Commits by replacing the file: the edits and the state are then one frame each, and nothing of the old file matters. */
  async commitAfresh(edits: readonly ManifestEdit[]): Promise<void> {
    await this.#abandonFile();
    await this.commit(edits);
  }

  /** Makes the reserve file if it was given up; a failure means that there is no room for it yet. */
  async restoreReserve(): Promise<void> {
    const path = join(this.#directory, RESERVE_NAME);
    if (await this.#disk.exists(path)) return;
    await this.#disk.replaceFile(path, new Uint8Array(this.#sizes.reserveBytes));
  }

  async close(): Promise<void> {
    await this.#running;
    await this.#abandonFile();
  }

  async #run(): Promise<void> {
    // Whoever commits in the same turn shares the first sync too.
    await undefined;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const edits = batch.flatMap((waiting) => waiting.edits);
      try {
        await this.#write(edits);
      } catch (error) {
        for (const waiting of batch) waiting.reject(error);
        continue;
      }
      for (const edit of edits) applyEdit(this.state, edit);
      for (const waiting of batch) waiting.resolve();
    }
    // In the same turn in which nobody was found waiting: who comes next must start anew.
    this.#running = undefined;
  }

  async #write(edits: readonly ManifestEdit[]): Promise<void> {
    const editBytes = this.#length - this.#snapshotBytes;
    const outgrown = editBytes > Math.max(this.#snapshotBytes, this.#sizes.manifestEditBytesMin);
    if (this.#file !== undefined && !outgrown) {
      try {
        await this.#append(this.#file, edits);
        return;
      } catch {
        // What is on disk is unknown now. A fresh file settles it.
      }
    }
    await this.#abandonFile();
    try {
      await this.#replace(edits);
    } catch (error) {
      if (!isFull(error)) throw error;
      const reserve = join(this.#directory, RESERVE_NAME);
      if (!(await this.#disk.exists(reserve))) throw error;
      await this.#disk.remove(reserve);
      await this.#replace(edits);
    }
  }

  async #append(file: DiskFile, edits: readonly ManifestEdit[]): Promise<void> {
    const frame = encodeManifestFrame(this.#fileId, edits);
    await file.write(frame, 0, frame.length, this.#length);
    await file.sync();
    this.#length += frame.length;
    this.#bytesWritten += frame.length;
  }

  async #replace(edits: readonly ManifestEdit[]): Promise<void> {
    const path = join(this.#directory, MANIFEST_NAME);
    const fileId = this.#dice.bytes(FILE_ID_BYTES);
    // One frame: either all of it counts or the file is refused.
    const frame = encodeManifestFrame(fileId, [...stateAsEdits(this.state), ...edits]);
    const content = Buffer.concat([encodeManifestHeader(fileId), frame]);
    await this.#disk.replaceFile(path, content);
    this.#fileId = fileId;
    this.#length = content.length;
    this.#snapshotBytes = content.length;
    this.#bytesWritten += content.length;
    // Without the file at hand the next commit replaces it again.
    this.#file = await this.#disk.open(path, 'write').catch(() => undefined);
  }

  async #abandonFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => {});
  }
}
