import { LogUnreadableError } from '../log.ts';

/** What the disk holds is not what was written. Says which file, what opening it regardless would lose, and what to do. */
export class LogDamagedError extends LogUnreadableError {
  override readonly name = 'LogDamagedError';
  readonly file: string;
  readonly found: string;
  /** What opening regardless would lose. */
  readonly lost: string;

  constructor(file: string, found: string, lost: string) {
    super(
      `${file} is damaged: ${found}. Without it ${lost} would be lost. Restore a backup, or run ` +
        '`millrace doctor --repair`, which says what it drops before it does.',
    );
    this.file = file;
    this.found = found;
    this.lost = lost;
  }
}

/** The `code` of an error of the disk, such as ENOSPC. */
export function errorCode(error: unknown): string | undefined {
  return (error as { code?: string } | undefined)?.code;
}

/** True when the disk, or the user's share of it, is full. */
export function isFull(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOSPC' || code === 'EDQUOT';
}
