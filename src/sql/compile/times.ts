/** What time it is for a program. */
import { DAY_MS, dayOf, timeOfDay } from '../values/datetime.ts';

/** Read whenever a row needs it. */
export type Times = {
  /** CURRENT_TIMESTAMP: when the program started, milliseconds since 1970. */
  startMs: number;
  /** CURRENT_ROW_TIMESTAMP. */
  nowMs: number;
};

export const currentTime = (name: string, times: Times): number => {
  switch (name) {
    case 'CURRENT_ROW_TIMESTAMP':
      return times.nowMs;
    case 'CURRENT_DATE':
      return dayOf(times.startMs) * DAY_MS;
    case 'CURRENT_TIME':
    case 'LOCALTIME':
      return timeOfDay(times.startMs);
    default:
      return times.startMs;
  }
};
