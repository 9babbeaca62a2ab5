/** What goes wrong with the disk: windows of time in which calls fail, are slow, find no room, or in which syncs lie. */
import type { Clock, Dice } from '../src/host/host.ts';
import type { DiskCall, SimulatedDisk } from '../src/host/simulated/disk.ts';
import { errorCode } from '../src/log/segments/damage.ts';
import type { History } from './history.ts';

const WINDOWS = ['syncs fail', 'writes fail', 'reads fail', 'full', 'slow'] as const;
type Window = (typeof WINDOWS)[number] | 'lies';

/** For so long after a fault its consequences may still be seen. */
const AFTERMATH_MS = 3000;

export class Faults {
  readonly #clock: Clock;
  readonly #dice: Dice;
  readonly #history: History;
  readonly #mayLie: boolean;
  readonly counts = new Map<string, number>();
  #window: Window | undefined;
  #endedMs = -Infinity;
  /** A sync has lied in this history. */
  lied = false;
  /** Bits were flipped at rest. */
  flipped = false;

  constructor(parts: {
    readonly clock: Clock;
    readonly dice: Dice;
    readonly history: History;
    readonly mayLie: boolean;
  }) {
    this.#clock = parts.clock;
    this.#dice = parts.dice;
    this.#history = parts.history;
    this.#mayLie = parts.mayLie;
  }

  count(fault: string): void {
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
  }

  /** True when the files may be damaged without the server being to blame. */
  get mayDamage(): boolean {
    return this.lied || this.flipped;
  }

  /** True while faults are injected, and shortly after. */
  get recent(): boolean {
    return this.#window !== undefined || this.#clock.monotonic() - this.#endedMs < AFTERMATH_MS;
  }

  /** True for errors that a failing disk explains. */
  excuses(error: unknown): boolean {
    const code = errorCode(error) ?? errorCode((error as Error).cause);
    return this.recent && (code === 'EIO' || code === 'ENOSPC');
  }

  /** A window of a random kind. */
  async window(disk: () => SimulatedDisk): Promise<void> {
    const lies = this.#mayLie && this.#dice.integer(2) === 0;
    const kind = lies ? 'lies' : WINDOWS[this.#dice.integer(WINDOWS.length)]!;
    this.count(kind);
    this.#history.add(`! ${kind}`);
    this.#window = kind;
    if (kind === 'full') disk().capacityBytes = disk().usedBytes() + this.#dice.integer(20_000);
    await this.#clock.sleep(this.#dice.integer(1500));
    disk().capacityBytes = Infinity;
    this.end();
  }

  end(): void {
    if (this.#window === undefined) return;
    this.#history.add(`! ${this.#window} no more`);
    this.#window = undefined;
    this.#endedMs = this.#clock.monotonic();
  }

  onCall({ kind, path }: DiskCall): void | 'lie' {
    switch (this.#window) {
      case 'syncs fail':
        if (kind === 'sync' || kind === 'syncDirectory') this.#mayFail(path);
        return;
      case 'writes fail':
        if (kind === 'write' || kind === 'create' || kind === 'rename' || kind === 'truncate')
          this.#mayFail(path);
        return;
      case 'reads fail':
        if (kind === 'read' || kind === 'open') this.#mayFail(path);
        return;
      case 'lies':
        if (kind !== 'sync' || this.#dice.integer(2) === 0) return;
        this.lied = true;
        this.count('lying sync');
        return 'lie';
      default:
    }
  }

  #mayFail(path: string): void {
    if (this.#dice.integer(3) > 0) return;
    this.count('failed call');
    throw Object.assign(new Error(`EIO: ${path}`), { code: 'EIO' });
  }

  /** Syncs take milliseconds, other calls mostly none. */
  pause({ kind }: DiskCall): Promise<void> | undefined {
    const isSync = kind === 'sync' || kind === 'syncDirectory';
    const slow = this.#window === 'slow' ? 40 : 1;
    if (isSync) return this.#clock.sleep(slow * (1 + this.#dice.integer(6)));
    return this.#dice.integer(16) === 0 ? this.#clock.sleep(slow) : undefined;
  }

  partOf(bytes: number): number {
    return this.#dice.integer(2) === 0 ? 0 : this.#dice.integer(bytes);
  }
}
