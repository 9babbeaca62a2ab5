/** All workloads, in the order of the report. */
import { DURABILITY } from './workloads/durability.ts';
import { FAN_OUT } from './workloads/fan-out.ts';
import { GET_RECORDS } from './workloads/get-records.ts';
import { MEMORY } from './workloads/memory.ts';
import { POLLING } from './workloads/polling.ts';
import { PUT_BESIDE_APPLICATION } from './workloads/put-beside-application.ts';
import { PUT_BESIDE_CONVERSION } from './workloads/put-beside-conversion.ts';
import { PUT_WORKLOADS } from './workloads/put.ts';
import { MANY_SHARDS, RECORD_SIZES } from './workloads/shards.ts';
import { START_UP } from './workloads/start-up.ts';
import { TRANSPORTS } from './workloads/transports.ts';
import type { Workload } from './workloads/workload.ts';

export const WORKLOADS: readonly Workload[] = [
  ...PUT_WORKLOADS,
  GET_RECORDS,
  FAN_OUT,
  POLLING,
  START_UP,
  MEMORY,
  MANY_SHARDS,
  RECORD_SIZES,
  TRANSPORTS,
  DURABILITY,
  PUT_BESIDE_CONVERSION,
  PUT_BESIDE_APPLICATION,
];
