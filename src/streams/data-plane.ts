/**
 * The data plane put together: everything that records go through, built once, with the handlers of its five operations. The
 * control plane gets its two contracts from here: `hold` for resharding, `traffic` for scaling.
 */
import type { Limits } from '../config/limits.ts';
import type { Clock } from '../host/host.ts';
import type { RecordLog } from '../log/log.ts';
import type { Meter } from '../metering/meter.ts';
import { FanOut } from './reading/fan-out.ts';
import { getRecords } from './operations/get-records.ts';
import { getShardIterator } from './operations/get-shard-iterator.ts';
import { putRecord } from './operations/put-record.ts';
import { putRecords } from './operations/put-records.ts';
import { subscribeToShard } from './operations/subscribe-to-shard.ts';
import { createShardLimits } from './limits/shard-limits.ts';
import { ShardWriter } from './writing/shard-writer.ts';
import type { StreamDirectory } from './directory/stream.ts';
import type { Tokens } from './reading/tokens.ts';
import { createTraffic } from './writing/traffic.ts';
import type { WriteGate } from './writing/write-gate.ts';

export type DataPlane = ReturnType<typeof createDataPlane>;

export function createDataPlane(given: {
  readonly clock: Clock;
  readonly log: RecordLog;
  readonly directory: StreamDirectory;
  readonly limits: Limits;
  readonly meter: Meter;
  readonly tokens: Tokens;
  readonly gate: WriteGate;
}) {
  const { gate } = given;
  const traffic = createTraffic(given);
  const limits = createShardLimits(given);
  const parts = { ...given, traffic, limits };
  const writer = new ShardWriter(parts);
  const fanOut = new FanOut(given);
  return {
    writeHold: gate,
    traffic,
    limits,
    fanOut,
    writer,
    handlers: {
      PutRecord: putRecord({ ...parts, writer }),
      PutRecords: putRecords({ ...parts, writer }),
      GetShardIterator: getShardIterator(parts),
      GetRecords: getRecords(parts),
      SubscribeToShard: subscribeToShard({ ...parts, fanOut }),
    },
    [Symbol.dispose]() {
      writer[Symbol.dispose]();
      fanOut[Symbol.dispose]();
    },
  };
}
