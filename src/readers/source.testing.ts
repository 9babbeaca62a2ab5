/** A source in memory whose units and records a test makes by hand. */
import {
  SourceGoneError,
  type RecordSource,
  type SourceRead,
  type SourceRecord,
  type SourceUnit,
  type StartingPoint,
} from './record-source.ts';

type Unit = SourceUnit & { records: SourceRecord[]; closed: boolean; readonly watchers: Set<() => void> };

export class TestSource implements RecordSource {
  readonly #units = new Map<string, Unit>();
  readonly #watchers = new Set<() => void>();
  #position = 0;
  /** Reads of each unit, in their order. */
  readonly reads: string[] = [];
  onRead: ((unit: string) => Promise<void> | void) | undefined;

  add(id: string, parents: readonly string[] = []): void {
    this.#units.set(id, { id, parents, records: [], closed: false, watchers: new Set() });
    for (const watcher of [...this.#watchers]) watcher();
  }

  close(id: string): void {
    this.#of(id).closed = true;
    this.#notify(id);
  }

  drop(id: string): void {
    this.#units.delete(id);
    for (const watcher of [...this.#watchers]) watcher();
  }

  put(id: string, ...texts: readonly (string | Partial<SourceRecord>)[]): number {
    for (const text of texts) {
      const given = typeof text === 'string' ? { data: Buffer.from(text) } : text;
      this.#position++;
      this.#of(id).records.push({
        position: this.#position,
        arrivalMs: this.#position,
        data: Buffer.alloc(0),
        ...given,
      });
    }
    this.#notify(id);
    return this.#position;
  }

  trim(id: string, position: number): void {
    const unit = this.#of(id);
    unit.records = unit.records.filter((record) => record.position > position);
  }

  units(): readonly SourceUnit[] {
    const units = [...this.#units.values()];
    return units.map(({ id, parents }) => ({ id, parents: parents.filter((one) => this.#units.has(one)) }));
  }

  watchUnits(onChange: () => void): Disposable {
    this.#watchers.add(onChange);
    return { [Symbol.dispose]: () => void this.#watchers.delete(onChange) };
  }

  async positionAt(id: string, point: StartingPoint): Promise<number> {
    const { records } = this.#of(id);
    if (point.kind === 'oldest') return 0;
    if (point.kind === 'latest') return records.at(-1)?.position ?? 0;
    return records.findLast(({ arrivalMs }) => arrivalMs < point.timeMs)?.position ?? 0;
  }

  async read(id: string, after: number, recordsMax: number, bytesMax: number): Promise<SourceRead> {
    await this.onRead?.(id);
    const { records: all, closed } = this.#of(id);
    this.reads.push(id);
    const records: SourceRecord[] = [];
    let bytes = 0;
    const behind = all.filter(({ position }) => position > after);
    for (const record of behind) {
      bytes += record.data.length;
      if (records.length > 0 && (records.length === recordsMax || bytes > bytesMax)) break;
      records.push(record);
    }
    const atEnd = records.length === behind.length;
    return { records, after: records.at(-1)?.position ?? after, atEnd, finished: atEnd && closed };
  }

  watch(id: string, onChange: () => void): Disposable {
    const { watchers } = this.#of(id);
    watchers.add(onChange);
    return { [Symbol.dispose]: () => void watchers.delete(onChange) };
  }

  sequenceNumber(_unit: string, position: number): string {
    return String(position).padStart(56, '0');
  }

  #of(id: string): Unit {
    const unit = this.#units.get(id);
    if (unit === undefined) throw new SourceGoneError(`There is no unit ${id}.`);
    return unit;
  }

  #notify(id: string): void {
    for (const watcher of [...this.#of(id).watchers]) watcher();
  }
}
