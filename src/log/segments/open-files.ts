/** Files kept open for reading, a bounded number: opening one costs more than reading a few kilobytes of it. */
import type { Disk, DiskFile } from '../../host/host.ts';

export type OpenedFile = {
  readonly path: string;
  readonly file: DiskFile;
  users: number;
  /** No longer kept: closed when its last user is done. */
  forgotten: boolean;
};

export class OpenFiles {
  readonly #disk: Disk;
  readonly #max: number;
  /** The one used longest ago comes first. */
  readonly #opened = new Map<string, OpenedFile>();

  constructor(disk: Disk, max: number) {
    this.#disk = disk;
    this.#max = max;
  }

  async take(path: string): Promise<OpenedFile> {
    const kept = this.#opened.get(path);
    if (kept !== undefined) {
      kept.users++;
      this.#opened.delete(path);
      this.#opened.set(path, kept);
      return kept;
    }
    const opened = { path, file: await this.#disk.open(path, 'read'), users: 1, forgotten: false };
    // Another may have opened it meanwhile; then this one is its user's alone.
    if (this.#opened.has(path)) opened.forgotten = true;
    else this.#opened.set(path, opened);
    for (const oldest of this.#opened.keys()) {
      if (this.#opened.size <= this.#max) break;
      await this.forget(oldest);
    }
    return opened;
  }

  async giveBack(opened: OpenedFile): Promise<void> {
    opened.users--;
    if (opened.forgotten && opened.users === 0) await opened.file.close();
  }

  async forget(path: string): Promise<void> {
    const opened = this.#opened.get(path);
    if (opened === undefined) return;
    this.#opened.delete(path);
    opened.forgotten = true;
    if (opened.users === 0) await opened.file.close();
  }

  async close(): Promise<void> {
    for (const path of [...this.#opened.keys()]) await this.forget(path);
  }
}
