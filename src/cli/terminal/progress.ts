/** A bar on a terminal, redrawn a few times a second; nothing at all elsewhere. */
import { count, seconds, size } from './table.ts';
import type { Terminal } from './terminal.ts';

const REDRAW_MS = 100;
const BAR_COLUMNS = 24;

export type Progress = {
  /** `bytesTotal` is undefined when the end is not known (a pipe). */
  update(state: { records: number; bytes: number; bytesTotal: number | undefined }): void;
  /** Wipes the bar. */
  end(): void;
};

export function createProgress(terminal: Terminal): Progress {
  const startedMs = performance.now();
  let drawnMs = -Infinity;
  const isDrawn = (): boolean => drawnMs !== -Infinity;
  return {
    update({ records, bytes, bytesTotal }) {
      const nowMs = performance.now();
      if (!terminal.errorIsTerminal || nowMs - drawnMs < REDRAW_MS) return;
      drawnMs = nowMs;
      const elapsedMs = Math.max(nowMs - startedMs, 1);
      const rate = `${count(records)} records  ${size(bytes)}  ${count(Math.round((records / elapsedMs) * 1000))} records/s`;
      let line = rate;
      if (bytesTotal !== undefined && bytesTotal > 0) {
        const share = Math.min(bytes / bytesTotal, 1);
        const filled = Math.round(share * BAR_COLUMNS);
        const remaining = share > 0.01 ? `  ${seconds((elapsedMs / share) * (1 - share))} left` : '';
        line = `[${'='.repeat(filled).padEnd(BAR_COLUMNS)}] ${Math.floor(share * 100)} %  ${rate}${remaining}`;
      }
      terminal.say(`\r${line.slice(0, terminal.columns - 1)}\u001b[K`);
    },
    end() {
      if (isDrawn()) terminal.say('\r\u001b[K');
    },
  };
}
